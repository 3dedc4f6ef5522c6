public import Crypto
internal import Foundation

/// A payload with any number of signatures over it: DSSE, the Dead Simple Signing Envelope, version 1.
///
/// What is signed is the pre-authentication encoding PAE = "DSSEv1" ␠ LEN(type) ␠ type ␠ LEN(body) ␠ body, with lengths as decimal
/// digits of bytes: so a signature under one type never passes for another, and the payload is never parsed before it is checked.
///
/// - Source: github.com/secure-systems-lab/dsse, protocol.md and envelope.md, version 1.0.2.
public struct SignedEnvelope: Sendable, Hashable, Codable {
  /// One key's signature over type and payload.
  public struct Signature: Sendable, Hashable, Codable {
    /// A hint at the key (`VerifyingKey.id`); it proves nothing.
    public var keyid: String
    /// 64 bytes, Base64.
    public var sig: String
    /// Nothing is checked.
    public init(keyid: String, sig: String) { (self.keyid, self.sig) = (keyid, sig) }
  }
  /// The media type of the payload; it is signed with it.
  public var payloadType: String
  /// Base64.
  public var payload: String
  /// In no order that means anything.
  public var signatures: [Signature]

  /// An envelope as it was read; nothing is checked.
  public init(payloadType: String, payload: String, signatures: [Signature]) {
    (self.payloadType, self.payload, self.signatures) = (payloadType, payload, signatures)
  }

  /// Signs `body` of the media type `payloadType` with every key, in their order.
  ///
  /// - Throws: `AttestationError.badKey` where a key refuses; retrying cannot help.
  public init(signing body: [UInt8], as payloadType: String, with keys: [Curve25519.Signing.PrivateKey]) throws(AttestationError) {
    let message = Self.preAuthentication(payloadType, body)
    var signatures: [Signature] = []
    for key in keys {
      let signature: Data
      do { signature = try key.signature(for: message) } catch { throw .badKey("\(error)") }
      signatures.append(Signature(keyid: VerifyingKey(key.publicKey).id, sig: signature.base64EncodedString()))
    }
    self.init(payloadType: payloadType, payload: Data(body).base64EncodedString(), signatures: signatures)
  }

  /// The payload's bytes; nil where they are no Base64 as we write it.
  public var body: [UInt8]? { Self.decoded(payload) }

  /// Which of `keys` have signed this very type and payload, in the order of `keys`. Each counts once, however often it signed.
  ///
  /// A signature that names another key does not count: `keyid` proves nothing, but a wrong one shows that somebody was at the file.
  public func signers(among keys: [VerifyingKey]) -> [VerifyingKey] {
    guard let body else { return [] }
    let message = Self.preAuthentication(payloadType, body)
    let given = signatures.compactMap { signature in Self.decoded(signature.sig).map { (id: signature.keyid, bytes: $0) } }
    return keys.filter { key in given.contains { ($0.id.isEmpty || $0.id == key.id) && key.verifies($0.bytes, of: message) } }
  }

  /// One text for one content: bits that Base64 leaves open must be as we write them.
  private static func decoded(_ text: String) -> [UInt8]? {
    guard let data = Data(base64Encoded: text), data.base64EncodedString() == text else { return nil }
    return [UInt8](data)
  }

  /// The bytes that are signed, as above.
  public static func preAuthentication(_ type: String, _ body: [UInt8]) -> [UInt8] {
    Array("DSSEv1 \(type.utf8.count) \(type) \(body.count) ".utf8) + body
  }
}
