import ContinuousPlants
import Governance
import LoopTrials
import PlantModel
import Quantities
import Synchronization
import Telemetry

/// The governor, the gateway and the judge as they are, with the constrained Williams–Otto reactor behind the door and its two-reaction twin as the
/// author of the proposal: what the shell does is done here, minute by minute of plant time.
final class GovernedReactor {
  static let tags = ["Reactor/FeedB", "Reactor/Temperature"]
  static let steps = [0.025, 0.05, 0.1, 0.25, 0.5, 1]

  private(set) var governor: Governor
  private var gateway: Gateway
  private let outbox = Outbox(tags: GovernedReactor.tags)
  private(set) var reactor: OperatedReactor
  private(set) var facts: [Fact] = []
  private var now = Instant(seconds: 1_000_000)
  private let start: [Double]
  let goal: [Double]
  /// The twin's promise for the whole move, $/s.
  let promised: Double
  private var firstWrite: Instant?
  /// Every reading since the start: when it was taken, and the profit.
  private var readings: [(at: Instant, profit: Double)] = []
  /// Largest share of the move that was in force, and the least true profit at rest of any set-points that were.
  private(set) var largestShare = 0.0
  private(set) var leastProfit: Double
  let profitBefore: Double
  /// ∫(profit before − profit now) dt over the change, $, and its duration in s.
  private(set) var lost = 0.0
  private(set) var lasted = 0.0

  init(seed: UInt64) throws {
    start = try OperatedReactor.feasibleStart(seed: seed)
    goal = try ReactorTwin.optimum(from: start)
    promised = try ReactorTwin.steady(at: goal).profit - ReactorTwin.steady(at: start).profit
    profitBefore = try OperatedReactor.trueProfit(at: start)
    leastProfit = profitBefore
    reactor = try OperatedReactor(at: start, seed: seed)
    let plan = Self.plan
    governor = Governor(plan: plan)
    gateway = Gateway(taking: ActuatorBay([outbox]), check: plan.check, fence: FenceState())
    _ = gateway.unseal(stored: gateway.fence)
    feed(.gatewayOpened(epoch: gateway.epoch, mode: gateway.mode))
    feed(.twin(TwinStatus(revision: "r1", calibration: "c1", valid: true, score: 0.8, reason: "")))
  }

  private static var plan: GovernancePlan {
    let envelope = EnvelopeSpec(
      limits: [
        TagLimit(tag: tags[0], unit: "kg/s", low: 4, high: 5.2, maxStep: 0.01, maxPerHour: 0.2, hold: .lastKnownGood),
        TagLimit(tag: tags[1], unit: "Cel", low: 74, high: 86, maxStep: 0.1, maxPerHour: 2, hold: .lastKnownGood),
      ],
      interlocks: [], authorityCeiling: .closedLoop)
    let rollout = RolloutSpec(
      shadow: .hours(4), steps: steps, dwell: .hours(2), timeout: .hours(12), keepShare: 0.5, alphaGain: 0.05, alphaHarm: 0.2)
    let loop = LoopSpec(
      name: "economics", program: "setpoints", arguments: [], moves: tags, objective: .valuePerHour, cadence: .hours(4), deadline: .minutes(5),
      authority: .closedLoop, rollout: rollout)
    var rules = GovernorRules()
    rules.sameWithin = 1e-4
    // Ten-minute steps of a hundredth: the reactor is moved slowly, not little.
    rules.plausibleSteps = 200
    rules.rollbackAlarm = .hours(24)
    return GovernancePlan(
      envelope: envelope, loops: [loop], revision: "r1", rules: rules, governance: GovernanceSpec(approvals: ApprovalSpec(wideShare: 1)))
  }

  var change: ChangeRecord? { governor.state.changes.last }

  /// Proposes the twin's optimum, and runs until the change has ended or two days are over.
  func rollOut() throws {
    // An hour of readings before anybody asks for anything.
    for _ in 0..<60 { try minute() }
    let perHour = promised * 3600
    let interval = ClaimInterval(lower: 0.5 * perHour, expected: perHour, upper: 1.5 * perHour)
    let moves = (0..<2).map { Move(tag: Self.tags[$0], from: start[$0], to: goal[$0]) }
    feed(
      .proposed(
        ProposalDraft(
          loop: "economics", moves: moves,
          claim: Claim(objective: .valuePerHour, goodPerHour: interval, valuePerHour: interval, confidence: 0.9, horizon: .hours(8)),
          rationale: "the twin's optimum", revision: "r1", calibration: "c1", expires: now + .hours(8))))
    for _ in 0..<(48 * 60) where change?.status.isOpen == true { try minute() }
  }

