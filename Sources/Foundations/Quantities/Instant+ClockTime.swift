extension Instant {
  /// Hours and minutes of the day, UTC, as in `09:12`; for people, in sentences about today.
  public var clockTime: String {
    let minutes = Int((seconds / 60).rounded(.down)) % 1440
    let (h, m) = ((minutes + 1440) % 1440).quotientAndRemainder(dividingBy: 60)
    return "\(h < 10 ? "0" : "")\(h):\(m < 10 ? "0" : "")\(m)"
  }
}
