/// Stations that wait for each other and will never move again.
public struct Deadlock: Sendable, Hashable, Codable, CustomStringConvertible {
  public struct Wait: Sendable, Hashable, Codable {
    /// The station, `NAME.k` for machine k of several; or the source that cannot put in its lot.
    public var station: String
    /// True: holds a finished part that finds no room, or a lot; false: lacks parts or cards.
    public var blocked: Bool
    /// The buffers it waits for.
    public var buffers: [String]
    /// The stations that could end its wait, if they could move.
    public var on: [String]
    /// The card loops that have no card for it.
    public var cards: [String] = []
  }
  /// When the last of them stopped, in seconds.
  public var since: Double
  public var waits: [Wait]

  public var description: String {
    "dead since \(since) s: "
      + waits.map { wait in
        let what = wait.cards.isEmpty ? wait.blocked ? "blocked" : "starved" : "without a card of \(wait.cards.joined(separator: ", "))"
        let at = wait.buffers.isEmpty ? "" : " at \(wait.buffers.joined(separator: ", "))"
        return "\(wait.station) is \(what)\(at)\(wait.on.isEmpty ? "" : " and waits for \(wait.on.joined(separator: ", "))")"
      }
      .joined(separator: "; ")
  }
}
