public import Crypto
internal import Foundation
internal import Governance
internal import PlantModel

/// The public half of an Ed25519 key pair (RFC 8032), 32 bytes. The private half is `Curve25519.Signing.PrivateKey`, as everywhere.
public struct VerifyingKey: Sendable, Hashable {
  /// Always 32; whether they are a point of the curve shows when a signature is checked.
  public let bytes: [UInt8]

  /// Of a pair.
  public init(_ key: Curve25519.Signing.PublicKey) { bytes = Array(key.rawRepresentation) }

  /// From 64 hexadecimal digits of either case; white space is passed over.
  ///
  /// - Throws: `AttestationError.badKey`; retrying cannot help.
  public init(hex: String) throws(AttestationError) {
    guard let bytes = Hex.bytes(of: hex.filter { !$0.isWhitespace }.lowercased()), bytes.count == 32 else {
      throw .badKey("a public key is 64 hexadecimal digits")
    }
    self.bytes = bytes
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String { Hex.text(of: bytes) }

  /// SHA-256 of the key, lower-case hex: what an envelope names the key by.
  public var id: String { Hex.text(of: SHA256.hash(data: bytes)) }

  /// Whether `signature` is this key's under `message`; bytes that are no signature, or a key that is none, give false.
  func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return false }
    return key.isValidSignature(signature, for: message)
  }
}
