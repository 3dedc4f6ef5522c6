/// One thing that was looked at in a bundle: what the bundle says, what was found, and whether they agree.
public struct BundleCheck: Sendable, Hashable, Codable {
  /// How it came out.
  public enum Result: String, Sendable, Hashable, Codable {
    case holds
    case fails
    /// The bundle does not hold what it would take; said, so that nobody takes silence for proof.
    case notInBundle
  }
  /// What was looked at, in words.
  public var name: String
  /// What the bundle says of it, or what it takes to pass.
  public var said: String
  /// What it is.
  public var found: String
  public var result: Result

  /// Holds where the two are the same text.
  public init(_ name: String, said: String, found: String) {
    (self.name, self.said, self.found) = (name, said, found)
    result = said == found ? .holds : .fails
  }

  /// For what is not shown by comparing two texts.
  public init(_ name: String, said: String, found: String, _ result: Result) {
    (self.name, self.said, self.found, self.result) = (name, said, found, result)
  }
}
