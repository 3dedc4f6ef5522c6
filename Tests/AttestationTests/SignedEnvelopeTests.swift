import Attestation
import Crypto
import Foundation
import Testing

@Suite struct SignedEnvelopeTests {
  @Test func whatIsSignedIsTheEncodingOfTheSpecification() throws {
    // The example of DSSE's protocol.md.
    let encoded = SignedEnvelope.preAuthentication("http://example.com/HelloWorld", Array("hello world".utf8))
    #expect(String(decoding: encoded, as: UTF8.self) == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
  }

  @Test func keysAreThoseOfRFC8032() throws {
    // Section 7.1, test 1.
    let secret: [UInt8] = [
      0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69,
      0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
    ]
    let key = try Curve25519.Signing.PrivateKey(rawRepresentation: secret)
    #expect(VerifyingKey(key.publicKey).hex == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    #expect(try VerifyingKey(hex: VerifyingKey(key.publicKey).hex.uppercased() + "\n") == VerifyingKey(key.publicKey))
    #expect(throws: (any Error).self) { try Curve25519.Signing.PrivateKey(rawRepresentation: secret.dropLast()) }
    #expect(throws: AttestationError.self) { try VerifyingKey(hex: "d75a") }
  }

  @Test func severalSignEachCountsOnceAndNothingElsePasses() throws {
    let keys = Story.keys
    let stranger = try Story.key(9)
    let trusted = keys.map { VerifyingKey($0.publicKey) }
    let all = trusted + [VerifyingKey(stranger.publicKey)]
    let body = Array(#"{"a":1}"#.utf8)
    let envelope = try SignedEnvelope(signing: body, as: "text/x", with: keys)
    #expect(envelope.signatures.count == 2 && envelope.body == body && envelope.signers(among: all) == trusted)
    var again = envelope
    again.signatures += envelope.signatures
    #expect(again.signers(among: all).count == 2)
    var other = envelope
    other.payloadType = "text/y"
    #expect(other.signers(among: all).isEmpty)
    other = envelope
    other.payload = Data(#"{"a":2}"#.utf8).base64EncodedString()
    #expect(other.signers(among: all).isEmpty)
    // Every bit of a signature counts.
    let signature = [UInt8](try #require(Data(base64Encoded: envelope.signatures[0].sig)))
    for bit in stride(from: 0, to: 512, by: 7) {
      var bent = signature
      bent[bit / 8] ^= 1 << (bit % 8)
      other = envelope
      other.signatures[0].sig = Data(bent).base64EncodedString()
      #expect(other.signers(among: all) == [trusted[1]], "bit \(bit)")
    }
    let read = try JSONDecoder().decode(SignedEnvelope.self, from: JSONEncoder().encode(envelope))
    #expect(read == envelope)
  }
}
