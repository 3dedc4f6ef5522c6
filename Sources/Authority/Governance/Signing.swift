public import Crypto
internal import Foundation
public import PlantModel
public import Quantities

/// A person's signature under one statement: Ed25519 (RFC 8032) over the statement's canonical JSON.
public struct Signature: Hashable, Sendable, Codable {
  /// Plant time after which it no longer counts.
  public var expires: Instant
  /// 64 bytes as lower-case hex.
  public var bytes: String
  public init(expires: Instant, bytes: String) { (self.expires, self.bytes) = (expires, bytes) }
}

/// What a person signs. It names everything that it speaks for, so that it can serve for nothing else.
public struct SignedStatement: Hashable, Sendable, Codable {
  /// What is being said.
  public enum Act: String, Hashable, Sendable, Codable { case approveChange, signPlan, acceptEnvelope, proposeChange }
  public var act: Act
  /// The change or the plan that it is about, by name; `envelope` for the envelope, `proposal` for a new change.
  public var subject: String
  /// The hash of what was looked at: a change's binding, a plan's, an envelope's or a proposal's content.
  public var binding: String
  public var person: String
  public var role: Role
  public var expires: Instant
  public init(_ act: Act, of subject: String, binding: String, by person: Person, expires: Instant) {
    (self.act, self.subject, self.binding) = (act, subject, binding)
    (self.person, role, self.expires) = (person.name, person.role, expires)
  }

  /// The bytes that are signed: canonical JSON, keys sorted, no spaces.
  public func bytes() -> [UInt8] {
    do { return try CanonicalJSON.bytes(of: self) } catch { preconditionFailure("a statement cannot be encoded: \(error)") }
  }

  /// Signs it with the person's own key, which never leaves the person. Throws CryptoKit's error; a retry cannot help.
  public func signed(with key: Curve25519.Signing.PrivateKey) throws -> Signature {
    Signature(expires: expires, bytes: Hex.text(of: try key.signature(for: Data(bytes()))))
  }

  /// Whether `signature` is that of `key` under this statement. A malformed key or signature is none.
  public func isSigned(_ signature: Signature, by key: String) -> Bool {
    guard signature.expires == expires, let key = Hex.bytes(of: key), let bytes = Hex.bytes(of: signature.bytes),
      let publicKey = try? Curve25519.Signing.PublicKey(rawRepresentation: key)
    else { return false }
    return publicKey.isValidSignature(bytes, for: Data(self.bytes()))
  }
}
