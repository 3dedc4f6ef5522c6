import Governance
import PlantModel
import Quantities
import Synchronization
import Telemetry
import TemporalLogic

/// Seeded numbers for the tests (SplitMix64).
struct Dice {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) / 9_007_199_254_740_992 }
  mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
  /// Sum of twelve uniforms: near enough to a standard normal, without a logarithm.
  mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + uniform() } }
}

/// An actuator that keeps what it was given.
final class Outbox: Actuator {
  let tags: [String]
  private let sent = Mutex<[DeliveredWrite]>([])
  init(tags: [String]) { self.tags = tags }
  func begin(_ permit: consuming WritePermit) {
    let write = DeliveredWrite(tag: permit.tag, value: permit.value)
    sent.withLock { $0.append(write) }
  }
  func take() -> [DeliveredWrite] {
    sent.withLock { writes in
      defer { writes = [] }
      return writes
    }
  }
}

/// How the pretended plant treats writes and readings.
struct Behaviour {
  var delay: Duration = .seconds(5)
  var ignores = false
  var ceiling = Double.infinity
  var quality = Quality.good
  /// Gain per hour of the full move, in the claim's unit, and the spread of one ten-minute window.
  var gain = 10.0
  var sd = 4.0
  var evidence = true
  var proofProbability = 0.95
  var answersProofs = true
  /// Replications of 200 that lose more than is tolerated.
  var losses = 0
  /// Probability of gain of a move that makes the first tag smaller, if it differs.
  var proofOfLoss: Double?
}

/// Governor, gateway, ledger and a pretended plant, as the shell would wire them; it watches the invariants at every write.
final class Rig {
  static let tags = ["Filler/MachSpeed", "Filler/TempSet"]
  static let door = "Filler/Door"

  var plan: GovernancePlan
  var governor: Governor
  var gateway: Gateway
  var now = Instant(seconds: 1_000_000)
  var behaviour = Behaviour()
  var plant: [String: Double] = [Rig.tags[0]: 60, Rig.tags[1]: 80, Rig.door: 0]
  var twin = TwinStatus(revision: "r1", calibration: "c1", valid: true, score: 0.9, reason: "")
  /// The ledger, as bytes: every fact goes through its JSON.
  private(set) var ledger: [[UInt8]] = []
  /// The same, read back from the bytes.
  private(set) var facts: [Fact] = []
  private(set) var storedFence = FenceState()
  private(set) var effects: [GovernorEffect] = []
  private(set) var writes: [(at: Instant, tag: String, value: Double, before: Double)] = []
  /// Broken invariants, in words.
  private(set) var broken: [String] = []
  /// What is wrong with the interlock's sensor.
  var doorQuality = Quality.good
  var doorIsSuspect = false
  /// The ledger takes no rows: facts wait, in order, until the next input after it does.
  var ledgerRefuses = false
  /// The fence cannot be stored: what is ready is withheld.
  var fenceRefuses = false
  private var unkept: [(index: UInt64, fact: Fact)] = []
  /// Facts after which the shell dies before it answers; counts down.
  var diesAfterFacts: Int?
  private(set) var isDead = false
  private var outbox: Outbox
  /// Where the first tag stood, reading by reading.
  private var speeds: [(at: Instant, value: Double)] = []
  private var armWindows: [Instant: EvidenceWindow] = [:]
  private var landing: [(at: Instant, tag: String, value: Double)] = []
  private var dice: Dice
  private var statuses: [ChangeID: [String]] = [:]
  var personHasPlant = false
  /// Tags that can be written.
  private let writable: [String]
  /// What becomes of the plant in a step of `run`, and what answers for the twin, where they are not the rig's own.
  var live: ((Rig) -> Void)?
  var answer: ((EvidenceRequest) -> Evidence)?

