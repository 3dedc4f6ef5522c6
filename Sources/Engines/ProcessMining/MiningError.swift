/// Why no model can be mined from a log, or none simulated. Trying again with the same log and options cannot help.
public enum MiningError: Error, Hashable, Sendable {
  /// The log has no event.
  case emptyLog
  /// Fewer cases than a model needs.
  case tooFewCases(Int, needed: Int)
  /// The cut leaves no event on one side of it.
  case cutOutsideLog
  /// No item ever goes from one sensor to another.
  case noPassages
}

extension MiningError: CustomStringConvertible {
  /// One sentence that a person can act on.
  public var description: String {
    switch self {
    case .emptyLog: "the log has no event that could be read; look at the list of refused rows"
    case .tooFewCases(let count, let needed):
      "the log holds \(count) cases before the cut and \(needed) are needed; cut later, or check which column is the case"
    case .cutOutsideLog: "the cut leaves nothing on one side; choose one within the span of the log"
    case .noPassages: "no item is seen at two sensors, so no way through the line can be found; check which column holds the item"
    }
  }
}
