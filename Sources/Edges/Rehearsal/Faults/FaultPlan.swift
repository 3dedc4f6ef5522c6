import Determinism
import Governance
import PlantModel
import Quantities
import Telemetry

/// What goes wrong in one seed's life: drawn before it begins, so that leaving a fault out changes no other.
enum FaultPlan {
  /// - Parameters:
  ///   - length: of the life.
  ///   - plant: whose sensors fail.
  static func faults(seed: UInt64, length: Duration, of plant: RehearsalPlant) -> [Fault] {
    var luck = RandomStream(seed: seed, "faults")
    // A few lives are quiet, most have some trouble, a few have nothing but trouble.
    let count = [2, 4, 6, 8, 10, 14, 20, 30][luck.integer(below: 8)]
    // Swarm testing: each life leaves out whole kinds of fault, so that the others meet more deeply. (Groce et al. 2012, doi:10.1145/2338965.2336763.)
    let all = kinds(on: plant)
    let kinds = all.indices.filter { _ in luck.chance(0.5) }
    let chosen = kinds.isEmpty ? Array(all.indices) : kinds
    var faults: [Fault] = []
    for _ in 0..<count {
      let at = Duration.seconds(luck.uniform(60, length.seconds))
      let kind = all[chosen[luck.integer(below: chosen.count)]]
      faults.append(Fault(at, kind(&luck)))
    }
    return faults.sorted { ($0.at, "\($0.what)") < ($1.at, "\($1.what)") }
  }

  private typealias Draw = (inout RandomStream) -> Fault.What

  private static func kinds(on plant: RehearsalPlant) -> [Draw] {
    [
      { luck in .kill(down: down(&luck)) },
      { luck in .powerCut(operations: luck.integer(below: 40), luck: luck.next(), down: down(&luck)) },
      { luck in .powerCut(operations: luck.integer(below: 4), luck: luck.next(), down: down(&luck)) },
      { luck in .pause(span: .seconds(luck.uniform(5, 900))) },
      { luck in .secondLife(after: .seconds(luck.uniform(5, 60)), span: .seconds(luck.uniform(30, 300))) },
      { luck in .syncsFail(1 + luck.integer(below: 5)) }, { luck in .diskFull(span: span(&luck)) },
      { luck in .ledgerRefuses(span: span(&luck)) }, { luck in .answerLost(1 + luck.integer(below: 3)) },
      { luck in .revision(luck.integer(below: 3)) },
      { luck in .telemetryCut(span: span(&luck)) }, { luck in .commandsCut(span: span(&luck)) },
      { luck in .network(delay: .seconds(luck.uniform(0, 200)), loss: luck.uniform(0, 0.5), doubled: luck.uniform(0, 0.5), span: span(&luck)) },
      { _ in .commandAgain }, { _ in .answersAgain },
      { luck in .clockStep(by: step(&luck), span: span(&luck)) }, { luck in .sourceClockStep(by: step(&luck), span: span(&luck)) },
      { luck in .frozen(tag: sensor(&luck, plant), span: span(&luck)) },
      { luck in .lying(tag: sensor(&luck, plant), by: luck.uniform(-0.5, 0.5), span: span(&luck)) },
      { luck in .nonsense(tag: sensor(&luck, plant), value: nonsense[luck.integer(below: nonsense.count)], span: span(&luck)) },
      { luck in .quality(tag: sensor(&luck, plant), [Quality.bad, .stale, .uncertain][luck.integer(below: 3)], span: span(&luck)) },
      { luck in .silent(tag: sensor(&luck, plant), span: span(&luck)) },
      { luck in .deaf(tag: sensor(&luck, plant), span: span(&luck)) },
      { luck in .ceiling(tag: sensor(&luck, plant), share: luck.uniform(0.2, 0.9), span: span(&luck)) },
      { luck in .slowMachines(delay: .seconds(luck.uniform(10, 400)), span: span(&luck)) },
      { luck in .pressureHigh(span: span(&luck)) },
      { luck in .hand(tag: sensor(&luck, plant), share: luck.uniform(0, 1)) },
      { luck in .twinInvalid(span: span(&luck)) }, { _ in .recalibrated },
      { luck in .proofs(Fault.ProofFault.allCases[luck.integer(below: Fault.ProofFault.allCases.count)], span: span(&luck)) },
      { luck in .evidence(Fault.EvidenceFault.allCases[luck.integer(below: Fault.EvidenceFault.allCases.count)], span: span(&luck)) },
      { _ in .loopCrash }, { luck in .loopHangs(span: span(&luck)) }, { _ in .loopBabbles },
      { luck in .rogue(Fault.RogueProposal.allCases[luck.integer(below: Fault.RogueProposal.allCases.count)]) },
      { luck in .order(order(&luck)) }, { luck in .order(order(&luck)) },
      { luck in .order(Fault.Order(.takeOver, as: .viewer)) },
      { luck in .storm(orders: 10 + luck.integer(below: 40), every: .seconds(luck.uniform(0.2, 3)), luck: luck.next()) },
    ]
  }

  /// Mostly a sensor that a loop's writes rest on.
  private static func sensor(_ luck: inout RandomStream, _ plant: RehearsalPlant) -> Int {
    luck.chance(0.75) ? plant.important[luck.integer(below: plant.important.count)] : luck.integer(below: plant.sensors.count)
  }

  /// An order as anybody might give it.
  static func order(_ luck: inout RandomStream) -> Fault.Order {
    Fault.Order(
      Fault.Order.Verb.allCases[luck.integer(below: Fault.Order.Verb.allCases.count)], as: Role.allCases[luck.integer(below: Role.allCases.count)])
  }

  private static let nonsense: [Double] = [.nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, 1e308, -1e308, -.leastNonzeroMagnitude]

  /// Mostly minutes, sometimes an hour.
  private static func span(_ luck: inout RandomStream) -> Duration {
    luck.chance(0.8) ? .minutes(luck.uniform(0.5, 20)) : .minutes(luck.uniform(20, 90))
  }

  private static func down(_ luck: inout RandomStream) -> Duration {
    luck.chance(0.7) ? .seconds(luck.uniform(1, 60)) : .minutes(luck.uniform(1, 40))
  }

  private static func step(_ luck: inout RandomStream) -> Duration {
    let size = [Duration.seconds(1), .seconds(20), .minutes(4), .hours(1)][luck.integer(below: 4)]
    return luck.chance(0.5) ? size : -size
  }
}