  /// - Parameter setpoints: what can be written and where it stands, in place of `Rig.tags`.
  init(
    authority: Authority = .closedLoop, rollout: RolloutSpec = Rig.rollout, seed: UInt64 = 1, setpoints: [String: Double]? = nil,
    edit: (inout GovernancePlan) -> Void = { _ in }
  ) {
    plan = Rig.plan(authority: authority, rollout: rollout)
    edit(&plan)
    dice = Dice(seed)
    if let setpoints { plant = setpoints }
    writable = setpoints?.keys.sorted() ?? Rig.tags
    governor = Governor(plan: plan)
    outbox = Outbox(tags: writable)
    gateway = Gateway(taking: ActuatorBay([outbox]), check: plan.check, fence: storedFence)
    open()
  }

  static let rollout = RolloutSpec(
    shadow: .minutes(10), steps: [0.4, 1], dwell: .minutes(40), timeout: .hours(6), keepShare: 0.5, alphaGain: 0.1, alphaHarm: 0.2)

  static func plan(authority: Authority, rollout: RolloutSpec) -> GovernancePlan {
    let envelope = EnvelopeSpec(
      limits: [
        TagLimit(tag: tags[0], unit: "1/min", low: 40, high: 80, maxStep: 5, maxPerHour: 30, hold: .keep),
        TagLimit(tag: tags[1], unit: "Cel", low: 70, high: 90, maxStep: 2, maxPerHour: 8, hold: .lastKnownGood),
      ],
      interlocks: [Interlock(name: "door open", forbids: [], tag: door, comparison: .above, value: 0.5)], authorityCeiling: .closedLoop)
    let loop = LoopSpec(
      name: "speed", program: "setpoints", arguments: [], moves: tags, objective: .goodPartsPerHour, cadence: .minutes(30),
      deadline: .minutes(5), authority: authority, rollout: rollout)
    // Most tests are not about the width of a move.
    return GovernancePlan(
      envelope: envelope, loops: [loop], revision: "r1", governance: GovernanceSpec(approvals: ApprovalSpec(wideShare: 1)))
  }

  private func open() {
    storedFence = gateway.fence
    _ = gateway.unseal(stored: storedFence)
    feed(.gatewayOpened(epoch: gateway.epoch, mode: gateway.mode))
    feed(.twin(twin))
    publish()
  }

  /// `kill -9`: what was not stored is gone; the plant and the messages on their way are not.
  func restart() {
    isDead = false
    diesAfterFacts = nil
    unkept = []
    outbox = Outbox(tags: writable)
    governor = Governor(plan: plan, state: replayed())
    gateway = Gateway(taking: ActuatorBay([outbox]), check: plan.check, fence: storedFence)
    feed(.awoke(clockIsBehind: false))
    open()
  }

  func replayed() -> GovernorState { GovernorState(folding: facts) }
  var change: ChangeRecord? { governor.state.changes.last }
  var word: String { change?.status.word ?? "none" }
  func count(_ kind: String) -> Int { facts.count { $0.kind == kind } }

  /// Hands an input in and carries out what comes of it, in order.
  func feed(_ input: GovernorInput) {
    gateway.stayAlive(until: now)
    var queue: [GovernorInput] = []
    keepFacts(&queue)
    queue.append(input)
    while !queue.isEmpty, !isDead {
      let some = governor.handle(queue.removeFirst(), at: now)
      effects += some
      for effect in some where !isDead { perform(effect, &queue) }
    }
    watch()
  }

  private func perform(_ effect: GovernorEffect, _ queue: inout [GovernorInput]) {
    switch effect {
    case .record(let index, let fact):
      unkept.append((index, fact))
      keepFacts(&queue)
    case .requestProof(let proposal):
      if behaviour.answersProofs { queue.append(.proof(proof(of: proposal))) }
    case .requestEvidence(let request):
      if behaviour.evidence { queue.append(.evidence(evidence(for: request))) }
    case .write(let intent): write(intent, &queue)
    case .setGatewayMode(let mode):
      if mode == .manual { gateway.takeOver() } else { gateway.rearm() }
      storedFence = gateway.fence
    case .stopLoops, .startLoops, .notice: break
    }
  }

