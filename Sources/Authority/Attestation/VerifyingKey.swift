internal import Crypto
internal import Foundation
internal import Ledger

/// An Ed25519 key that signs (RFC 8032). Made from 32 bytes that the caller drew; nothing random here.
public struct SigningKey: Sendable {
  private let key: Curve25519.Signing.PrivateKey

  /// - Throws: `AttestationError.badKey` unless there are 32 bytes; retrying cannot help.
  public init(seed: [UInt8]) throws(AttestationError) {
    guard seed.count == 32 else { throw .badKey("a signing key has 32 bytes, not \(seed.count)") }
    do { key = try Curve25519.Signing.PrivateKey(rawRepresentation: Data(seed)) } catch { throw .badKey("\(error)") }
  }

  public var verifying: VerifyingKey { VerifyingKey(valid: [UInt8](key.publicKey.rawRepresentation)) }

  /// 64 bytes.
  func signature(of message: [UInt8]) throws(AttestationError) -> [UInt8] {
    do { return [UInt8](try key.signature(for: Data(message))) } catch { throw .badKey("\(error)") }
  }
}

/// The public half, 32 bytes.
public struct VerifyingKey: Sendable, Hashable {
  public let bytes: [UInt8]

  fileprivate init(valid bytes: [UInt8]) { self.bytes = bytes }

  /// - Throws: `AttestationError.badKey` unless there are 32 bytes.
  public init(bytes: [UInt8]) throws(AttestationError) {
    guard bytes.count == 32 else { throw .badKey("a public key has 32 bytes, not \(bytes.count)") }
    self.bytes = bytes
  }

  /// From 64 hexadecimal digits, white space around them allowed.
  ///
  /// - Throws: `AttestationError.badKey`.
  public init(hex: String) throws(AttestationError) {
    guard let digits = LedgerHash(hex: String(hex.filter { !$0.isWhitespace })) else { throw .badKey("a public key is 64 hexadecimal digits") }
    bytes = digits.bytes
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String { LedgerHash(bytes: bytes).map { "\($0)" } ?? "" }

  /// SHA-256 of the key, lower-case hex: what an envelope names the key by.
  public var id: String { "\(LedgerHash(of: bytes))" }

  func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: Data(bytes)) else { return false }
    return key.isValidSignature(Data(signature), for: Data(message))
  }
}

/// What can go wrong with evidence before it can be judged. A check that fails is no error but an answer (`BundleCheck`).
public enum AttestationError: Error, Sendable, Hashable {
  /// Retrying cannot help.
  case badKey(String)
  /// A file of the bundle is missing or not what its name says; retrying cannot help.
  case unreadable(String)
  /// The ledger has no such change.
  case noSuchChange(String)
}
