import Foundation
import Governance
import Ledger
import PlantModel
import Quantities
import Testing

@testable import Assurance

@Suite struct AssuranceTests {
  private static let start = Instant(seconds: 1_000_000)
  private static let id = ChangeID("brisk-otter-17")
  private static let eve = Person(name: "Eve", role: .engineer)
  private static let plan: GovernancePlan = {
    let limit = TagLimit(tag: "Filler/MachSpeed", unit: "1/min", low: 40, high: 80, maxStep: 5, maxPerHour: 30, hold: .keep)
    return GovernancePlan(envelope: EnvelopeSpec(limits: [limit], interlocks: [], authorityCeiling: .closedLoop), loops: [], revision: "r1")
  }()

  private static func write(_ sequence: UInt64, from: Double = 60, to: Double = 64) -> Fact.What {
    .writeIntended(
      intent: WriteIntent(
        token: WriteToken(epoch: 1, sequence: sequence), change: id, tag: "Filler/MachSpeed", from: from, value: to, purpose: .advance,
        expires: start))
  }

  /// A good day: written, taken over and handed back, rolled back, kept.
  private static let goodDay: [Fact.What] = [
    .gatewayOpened(epoch: 1), .revisionAdopted(revision: "r1", envelope: plan.envelopeHash, limits: nil),
    .twinStatusChanged(status: TwinStatus(revision: "r1", calibration: "c1", valid: true, score: 0.9, reason: "")),
    write(1), .writeConfirmed(token: WriteToken(epoch: 1, sequence: 1), readBack: 64), .takenOver(by: .localPanel), .rearmed(by: eve),
    .rollbackStarted(change: id, reason: .takenOver, detail: ""), .changeRestored(change: id), .changeSettled(change: id, setpoints: [:]),
  ]

  private static func argument(
    _ day: [Fact.What], after: Duration = .hours(1), ledger: LedgerVerification? = nil
  ) -> AssuranceCase {
    var audit = LedgerAudit(plan)
    for (index, what) in day.enumerated() { audit.take(Fact(at: start + .minutes(Double(index)), what)) }
    let intact = LedgerVerification.intact(LedgerCheckpoint(count: UInt64(day.count), head: .zero))
    return StandardCase().argument(for: "bottling", audit, ledger: ledger ?? intact, at: start + .minutes(Double(day.count)) + after)
  }

  private static func bad(_ argument: AssuranceCase) -> [String] {
    argument.solutions.filter { argument.status(of: $0.id) == .bad }.map(\.text)
  }

  @Test func afterAGoodDayEveryLeafIsGreenAndTheArgumentIsSound() {
    let argument = Self.argument(Self.goodDay)
    #expect(argument.flaws == [] && argument.status == .good, "\(Self.bad(argument))")
    #expect(argument.solutions.count == 8)
  }

  @Test func eachBreachTurnsItsOwnLeafRedAndTheGoalWithIt() {
    let twin = TwinStatus(revision: "r1", calibration: "c2", valid: false, score: 0.2, reason: "residuals")
    let breaches: [(String, [Fact.What])] = [
      ("Every write had a durable intent", [.writeConfirmed(token: WriteToken(epoch: 1, sequence: 9), readBack: 1)]),
      ("Every write had a durable intent", [Self.write(1)]),
      ("No write outside the envelope", [Self.write(2, from: 79, to: 81)]), ("No write outside the envelope", [Self.write(2, from: 50, to: 60)]),
      ("Takeover tested", [.takenOver(by: .localPanel), Self.write(2)]),
      ("Rollback proven", [.rollbackStarted(change: Self.id, reason: .harm, detail: "")]),
      (
        "Judge's false promotions",
        (0..<2).flatMap { _ in [.rollbackStarted(change: Self.id, reason: .harmOnProbation, detail: ""), .changeRestored(change: Self.id)] }
          + [.changeSettled(change: Self.id, setpoints: [:])]
      ),
      ("Twin valid", [.twinStatusChanged(status: twin)]),
      ("Alarm rate", (0..<13).flatMap { _ in [.rollbackStarted(change: Self.id, reason: .byPerson, detail: ""), .changeRestored(change: Self.id)] }),
    ]
    for (leaf, facts) in breaches {
      let argument = Self.argument(Self.goodDay + facts, after: .hours(3))
      #expect(Self.bad(argument) == [leaf] && argument.status == .bad, "\(leaf): \(Self.bad(argument))")
    }
    let broken = Self.argument(Self.goodDay, ledger: .broken(sequence: 3, .contentChanged))
    #expect(Self.bad(broken) == ["Ledger intact"])
  }