  /// Appends what waits to the ledger, and answers.
  private func keepFacts(_ queue: inout [GovernorInput]) {
    while !ledgerRefuses, !isDead, !unkept.isEmpty {
      let (index, fact) = unkept.removeFirst()
      if index != UInt64(ledger.count) { broken.append("fact \(index) at place \(ledger.count)") }
      ledger.append(fact.encoded())
      do { facts.append(try Fact(decoding: ledger[ledger.count - 1])) } catch { broken.append("\(error)") }
      if let left = diesAfterFacts {
        diesAfterFacts = left - 1
        if left <= 1 {
          isDead = true
          return
        }
      }
      queue.append(.recorded(index: index, fact))
    }
  }

  private func write(_ intent: WriteIntent, _ queue: inout [GovernorInput]) {
    if !facts.suffix(10).contains(where: { $0.what == .writeIntended(intent: intent) }) {
      broken.append("write \(intent.token) without a prior fact")
    }
    switch gateway.prepare(intent, at: now) {
    case .refused(let refusal): queue.append(.gateway(.refused(intent.token, refusal)))
    case .ready where fenceRefuses: queue.append(.gateway(.failed(intent.token, WriteFailure(.withheld, readBack: nil))))
    case .ready(let prepared):
      storedFence = prepared.fence
      if let report = gateway.send(prepared, at: now) { queue.append(.gateway(report)) }
    }
    for write in outbox.take() { leave(write) }
  }

  private func leave(_ write: DeliveredWrite) {
    let before = plant[write.tag] ?? .nan
    writes.append((now, write.tag, write.value, before))
    if personHasPlant { broken.append("\(write.tag) written after a takeover") }
    guard let limit = plan.check.limit(write.tag) else { return broken.append("\(write.tag) written without limits") }
    if !(write.value >= limit.low && write.value <= limit.high) { broken.append("\(write.tag) := \(write.value) outside the envelope") }
    if abs(write.value - before) > limit.maxStep * 1.000001 { broken.append("\(write.tag) moved \(abs(write.value - before)) at once") }
    let hour = writes.suffix(200).filter { $0.tag == write.tag && now - $0.at < .hours(1) }.reduce(0) { $0 + abs($1.value - $1.before) }
    if hour > limit.maxPerHour * 1.000001 { broken.append("\(write.tag) moved \(hour) within the hour") }
    if !behaviour.ignores { landing.append((now + behaviour.delay, write.tag, min(write.value, behaviour.ceiling))) }
  }

  /// Lets plant time pass; the plant reports each step.
  func run(_ span: Duration, step: Duration = .seconds(30), until stop: (Rig) -> Bool = { _ in false }) {
    let end = now + span
    while now < end, !isDead, !stop(self) {
      now += step
      for write in landing where write.at <= now { plant[write.tag] = write.value }
      landing.removeAll { $0.at <= now }
      live?(self)
      gateway.stayAlive(until: now)
      publish()
      for report in gateway.tick(at: now) { settle(report) }
      feed(.tick)
    }
  }

  private func settle(_ report: GatewayReport) {
    storedFence = gateway.fence
    feed(.gateway(report))
  }

  func publish() {
    speeds.append((now, plant[Rig.tags[0]] ?? .nan))
    gateway.stayAlive(until: now)
    for tag in plant.keys.sorted() {
      let isDoor = tag == Rig.door
      let reading = Reading(
        value: plant[tag] ?? .nan, quality: isDoor ? min(behaviour.quality, doorQuality) : behaviour.quality, instant: now,
        isSuspect: isDoor && doorIsSuspect)
      for report in gateway.observe(reading, of: tag, at: now) { settle(report) }
      feed(.reading(tag: tag, reading))
    }
  }

  func setTwin(valid: Bool) {
    twin.valid = valid
    twin.reason = valid ? "" : "residuals are out of bounds"
    feed(.twin(twin))
  }

