/// Why a query was not answered. A retry does not help, save for `storage`.
public enum PromQLError: Error, Sendable, Hashable {
  /// The text is no PromQL, or none of the subset that is answered; with the place in it, counted in bytes from 0.
  case syntax(String, at: Int)
  /// The text cannot mean anything: wrong types, unknown functions, ambiguous matches.
  case meaning(String)
  /// The answer would be too large; what to do about it.
  case tooLarge(String)
  /// The reader failed.
  case storage(String)

  /// In words.
  public var message: String {
    switch self {
    case .syntax(let text, let place): "parse error at \(place): \(text)"
    case .meaning(let text), .tooLarge(let text), .storage(let text): text
    }
  }
}
