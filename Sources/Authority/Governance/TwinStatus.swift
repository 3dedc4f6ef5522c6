/// How the twin stands against reality.
public struct TwinStatus: Hashable, Sendable, Codable {
  /// The plant revision that the twin was built from.
  public var revision: String
  /// Names the calibration in force.
  public var calibration: String
  public var valid: Bool
  /// 0 (useless) … 1 (cannot be told from the plant).
  public var score: Double
  /// Why it is not valid, or what limits it, in words for a person.
  public var reason: String
  public init(revision: String, calibration: String, valid: Bool, score: Double, reason: String) {
    (self.revision, self.calibration, self.valid, self.score, self.reason) = (revision, calibration, valid, score, reason)
  }
}
