import Determinism
import Governance
import PlantModel
import Quantities
import Telemetry

/// What goes wrong in one seed's life: drawn before it begins, so that leaving a fault out changes no other.
enum FaultPlan {
  /// - Parameters:
  ///   - length: of the life.
  ///   - tags: how many sensors there are.
  static func faults(seed: UInt64, length: Duration, tags: Int) -> [Fault] {
    var luck = RandomStream(seed: seed, "faults")
    // A few lives are quiet, most have some trouble, a few have nothing but trouble.
    let count = [2, 4, 6, 8, 10, 14, 20, 30][luck.integer(below: 8)]
    // Swarm testing: each life leaves out whole kinds of fault, so that the others meet more deeply. (Groce et al. 2012, doi:10.1145/2338965.2336763.)
    let kinds = (0..<Self.kinds.count).filter { _ in luck.chance(0.5) }
    let chosen = kinds.isEmpty ? Array(Self.kinds.indices) : kinds
    var faults: [Fault] = []
    for _ in 0..<count {
      let at = Duration.seconds(luck.uniform(60, length.seconds))
      let kind = Self.kinds[chosen[luck.integer(below: chosen.count)]]
      faults.append(Fault(at, kind(&luck, tags)))
    }
    return faults.sorted { ($0.at, "\($0.what)") < ($1.at, "\($1.what)") }
  }

  private typealias Draw = @Sendable (inout RandomStream, Int) -> Fault.What

  private static let kinds: [Draw] = [
    { luck, _ in .kill(down: down(&luck)) },
    { luck, _ in .powerCut(operations: luck.integer(below: 40), luck: luck.next(), down: down(&luck)) },
    { luck, _ in .powerCut(operations: luck.integer(below: 4), luck: luck.next(), down: down(&luck)) },
    { luck, _ in .pause(span: .seconds(luck.uniform(5, 900))) },
    { luck, _ in .secondLife(after: .seconds(luck.uniform(5, 60)), span: .seconds(luck.uniform(30, 300))) },
    { luck, _ in .syncsFail(1 + luck.integer(below: 5)) }, { luck, _ in .diskFull(span: span(&luck)) },
    { luck, _ in .ledgerRefuses(span: span(&luck)) }, { luck, _ in .answerLost(1 + luck.integer(below: 3)) },
    { luck, _ in .revision(luck.integer(below: 3)) },
    { luck, _ in .telemetryCut(span: span(&luck)) }, { luck, _ in .commandsCut(span: span(&luck)) },
    { luck, _ in .network(delay: .seconds(luck.uniform(0, 200)), loss: luck.uniform(0, 0.5), doubled: luck.uniform(0, 0.5), span: span(&luck)) },
    { _, _ in .commandAgain }, { _, _ in .answersAgain },
    { luck, _ in .clockStep(by: step(&luck), span: span(&luck)) }, { luck, _ in .sourceClockStep(by: step(&luck), span: span(&luck)) },
    { luck, tags in .frozen(tag: luck.integer(below: tags), span: span(&luck)) },
    { luck, tags in .lying(tag: luck.integer(below: tags), by: luck.uniform(-0.5, 0.5), span: span(&luck)) },
    { luck, tags in .nonsense(tag: luck.integer(below: tags), value: nonsense[luck.integer(below: nonsense.count)], span: span(&luck)) },
    { luck, tags in .quality(tag: luck.integer(below: tags), [Quality.bad, .stale, .uncertain][luck.integer(below: 3)], span: span(&luck)) },
    { luck, tags in .silent(tag: luck.integer(below: tags), span: span(&luck)) },
    { luck, tags in .deaf(tag: luck.integer(below: tags), span: span(&luck)) },
    { luck, tags in .ceiling(tag: luck.integer(below: tags), share: luck.uniform(0.2, 0.9), span: span(&luck)) },
    { luck, _ in .slowMachines(delay: .seconds(luck.uniform(10, 400)), span: span(&luck)) },
    { luck, _ in .pressureHigh(span: span(&luck)) },
    { luck, tags in .hand(tag: luck.integer(below: tags), share: luck.uniform(0, 1)) },
    { luck, _ in .twinInvalid(span: span(&luck)) }, { _, _ in .recalibrated },
    { luck, _ in .proofs(Fault.ProofFault.allCases[luck.integer(below: Fault.ProofFault.allCases.count)], span: span(&luck)) },
    { luck, _ in .evidence(Fault.EvidenceFault.allCases[luck.integer(below: Fault.EvidenceFault.allCases.count)], span: span(&luck)) },
    { _, _ in .loopCrash }, { luck, _ in .loopHangs(span: span(&luck)) }, { _, _ in .loopBabbles },
    { luck, _ in .rogue(Fault.RogueProposal.allCases[luck.integer(below: Fault.RogueProposal.allCases.count)]) },
    { luck, _ in .order(order(&luck)) }, { luck, _ in .order(order(&luck)) },
    { luck, _ in .order(Fault.Order(.takeOver, as: .viewer)) },
    { luck, _ in .storm(orders: 10 + luck.integer(below: 40), every: .seconds(luck.uniform(0.2, 3)), luck: luck.next()) },
  ]

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
