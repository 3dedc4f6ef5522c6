public import Determinism
public import Governance
internal import Learning
public import PlantModel
public import Quantities
public import Telemetry
public import Twin

/// The whole of one plant's Takt as a value: twin, governor and loop supervisors, composed.
///
/// Samples, ticks, answers and commands come in; what the shell must do goes out. Nothing here knows a socket, a file or a clock, so a
/// recorded stream of inputs replays a plant's day, and the same kernel runs a plant, a rehearsal and a test.
public struct PlantKernel: StateMachine, Sendable {
  public enum Input: Sendable {
    /// Telemetry, durable in the historian.
    case samples([SampleBlock])
    /// Time passes; send one several times a second of wall time.
    case tick(uptime: Duration)
    /// Comes first in every life: what the machine's monotonic clock shows, and whether the plant's shows less than what is on record.
    case awoke(uptime: Duration, clockIsBehind: Bool)
    /// The plant's clock shows less than it did: it was set back.
    case timeStandsStill
    /// The gateway has stored its new epoch; `mode` is what it enforces.
    case gatewayOpened(epoch: UInt64, mode: GatewayMode)
    /// The fact is durable in the ledger.
    case recorded(index: UInt64, Fact)
    case gateway(GatewayReport)
    case loop(String, LoopSupervisor.Input)
    case command(OperatorCommand, by: Person)
    case stopLoop(String)
    case resumeLoop(String)
    case finished(Job.Result)
    /// How a twin of this plant that runs elsewhere stands: from then on its word on validity counts, and no longer that of our own, which
    /// goes on following the plant. A rehearsal answers for the twin in this way; proofs and evidence are its answers to jobs.
    case twinJudged(TwinStatus)
    /// Whoever answers for the twin certifies a loop, too.
    case certified(LoopCertificate)
  }

  public enum Effect: Sendable {
    /// Append to the ledger, flush, answer with `recorded`.
    case record(index: UInt64, Fact)
    /// Hand to the gateway.
    case write(WriteIntent)
    case setGatewayMode(GatewayMode)
    /// For the gateway's own eyes.
    case reading(tag: String, Reading)
    /// Work for another core; answer with `finished`.
    case run(Job)
    case spawn(loop: LoopSpec)
    case send(loop: String, MessageToLoop)
    case terminate(loop: String, pid: Int32, force: Bool)
    case notice(Notice)
  }

  public let folder: PlantFolder
  public private(set) var twin: Twin
  public private(set) var governor: Governor
  /// In the order of their names.
  public internal(set) var loops: [LoopSupervisor]
  /// The newest forecast, for people, and the good parts that had been made when it was asked for.
  public private(set) var forecast: (made: Forecast, goodBefore: Int)?
  private var goodAtAsking = 0
  /// Newest last, bounded: what people should know.
  public private(set) var notices: [DatedNotice] = []

  let seed: UInt64
  /// Plant seconds in a second of uptime.
  private let speed: Double
  private let watched: Set<String>
  private var jobsRunning: Set<Job.Kind> = []
  private var toldStatus: TwinStatus?
  private var toldReference: Int
  private var forecastDue: Instant?
  private var judgedElsewhere: TwinStatus?
  /// Of what calibration, and when, certificates were asked for last.
  private var certificatesAsked: (calibration: String, at: Instant)?
  private var alarms: AlarmBudget

  public struct DatedNotice: Sendable, Hashable, Codable {
    public var at: Instant
    public var notice: Notice
  }

  /// - Parameters:
  ///   - state: `GovernorState(folding:)` of the ledger's facts; a new one for a plant without a ledger.
  ///   - keys: what the shell knows of loops' programs and of decoys.
  ///   - seed: of every random number that the kernel and its loops draw.
  ///   - twin: how the twin follows its plant.
  ///   - supervision: how loops' processes are watched.
  ///   - speed: plant seconds in a wall second: 1 but for a simulated plant.
  public init(
    folder: PlantFolder, state: GovernorState, rules: GovernorRules = GovernorRules(), keys: LoopKeys = LoopKeys(), seed: UInt64,
    twin: TwinConfiguration = TwinConfiguration(), supervision: LoopSupervisor.Options = LoopSupervisor.Options(),
    speed: Double = 1
  ) {
    self.folder = folder
    (self.seed, self.speed) = (seed, speed)
    alarms = AlarmBudget(perHour: folder.governance.alarmsPerHour)
    var configuration = twin
    // It takes seconds: another core's business.
    configuration.infersItself = false
    self.twin = Twin(plant: folder.plant, seed: seed, configuration: configuration, reference: state.reference)
    toldReference = state.reference?.revision ?? 0
    var plan = GovernancePlan(folder, rules: rules)
    (plan.decoySecret, plan.programs) = (keys.decoySecret, keys.programs)
    governor = Governor(plan: plan, state: state)
    loops = folder.loops.map { loop in
      LoopSupervisor(
        loop: loop,
        hello: LoopHello(
          version: 1, loop: loop.name, plant: folder.plant, limits: folder.envelope.limits.filter { loop.moves.contains($0.tag) },
          objective: loop.objective, proof: folder.governance.proof), options: supervision)
    }
    watched = Set(folder.envelope.watchedTags)
  }

