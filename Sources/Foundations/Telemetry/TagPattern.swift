/// Tags by the form of their path: `Load/*`, `*/FillPressure`, or one tag by its name.
///
/// `*` stands for any text, also for none, and goes across `/`. Everything else stands for itself, byte for byte.
public struct TagPattern: Sendable, Hashable, Codable {
  public var text: String

  public init(_ text: String) { self.text = text }

  /// Whether it may fit more than one tag.
  public var isOpen: Bool { text.utf8.contains(Self.star) }

  /// Whether the tag is meant. At worst it costs the product of both lengths.
  public func matches(_ tag: String) -> Bool {
    let pattern = Array(text.utf8), path = Array(tag.utf8)
    var (next, at) = (0, 0)
    // Where the last star stands, and how far it reaches for now.
    var (star, reach): (Int?, Int) = (nil, 0)
    while at < path.count {
      if next < pattern.count, pattern[next] == Self.star {
        (star, reach) = (next, at)
        next += 1
      } else if next < pattern.count, pattern[next] == path[at] {
        next += 1
        at += 1
      } else if let last = star {
        reach += 1
        (next, at) = (last + 1, reach)
      } else {
        return false
      }
    }
    return pattern[next...].allSatisfy { $0 == Self.star }
  }

  private static let star = UInt8(ascii: "*")
}

extension TagPattern: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self.init(text) }
}
