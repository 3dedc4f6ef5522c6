import ArgumentParser
import Console
import Crypto
import Foundation
import Governance
import PlantModel
import Quantities

/// Options of every verb that a person can sign.
struct SigningOptions: ParsableArguments {
  @Option(help: "The file with your private key, as takt key made it. Without it the command is not signed.") var key: String?
  @Option(help: "Your name, as governance.yaml has it.") var name: String?
  @Option(help: "The role in which you sign: approver, engineer or safety.") var role = "approver"
  @Option(help: "Hours of plant time for which the signature counts.") var hours = 1.0

  /// The body of a command about `subject`, signed where a key was given.
  func body(_ act: SignedStatement.Act, of subject: String, binding: String, at now: Instant) throws -> CommandBody {
    guard let key else { return CommandBody(binding: binding) }
    guard let name else { throw ValidationError("--name is missing: whose key is it?") }
    guard let role = PlantModel.Role(rawValue: role) else {
      throw ValidationError("there is no role \(role); there are \(PlantModel.Role.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    guard hours > 0, hours <= 168 else { throw ValidationError("--hours is from 0 to 168") }
    let statement = SignedStatement(act, of: subject, binding: binding, by: Governance.Person(name: name, role: role), expires: now + .hours(hours))
    let signature = try statement.signed(with: try SigningKey.read(key))
    return CommandBody(
      binding: binding,
      signature: SignedWord(person: name, role: role.rawValue, expires: signature.expires.nanoseconds, bytes: signature.bytes))
  }
}

/// A person's private key in a file: 64 hex digits, readable by the person alone.
enum SigningKey {
  static func read(_ path: String) throws -> Curve25519.Signing.PrivateKey {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw CommandFailure("the key \(path) cannot be read") }
    guard let bytes = Hex.bytes(of: text.trimmingCharacters(in: .whitespacesAndNewlines)),
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
    else { throw CommandFailure("\(path) holds no key; takt key makes one") }
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
}