  func draft(speed: Double = 70, temperature: Double? = nil, gain: Double = 10, loop: String = "speed") -> ProposalDraft {
    var moves = [Move(tag: Rig.tags[0], from: plant[Rig.tags[0]] ?? 0, to: speed)]
    if let temperature { moves.append(Move(tag: Rig.tags[1], from: plant[Rig.tags[1]] ?? 0, to: temperature)) }
    let interval = ClaimInterval(lower: gain * 0.3, expected: gain, upper: gain * 1.7)
    return ProposalDraft(
      loop: loop, moves: moves,
      claim: Claim(objective: .goodPartsPerHour, goodPerHour: interval, valuePerHour: interval, confidence: 0.9, horizon: .hours(8)),
      rationale: "the filler is the bottleneck", revision: "r1", calibration: twin.calibration, expires: now + .hours(4))
  }

  func proof(of proposal: Proposal) -> Proof {
    let isDown = proposal.moves.first.map { $0.to < $0.from } ?? false
    return Proof(
      change: proposal.id, revision: "r1", calibration: twin.calibration, replications: 200,
      probabilityOfGain: isDown ? behaviour.proofOfLoss ?? behaviour.proofProbability : behaviour.proofProbability,
      predicted: proposal.claim.judged, envelopeClean: true, twinValid: twin.valid, rollbackAdmissible: true, losses: behaviour.losses)
  }

  /// Windows of ten minutes whose luck depends on the window alone, so that asking again gives the same answer.
  func evidence(for request: EvidenceRequest) -> Evidence {
    if let answer { return answer(request) }
    if request.comparesArms { return armEvidence(for: request) }
    var windows: [EvidenceWindow] = []
    var start = request.since
    let share = request.applied[Rig.tags[0]].map { ($0 - 60) / 10 } ?? 1
    while start + .minutes(10) <= now {
      var luck = Dice(UInt64(bitPattern: start.nanoseconds / 1_000_000_000))
      windows.append(
        EvidenceWindow(
          start: start, end: start + .minutes(10), realised: 1000 + behaviour.gain * share + behaviour.sd * luck.normal(), counterfactual: 1000,
          sd: behaviour.sd))
      start += .minutes(10)
    }
    return Evidence(change: request.change, step: request.step, since: request.since, windows: windows, missingShare: 0, complete: true)
  }

  /// For pairs: what happened, whatever arm ran, on a plant whose level wanders slowly and unknown to everybody.
  private func armEvidence(for request: EvidenceRequest) -> Evidence {
    var windows: [EvidenceWindow] = []
    var start = request.since
    while start + .minutes(10) <= now {
      defer { start += .minutes(10) }
      if let known = armWindows[start] {
        windows.append(known)
        continue
      }
      let speeds = speeds.drop { $0.at <= start }.prefix { $0.at <= start + .minutes(10) }.map(\.value)
      let share = (speeds.reduce(0, +) / Double(max(speeds.count, 1)) - 60) / 10
      let number = start.nanoseconds / 600_000_000_000
      var luck = Dice(UInt64(bitPattern: number))
      // Steps of an hour and of seven: what neighbouring windows share.
      var hours = Dice(UInt64(bitPattern: number / 6 + 1_000_000)), shifts = Dice(UInt64(bitPattern: number / 42 + 2_000_000))
      let level = 1000 + 3 * behaviour.sd * shifts.normal() + behaviour.sd * hours.normal()
      let window = EvidenceWindow(
        start: start, end: start + .minutes(10), realised: level + behaviour.gain * share + behaviour.sd * luck.normal(), counterfactual: 0,
        sd: behaviour.sd)
      armWindows[start] = window
      windows.append(window)
    }
    return Evidence(change: request.change, step: request.step, since: request.since, windows: windows, missingShare: 0, complete: true)
  }

  /// After every input: the statuses of each change, in the order in which they came.
  private func watch() {
    for record in governor.state.changes.suffix(2) {
      let word = record.status.word
      if statuses[record.id]?.last != word { statuses[record.id, default: []].append(word) }
    }
  }

  /// The words of a change's statuses, oldest first (those that outlasted an input).
  func history(_ id: ChangeID?) -> [String] { id.flatMap { statuses[$0] } ?? [] }
}
