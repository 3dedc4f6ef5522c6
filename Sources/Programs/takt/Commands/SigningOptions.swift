import ArgumentParser
import Console
import Governance
import PlantModel
import Quantities

/// Options of every verb that a person can sign.
struct SigningOptions: ParsableArguments {
  @Option(help: "The file with your private key, as takt key made it. Without it the command is not signed.") var key: String?
  @Option(help: "Your name, as governance.yaml has it.") var name: String?
  @Option(help: "The role in which you sign: approver, engineer or safety.") var role = "approver"
  @Option(help: "Hours of plant time for which the signature counts.") var hours = 1.0

  /// The signature alone, where a key was given.
  func word(_ act: SignedStatement.Act, of subject: String, binding: String, at now: Instant) throws -> SignedWord? {
    try body(act, of: subject, binding: binding, at: now).signature
  }

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
