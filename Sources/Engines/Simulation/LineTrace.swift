/// What happened when in one replication, for a replay on the drawn line and for whoever reads states as a real line would publish them.
public struct LineTrace: Sendable, Hashable, Codable {
  /// What a machine is doing. The raw values are those of `Entry.value`.
  public enum State: Int, Sendable, Hashable, Codable, CaseIterable {
    case working, starved, blocked, failed, microstopped, closed, setup, maintenance, waiting
  }

  public struct Entry: Sendable, Hashable, Codable {
    public enum Kind: UInt8, Sendable, Hashable, Codable {
      /// Machine `index` (a station of n machines has n) goes to state `value`.
      case state
      /// Buffer `index` holds `value` parts.
      case level
      /// Machine `index` has finished its `value`-th part, and of those rejected so many: see `rejected`.
      case produced
      case rejected
      /// A part leaves the line: the `value`-th.
      case left
    }
    /// Seconds since time 0.
    public var time: Double
    public var kind: Kind
    public var index: Int32
    public var value: Int32
    public init(time: Double, kind: Kind, index: Int32, value: Int32) {
      (self.time, self.kind, self.index, self.value) = (time, kind, index, value)
    }
  }

  /// In the order in which they happened.
  public var entries: [Entry]
  /// Whether more happened than was noted.
  public var isCut: Bool
  /// By machine: the station it belongs to.
  public var stations: [Int]
  public init(entries: [Entry], isCut: Bool, stations: [Int]) { (self.entries, self.isCut, self.stations) = (entries, isCut, stations) }

  public static let limit = 5_000_000
}
