import Governance
import PlantModel
import Quantities
import Testing

/// Scenario 2: numbers in another unit never get as far as an approval.
@Suite struct MoveUnitsTests {
  private static let check = EnvelopeCheck(
    envelope: EnvelopeSpec(
      limits: [
        TagLimit(tag: "Oven/TempSet", unit: "Cel", low: 150, high: 260, maxStep: 5, maxPerHour: 20, hold: .keep),
        TagLimit(tag: "Feed/FlowSet", unit: "kg/h", low: 500, high: 4000, maxStep: 50, maxPerHour: 400, hold: .keep),
      ], interlocks: [], authorityCeiling: .closedLoop), rules: GovernorRules())

  private func outcome(_ tag: String, from: Double, to: Double, _ unit: String?) -> Result<Move, MoveRefusal> {
    Self.check.inOwnUnit(Move(tag: tag, from: from, to: to, unit: unit))
  }

  @Test func aUnitOfTheSameDimensionIsConvertedAndOneOfAnotherRefused() throws {
    let fahrenheit = try outcome("Oven/TempSet", from: 200, to: 410, "[degF]").get()
    #expect(abs(fahrenheit.to - 210) < 1e-9 && fahrenheit.unit == "Cel")
    #expect(try abs(outcome("Oven/TempSet", from: 200, to: 210 + 273.15, "K").get().to - 210) < 1e-9)
    #expect(try abs(outcome("Feed/FlowSet", from: 1800, to: 0.55, "kg/s").get().to - 1980) < 1e-9)
    #expect(try outcome("Oven/TempSet", from: 200, to: 210, nil).get().to == 210)
    for unit in ["bar", "kg", "1", "", "1/min", "furlongs", "[degF"] {
      guard case .failure(let found) = outcome("Oven/TempSet", from: 200, to: 201, unit) else {
        Issue.record("\(unit) was taken")
        continue
      }
      #expect(found.refusal.reason == .wrongUnit && found.refusal.isMisbehaviour)
    }
  }

  /// A label can lie: a value in degF that says it is in Cel, and kg/s that says it is kg/h, over every set-point and target.
  @Test func scenario02_aValueInAnotherUnitThanItsLabelIsRefusedBeforeApproval() {
    var tried = 0
    for seed in UInt64(0)..<50 {
      var dice = Dice(seed)
      let temperature = 150 + 110 * dice.uniform(), flow = 500 + 3500 * dice.uniform()
      let cases: [(String, Double, Double, String)] = [
        ("Oven/TempSet", temperature, (temperature + 10 * (dice.uniform() - 0.5)) * 1.8 + 32, "Cel"),
        ("Feed/FlowSet", flow, (flow + 200 * (dice.uniform() - 0.5)) / 3600, "kg/h"),
        ("Feed/FlowSet", flow, (flow + 200 * (dice.uniform() - 0.5)) * 3600, "kg/h"),
      ]
      for (tag, from, wrong, unit) in cases {
        for label in [unit, nil] {
          tried += 1
          let rig = Rig {
            $0.envelope = Self.check.envelope; $0.loops[0].moves = ["Oven/TempSet", "Feed/FlowSet"]
          }
          rig.plant = [tag: from]
          var draft = rig.draft()
          draft.moves = [Move(tag: tag, from: from, to: wrong, unit: label)]
          rig.feed(.proposed(draft))
          let isRefused = rig.facts.contains { if case .proposalRefused(_, let refusal) = $0.what { refusal.reason == .implausible } else { false } }
          let isRejected = rig.facts.contains {
            if case .changeRejected(_, let refusal) = $0.what { refusal.reason == .outsideLimits } else { false }
          }
          #expect(isRefused || isRejected, "seed \(seed): \(tag) \(from) → \(wrong)")
          #expect(rig.count("approvalAsked") == 0 && rig.count("changeArmed") == 0 && rig.writes.isEmpty)
        }
      }
    }
    #expect(tried == 300)
  }
}