  public mutating func handle(_ input: Input, at now: Instant) -> [Effect] {
    switch input {
    case .samples(let blocks): return take(blocks, at: now)
    case .tick(let uptime): return tick(uptime, at: now)
    case .awoke(let uptime, let isBehind):
      return govern(.awoke(clockIsBehind: isBehind), at: now) + govern(.elapsed(uptime * speed), at: now)
    case .timeStandsStill: return govern(.timeStandsStill, at: now)
    case .gatewayOpened(let epoch, let mode): return govern(.gatewayOpened(epoch: epoch, mode: mode), at: now)
    case .recorded(let index, let fact):
      let effects = govern(.recorded(index: index, fact), at: now)
      if case .driftSettled(let decision, _, _) = fact.what { twin.settle(decision, at: fact.at) }
      return effects + (stabilityAlarm(after: fact).map { govern($0, at: now) } ?? [])
    case .gateway(let report): return govern(.gateway(report), at: now)
    case .command(let command, let person): return govern(.command(command, by: person), at: now)
    case .loop(let name, let input): return supervise(name, input, at: now)
    case .stopLoop(let name): return supervise(name, .kill, at: now)
    case .resumeLoop(let name): return supervise(name, .resume, at: now)
    case .finished(let result): return finish(result, at: now)
    case .twinJudged(let status):
      judgedElsewhere = status
      return []
    case .certified(let certificate): return govern(.certified(certificate), at: now)
    }
  }

  /// Telemetry of an earlier run, for the twin alone: nobody acts on the past.
  public mutating func catchUp(with block: SampleBlock) { twin.observe(block) }

  /// Lets the twin's time pass while it catches up.
  ///
  /// What stations without a state have to tell is not inferred on the way, which would take seconds an hour: the first tick asks for it, once.
  public mutating func catchUp(to instant: Instant) { twin.advance(to: instant) }

  /// The twin as the governor is told of it.
  public var twinStatus: TwinStatus {
    if let judgedElsewhere { return judgedElsewhere }
    let validity = twin.validity
    return TwinStatus(
      revision: folder.revision, calibration: twin.calibration.id, valid: validity.valid, score: validity.score, reason: validity.reason)
  }

  // MARK: Telemetry and time

  private mutating func take(_ blocks: [SampleBlock], at now: Instant) -> [Effect] {
    var effects: [Effect] = []
    for block in blocks {
      twin.observe(block)
      guard watched.contains(block.tag) else { continue }
      // What repeats itself beyond chance is no measurement, whatever its source says.
      let (isFrozen, isSuspect) = (twin.isFrozen(block.tag), twin.isSuspect(block.tag))
      for index in 0..<block.count {
        let sample = block[index]
        guard let number = sample.value.number else { continue }
        let quality = isFrozen ? min(sample.quality, .uncertain) : sample.quality
        let reading = Reading(value: number, quality: quality, instant: sample.instant, isSuspect: isSuspect)
        effects.append(.reading(tag: block.tag, reading))
        effects += govern(.reading(tag: block.tag, reading), at: now)
      }
    }
    return effects
  }

  private mutating func tick(_ uptime: Duration, at now: Instant) -> [Effect] {
    twin.advance(to: now)
    var effects: [Effect] = []
    let status = twinStatus
    if status.calibration != toldStatus?.calibration || status.valid != toldStatus?.valid {
      toldStatus = status
      effects += govern(.twin(status), at: now)
    }
    if judgedElsewhere == nil, twin.reference.revision != toldReference {
      toldReference = twin.reference.revision
      effects += govern(.reference(twin.reference), at: now)
    }
    effects += govern(.elapsed(uptime * speed), at: now)
    for name in loops.map(\.loop.name) { effects += supervise(name, .tick(uptime: uptime), at: now) }
    if let request = twin.inferenceRequest { effects += start(.inference(request)) }
    effects += askForCertificates(at: now)
    if now >= forecastDue ?? now, twin.hasHeardAMachine {
      forecastDue = now + .minutes(10)
      goodAtAsking = twin.good
      effects += start(.forecast(ForecastJob(twin: twin, horizon: .hours(2), replications: 64)))
    }
    return effects
  }

