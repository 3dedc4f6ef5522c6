internal import Foundation
internal import Quantities

/// A fact as JSON: `{"at": ns, "kind": "changeExpired", "changeExpired": {"change": "brisk-otter-17"}}`, keys sorted, one line.
///
/// `kind` names the only other key, which holds the payload. Names stay for ever; a payload may gain optional keys.
extension Fact: Codable {
  private enum Key: String, CodingKey { case at, kind }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    at = try container.decode(Instant.self, forKey: .at)
    what = try What(from: decoder)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(at, forKey: .at)
    try container.encode(kind, forKey: .kind)
    try what.encode(to: encoder)
  }

  /// The bytes for the ledger. The same fact gives the same bytes.
  ///
  /// - Precondition: every number is finite (the governor refuses the rest before it makes a fact of it).
  public func encoded() -> [UInt8] {
    do { return try CanonicalJSON.bytes(of: self) } catch { preconditionFailure("fact \(kind) cannot be encoded: \(error)") }
  }

  /// Reads what `encoded()` wrote, in this or any earlier version.
  ///
  /// - Throws: `GovernanceError.unreadableFact`; a retry cannot help: the ledger was written by a newer version, or is damaged.
  public init(decoding bytes: [UInt8]) throws(GovernanceError) {
    do { self = try JSONDecoder().decode(Fact.self, from: Data(bytes)) } catch { throw .unreadableFact("\(error)") }
  }
}

/// One text for one value: sorted keys, shortest round-trip numbers, no escaped slashes. What hashes are taken of.
public enum CanonicalJSON {
  /// - Throws: what the value's own encoding throws, and `EncodingError` where a number is not finite; retrying cannot help.
  public static func bytes(of value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try [UInt8](encoder.encode(value))
  }
}