  @Test func evidenceExpires() {
    #expect(Self.bad(Self.argument(Self.goodDay, after: .hours(24 * 8))) == ["Twin valid"])
    #expect(Self.bad(Self.argument(Self.goodDay, after: .hours(24 * 91))) == ["Takeover tested", "Rollback proven", "Twin valid"])
  }

  @Test func whatWasNeverSeenIsNotGreen() {
    let argument = Self.argument([])
    #expect(argument.solutions.allSatisfy { argument.status(of: $0.id) != .good } && argument.status == .bad)
    // One false promotion in forty is within a rate of one in ten; four in nine is not.
    let kept = Array(repeating: Fact.What.changeSettled(change: Self.id, setpoints: [:]), count: 39)
    let undone: [Fact.What] = [.rollbackStarted(change: Self.id, reason: .harmOnProbation, detail: ""), .changeRestored(change: Self.id)]
    #expect(Self.bad(Self.argument(Self.goodDay + kept + undone, after: .hours(30))) == [])
    let fourOfNine = kept.prefix(8) + (0..<4).flatMap { _ in undone }
    #expect(Self.bad(Self.argument(Self.goodDay + fourOfNine, after: .hours(30))) == ["Judge's false promotions"])
  }

  @Test func aCaseThatIsNoArgumentSaysWhy() {
    let good = Self.argument(Self.goodDay)
    func flaws(_ edit: (inout [ArgumentNode]) -> Void) -> Int {
      var bent = good
      edit(&bent.nodes)
      return bent.flaws.count
    }
    #expect(flaws { $0.removeLast() } > 0)
    #expect(flaws { $0[0].supportedBy = [] } > 0)
    #expect(flaws { $0[3].supportedBy.append("G1") } == 1)
    #expect(flaws { $0[0].inContextOf.append("S1") } == 1)
    #expect(flaws { $0[$0.count - 1].indicator = nil } == 1)
    #expect(flaws { $0.append($0[1]) } > 0)
  }

  @Test func theExportsAreWellFormedAndHoldEveryElement() throws {
    var argument = Self.argument(Self.goodDay)
    argument.name = "line <1> & \"2\""
    for text in [argument.svg, argument.sacm] {
      let parser = XMLWalk()
      #expect(parser.read(text), "\(parser.trouble)")
    }
    for node in argument.nodes {
      #expect(argument.svg.contains(">\(node.id)</text>") && argument.sacm.contains("gid=\"\(node.id)\""), "\(node.id)")
    }
    // Four goals rest on the goal through one strategy through it, as SACM has it.
    #expect(argument.sacm.components(separatedBy: "reasoning=\"S1\"").count == 5)
    #expect(argument.sacm.components(separatedBy: "<AssertedEvidence").count == 9)
    let read = try JSONDecoder().decode(AssuranceCase.self, from: JSONEncoder().encode(argument))
    #expect(read == argument && read.svg == argument.svg)
  }

  @Test func noTwoShapesOverlap() {
    let argument = Self.argument(Self.goodDay)
    let boxes = ArgumentLayout(argument).places.map {
      (id: $0.id, left: $0.x - $0.width / 2, right: $0.x + $0.width / 2, top: $0.y, bottom: $0.y + $0.fullHeight)
    }
    #expect(boxes.count == argument.nodes.count)
    for (index, a) in boxes.enumerated() {
      for b in boxes[(index + 1)...] {
        #expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top, "\(a.id) and \(b.id)")
      }
    }
  }
}

/// Reads XML far enough to know that every element is closed by its own name and every entity is known.
private final class XMLWalk {
  private(set) var trouble = ""
  func read(_ text: String) -> Bool {
    var open: [Substring] = []
    var rest = text[...]
    while let start = rest.firstIndex(of: "<") {
      let between = rest[..<start]
      if between.contains(">") { trouble = "a stray > before \(rest[start...].prefix(40))" }
      var from = between.startIndex
      while let entity = between[from...].firstIndex(of: "&") {
        if !["&amp;", "&lt;", "&gt;", "&quot;"].contains(where: { between[entity...].hasPrefix($0) }) { trouble = "a stray &" }
        from = between.index(after: entity)
      }
      guard let end = rest[start...].firstIndex(of: ">") else {
        trouble = "an element without end"
        return false
      }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("?") || tag.hasSuffix("/") { continue }
      if tag.hasPrefix("/") {
        if open.popLast() != tag.dropFirst() { trouble = "</\(tag.dropFirst())> closes nothing" }
      } else {
        open.append(tag.prefix { $0 != " " })
      }
    }
    if !open.isEmpty { trouble = "\(open) is left open" }
    return trouble.isEmpty
  }
}