  /// With each calibration, and now and then between: set-points move, and certificates end.
  private mutating func askForCertificates(at now: Instant) -> [Effect] {
    guard judgedElsewhere == nil, !loops.isEmpty, twin.hasHeardAMachine else { return [] }
    let calibration = twin.calibration.id
    if let asked = certificatesAsked, asked.calibration == calibration, now - asked.at < .minutes(30) { return [] }
    let effects = start(
      .certificates(CertificateJob(twin: twin, loops: folder.loops, limits: folder.envelope.limits, now: now)))
    if !effects.isEmpty { certificatesAsked = (calibration, now) }
    return effects
  }

  // MARK: Governor

  private mutating func govern(_ input: GovernorInput, at now: Instant) -> [Effect] {
    governor.handle(input, at: now).flatMap { follow($0, at: now) }
  }

  private mutating func follow(_ effect: GovernorEffect, at now: Instant) -> [Effect] {
    switch effect {
    case .record(let index, let fact): return [.record(index: index, fact)]
    case .write(let intent): return [.write(intent)]
    case .setGatewayMode(let mode): return [.setGatewayMode(mode)]
    case .requestProof(let proposal):
      return start(.proof(ProofJob(proposal: proposal, inputs: proofInputs(for: proposal, at: now), folder: folder)))
    case .requestEvidence(let request): return start(.evidence(EvidenceJob(request: request, until: now, twin: twin)))
    case .stopLoops: return loops.map(\.loop.name).flatMap { supervise($0, .halt, at: now) }
    case .startLoops: return loops.filter { $0.status == .stopped(.halt) }.map(\.loop.name).flatMap { supervise($0, .resume, at: now) }
    case .notice(let raised):
      let notice = alarms.admit(raised, at: now)
      notices.append(DatedNotice(at: now, notice: notice))
      if notices.count > 200 { notices.removeFirst(notices.count - 200) }
      return [.notice(notice)]
    }
  }

  // MARK: Work for another core

  /// One job of a kind at a time: an answer that is late is asked for again by whoever wanted it.
  private mutating func start(_ job: Job) -> [Effect] {
    guard jobsRunning.insert(job.kind).inserted else { return [] }
    return [.run(job)]
  }

  private mutating func finish(_ result: Job.Result, at now: Instant) -> [Effect] {
    jobsRunning.remove(result.kind)
    switch result {
    case .proof(let proof, _): return govern(.proof(proof), at: now)
    case .evidence(let evidence): return govern(.evidence(evidence), at: now)
    case .forecast(let made):
      forecast = (made, goodAtAsking)
      return []
    case .inference(let inferred):
      twin.adopt(inferred)
      return []
    case .certificates(let findings, let calibration):
      return certificateInputs(findings, calibration: calibration).flatMap { govern($0, at: now) }
    }
  }

  // MARK: Loops

  private mutating func supervise(_ name: String, _ input: LoopSupervisor.Input, at now: Instant) -> [Effect] {
    guard let index = loops.firstIndex(where: { $0.loop.name == name }) else { return [] }
    return loops[index].handle(input, at: now).flatMap { follow($0, of: index, at: now) }
  }

  private mutating func follow(_ effect: LoopSupervisor.Effect, of index: Int, at now: Instant) -> [Effect] {
    let loop = loops[index].loop
    switch effect {
    case .spawn: return [.spawn(loop: loop)]
    case .send(let message): return [.send(loop: loop.name, message)]
    case .terminate(let pid, let force): return [.terminate(loop: loop.name, pid: pid, force: force)]
    case .observationDue(let request):
      let observation = observation(for: loop, request: request, at: now)
      return loops[index].observe(observation).flatMap { follow($0, of: index, at: now) }
    case .proposed(let proposal): return govern(.proposed(draft(proposal, of: loop, at: now)), at: now)
    case .stayed: return []
    case .note(.started): return govern(.loopStarted(loop.name), at: now)
    case .note(.crashed(let reason, _)), .note(.gaveUp(let reason)): return govern(.loopCrashed(loop.name, reason: reason), at: now)
    case .note(.missedDeadline): return govern(.loopMissedDeadline(loop.name), at: now)
    case .note(.misbehaved), .note(.stopped), .note(.said): return []
    }
  }
}
