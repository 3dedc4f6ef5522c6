internal import Crypto

/// A SHA-256 value, 32 bytes.
public struct LedgerHash: Sendable, Hashable, CustomStringConvertible {
  /// Always 32.
  public let bytes: [UInt8]

  /// What the first entry names as its predecessor: 32 zero bytes.
  public static let zero = LedgerHash(bytes: Array(repeating: 0, count: 32))!

  /// Nil unless there are exactly 32 bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// From 64 hexadecimal digits of either case; nil for anything else.
  public init?(hex: String) {
    let digits = hex.utf8.map { UInt8($0) }
    guard digits.count == 64 else { return nil }
    var bytes: [UInt8] = []
    for i in stride(from: 0, to: 64, by: 2) {
      guard let high = Self.value(digits[i]), let low = Self.value(digits[i + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    self.bytes = bytes
  }

  /// SHA-256 of `content` (FIPS 180-4).
  public init(of content: [UInt8]) { bytes = Array(SHA256.hash(data: content)) }

  /// 64 lower-case hexadecimal digits.
  public var description: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
