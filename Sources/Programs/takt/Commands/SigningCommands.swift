import ArgumentParser
import Console
import Crypto
import Foundation
import Governance
import PlantModel
import Quantities

struct KeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Make a key with which you sign approvals, and print what governance.yaml must know of it.",
    discussion:
      "Example: takt key ann.key --name ann\nThe private key stays in the file and with you; only the public one goes into the plant folder.")
  @Argument(help: "The file to make.") var path: String
  @Option(help: "Your name in governance.yaml.") var name = "NAME"

  func run() throws {
    let key = try orExplain { try SigningKey.make(at: path) }
    print("people:\n  \(name): {roles: [approver], key: \"\(Hex.text(of: key.publicKey.rawRepresentation))\"}")
  }
}

struct ApproveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Approve a change that waits for it, signed where governance.yaml asks for that.",
    discussion: "Examples:\n  takt approve brisk-otter-17\n  takt approve brisk-otter-17 --key ann.key --name ann")
  @OptionGroup var plant: RunningPlant
  @OptionGroup var signing: SigningOptions
  @Argument(help: "The change.") var change: String

  func run() async throws {
    try await orExplain {
      let client = try plant.client()
      let shown = try await client.get("changes/\(change)", as: ChangeView.self)
      guard let binding = shown.binding else { throw CommandFailure("\(change) does not wait for approval") }
      try await client.post("changes/\(change)/approve", try await signing.body(.approveChange, of: change, binding: binding, at: client.plantTime()))
      let left = (shown.quorum ?? 1) - shown.approvals.count - 1
      print(left > 0 ? "\(change) has your approval; it needs \(left) more." : "\(change) is approved.")
    }
  }
}

struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Change plans of a plant: what a loop may do by itself once it is signed.",
    subcommands: [List.self, Sign.self, Withdraw.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the plans in governance.yaml, with the hash that a signature binds to.", discussion: "Example: takt plan list examples/bottling"
    )
    @Argument(help: "The plant folder.") var directory = "."
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      let plans = try orExplain { try PlantDirectory(directory).folder().governance.plans }
      if json { return try JSONOutput.print(plans) }
      if plans.isEmpty { print("governance.yaml has no plans") }
      for plan in plans {
        print("\(plan.name)  for loop \(plan.loop), \(plan.quorum) signatures, one of them safety's  \(plan.contentHash)")
        for range in plan.ranges { print("  \(range.tag)  \(range.low) … \(range.high), at most \(range.maxMove) at once") }
      }
    }
  }

  struct Sign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Sign a plan as it stands in the plant folder.", discussion: "Example: takt plan sign speeds --key sam.key --name sam --role safety")
    @OptionGroup var plant: RunningPlant
    @OptionGroup var signing: SigningOptions
    @Argument(help: "The plan.") var plan: String

    func run() async throws {
      try await orExplain {
        let plans = try PlantDirectory(plant.directory).folder().governance.plans
        guard let spec = plans.first(where: { $0.name == plan }) else {
          throw CommandFailure("there is no plan \(plan); there are: \(plans.map(\.name).joined(separator: ", "))")
        }
        let client = try plant.client()
        try await client.post("plans/\(plan)/sign", try await signing.body(.signPlan, of: plan, binding: spec.contentHash, at: client.plantTime()))
        print("\(plan) has your signature.")
      }
    }
  }

  struct Withdraw: PlantCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let a plan hold no longer: from now on a person decides on each change.", discussion: "Example: takt plan withdraw speeds")
    @OptionGroup var plant: RunningPlant
    @Argument(help: "The plan.") var plan: String
    var path: String { "plans/\(plan)/withdraw" }
    var done: String { "\(plan) holds no longer." }
  }
}

struct EnvelopeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "envelope", abstract: "The envelope of a plant: show its hash, or accept one that is wider than the last.",
    discussion: "Examples:\n  takt envelope --plant examples/bottling\n  takt envelope --accept --key sam.key --name sam --role safety")
  @OptionGroup var plant: RunningPlant
  @OptionGroup var signing: SigningOptions
  @Flag(help: "Accept the envelope that stands in the folder, as the safety role.") var accept = false

  func run() async throws {
    try await orExplain {
      let hash = GovernancePlan(try PlantDirectory(plant.directory).folder()).envelopeHash
      guard accept else { return print(hash) }
      let client = try plant.client()
      try await client.post("envelope/accept", try await signing.body(.acceptEnvelope, of: "envelope", binding: hash, at: client.plantTime()))
      print("accepted \(hash)")
    }
  }
}
