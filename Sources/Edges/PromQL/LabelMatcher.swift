internal import Foundation

/// One condition of a selector: `name="value"`, `!=`, `=~`, `!~`. A label that is absent has the empty value.
public struct LabelMatcher: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable { case equal = "=", notEqual = "!=", matches = "=~", doesNotMatch = "!~" }
  public var name: String
  public var kind: Kind
  public var value: String

  public init(name: String, kind: Kind, value: String) { (self.name, self.kind, self.value) = (name, kind, value) }

  /// Whether it lets the empty value through, and so a series without the label.
  func admitsEmpty() throws(PromQLError) -> Bool { try test()("") }

  /// The condition, made ready for many values. A pattern must match the whole value.
  ///
  /// - Throws: `meaning` where the pattern is none.
  public func test() throws(PromQLError) -> (String) -> Bool {
    let value = value
    switch kind {
    case .equal: return { $0 == value }
    case .notEqual: return { $0 != value }
    case .matches: return try Self.pattern(value)
    case .doesNotMatch:
      let matches = try Self.pattern(value)
      return { !matches($0) }
    }
  }

  /// Alternatives of plain words need no machine; any other pattern is tried once for each value.
  private static func pattern(_ text: String) throws(PromQLError) -> (String) -> Bool {
    if let words = plainAlternatives(text) { return { words.contains($0) } }
    guard let expression = try? NSRegularExpression(pattern: "^(?:\(text))$", options: [.dotMatchesLineSeparators]) else {
      throw .meaning("\(text) is no regular expression")
    }
    let memory = Memory()
    return { candidate in
      if let known = memory.results[candidate] { return known }
      let whole = NSRange(candidate.startIndex..., in: candidate)
      let found = expression.firstMatch(in: candidate, options: [], range: whole)?.range == whole
      memory.results[candidate] = found
      return found
    }
  }

  private final class Memory { var results: [String: Bool] = [:] }

  private static func plainAlternatives(_ text: String) -> Set<String>? {
    let special = Set(#"\.+*?()[]{}^$"#)
    return text.contains(where: special.contains) ? nil : Set(text.split(separator: "|", omittingEmptySubsequences: false).map(String.init))
  }
}
