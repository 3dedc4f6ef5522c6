import ArgumentParser
import Console
import Governance
import Quantities

/// `takt propose`: a person's change of set-points, by the same way as a loop's.
struct ProposeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "propose",
    abstract: "Propose a change of set-points by hand; it is proven, approved by another person, staged, judged and undone like a loop's.",
    discussion: """
      Examples:
        takt propose Filler/MachSpeed=25 --because "the new valve allows it"
        takt propose Labeller/GlueTempSet="150 Cel" --because "labels peel" --may-lose 2 --steps 0.25,1
        takt propose Filler/MachSpeed=25 --because "faster" --gain 40 --wait

      Without --gain nothing is claimed, and the change has to show only that it does no harm: that the line loses no more than --may-lose of what
      it would make. With --gain it is kept where the judge finds a good part of that gain, as with a loop's claim.
      """)
  @OptionGroup var plant: RunningPlant
  @OptionGroup var signing: SigningOptions
  @Argument(help: "TAG=VALUE, or TAG=\"VALUE UNIT\" in a UCUM unit; several move together.") var targets: [String]
  @Option(help: "Why, for whoever approves it and for the ledger.") var because: String
  @Option(help: "The gain that you claim: good parts per hour, or money per hour where the loop on these set-points counts money.") var gain: Double?
  @Option(help: "Without --gain: per cent of what the line would make that it may lose (5, at most proof.tolerated_loss).") var mayLose: Double?
  @Option(help: "Shares of the move in which it goes out, rising to 1, such as 0.25,0.5,1. The first is at most the rollout's.") var steps: String?
  @Flag(help: "Wait while another change is open.") var wait = false
  @Flag(help: "Print JSON.") var json = false

  func run() async throws {
    let targets = try targets.map(Self.target)
    let steps = try steps.map(Self.steps)
    try await orExplain {
      let client = try plant.client()
      var body = ProposalBody(targets: targets, because: because, gain: gain, mayLose: mayLose.map { $0 / 100 }, steps: steps)
      if let hash = HandProposal(body).contentHash {
        body.signature = try signing.word(.proposeChange, of: "proposal", binding: hash, at: try await client.plantTime())
      }
      let change = try await send(body, client)
      if json { return try JSONOutput.print(["change": change]) }
      print("\(change) is being proven on the twin. Another person approves it with: takt approve \(change)")
    }
  }

  /// Where it is refused because another change is open, and the person waits: again when none is.
  private func send(_ body: ProposalBody, _ client: TaktClient) async throws -> String {
    while true {
      do { return try await client.propose(body) } catch {
        guard wait, try await client.get("changes", as: [ChangeView].self).contains(where: \.open) else { throw error }
        try await Task.sleep(for: .milliseconds(500))
      }
    }
  }

  /// `Filler/MachSpeed=25 1/min`.
  static func target(_ text: String) throws -> ProposalBody.Target {
    let sides = text.split(separator: "=", maxSplits: 1)
    guard sides.count == 2 else { throw ValidationError("\"\(text)\" is not TAG=VALUE, such as Filler/MachSpeed=25") }
    let words = sides[1].split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    guard let first = words.first, let value = Double(first), value.isFinite else {
      throw ValidationError("\"\(sides[1])\" is no value of \(sides[0]): write a number, and its unit after a space, such as \"25 1/min\"")
    }
    return ProposalBody.Target(tag: String(sides[0]), value: value, unit: words.count > 1 ? String(words[1]) : nil)
  }

  static func steps(_ text: String) throws -> [Double] {
    try text.split(separator: ",").map { part in
      guard let share = Double(part.filter { $0 != " " }) else { throw ValidationError("\"\(part)\" is no share: write such as 0.25,0.5,1") }
      return share
    }
  }
}
