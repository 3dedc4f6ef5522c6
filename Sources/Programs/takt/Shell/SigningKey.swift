import Crypto
import Foundation
import Governance
import PlantModel

/// A private key in a file: 64 hexadecimal digits, readable by its owner alone. It signs approvals and evidence.
enum SigningKey {
  static func read(_ path: String) throws -> Curve25519.Signing.PrivateKey {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw CommandFailure("the key \(path) cannot be read") }
    guard let bytes = Hex.bytes(of: text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()),
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
    else { throw CommandFailure("\(path) holds no key, which is 64 hexadecimal digits; takt key makes one") }
    return key
  }

  /// Makes a key in a new file; never writes over one that is there.
  static func make(at path: String) throws -> Curve25519.Signing.PrivateKey {
    guard !FileManager.default.fileExists(atPath: path) else { throw CommandFailure("\(path) exists; a key is not written over") }
    let key = Curve25519.Signing.PrivateKey()
    guard
      FileManager.default.createFile(
        atPath: path, contents: Data("\(Hex.text(of: key.rawRepresentation))\n".utf8), attributes: [.posixPermissions: 0o600])
    else { throw CommandFailure("\(path) cannot be written") }
    return key
  }

  /// The key in a file that is made where there is none.
  static func kept(in path: String) throws -> Curve25519.Signing.PrivateKey {
    FileManager.default.fileExists(atPath: path) ? try read(path) : try make(at: path)
  }
}