  private func minute() throws {
    now += .minutes(1)
    gateway.stayAlive(until: now)
    for write in outbox.take() {
      var u = reactor.setpoints
      if firstWrite == nil { firstWrite = now }
      if let i = Self.tags.firstIndex(of: write.tag) { u[i] = write.value }
      reactor.set(u)
    }
    if Int((now - Instant(seconds: 0)).minutes.rounded()) % 2 == 0 { readings.append((now, reactor.reading().profit)) }
    reactor.pass(60)
    for (i, tag) in Self.tags.enumerated() {
      let reading = Reading(value: reactor.setpoints[i], quality: .good, instant: now)
      for report in gateway.observe(reading, of: tag, at: now) { feed(.gateway(report)) }
      feed(.reading(tag: tag, reading))
    }
    for report in gateway.tick(at: now) { feed(.gateway(report)) }
    feed(.tick)
    if change?.status.isWritten == true {
      let profit = try OperatedReactor.trueProfit(at: reactor.setpoints)
      leastProfit = min(leastProfit, profit)
      lost += 60 * (profitBefore - profit)
      lasted += 60
      switch change?.status {
      case .canary(let stage), .full(let stage): largestShare = max(largestShare, stage.share)
      default: break
      }
    }
  }

  private func feed(_ input: GovernorInput) {
    var queue = [input]
    while !queue.isEmpty {
      for effect in governor.handle(queue.removeFirst(), at: now) {
        switch effect {
        case .record(let index, let fact):
          facts.append(fact)
          queue.append(.recorded(index: index, fact))
        case .requestProof(let proposal):
          // The twin believes in its own optimum, whatever the seed.
          queue.append(
            .proof(
              Proof(
                change: proposal.id, revision: "r1", calibration: "c1", replications: 200, probabilityOfGain: 0.97, predicted: proposal.claim.judged,
                envelopeClean: true, twinValid: true, rollbackAdmissible: true, losses: 0)))
        case .requestEvidence(let request): queue.append(.evidence(evidence(for: request)))
        case .write(let intent):
          switch gateway.prepare(intent, at: now) {
          case .refused(let refusal): queue.append(.gateway(.refused(intent.token, refusal)))
          case .ready(let prepared): if let report = gateway.send(prepared, at: now) { queue.append(.gateway(report)) }
          }
        default: break
        }
      }
    }
  }

  /// Windows of ten minutes from seven residence times after the stage was reached, beside the mean of the readings before the change was proposed
  /// and in its shadow: what the reactor makes at the set-points without the change.
  private func evidence(for request: EvidenceRequest) -> Evidence {
    let before = readings.filter { $0.at < (firstWrite ?? request.since) }
    let counterfactual = before.reduce(0) { $0 + $1.profit } / Double(max(1, before.count))
    var windows: [EvidenceWindow] = []
    var start = request.since + Duration(seconds: OperatedReactor.settling)
    while start + .minutes(10) <= now {
      let inside = readings.filter { $0.at >= start && $0.at < start + .minutes(10) }
      let realised = inside.reduce(0) { $0 + $1.profit } / Double(max(1, inside.count))
      windows.append(
        EvidenceWindow(
          start: start, end: start + .minutes(10), realised: realised * 3600, counterfactual: counterfactual * 3600,
          sd: 3600 * reactor.profitNoise / Double(max(1, inside.count)).squareRoot()))
      start += .minutes(10)
    }
    return Evidence(
      change: request.change, step: request.step, since: request.since, windows: windows,
      commonSD: 3600 * reactor.profitNoise / Double(max(1, before.count)).squareRoot(), missingShare: 0, complete: true)
  }
}

/// An actuator that keeps what it was given.
final class Outbox: Actuator {
  let tags: [String]
  private let sent = Mutex<[(tag: String, value: Double)]>([])
  init(tags: [String]) { self.tags = tags }
  func begin(_ permit: consuming WritePermit) {
    let write = (tag: permit.tag, value: permit.value)
    sent.withLock { $0.append(write) }
  }
  func take() -> [(tag: String, value: Double)] {
    sent.withLock { writes in
      defer { writes = [] }
      return writes
    }
  }
}
