import Governance
import Historian
import Ledger
import Optimization
import PlantModel
import Quantities
import Storage
import Supervision
import Synchronization
import Telemetry
import Twin

/// Takt as it runs, over two mills: runtime, kernel, live twin, governor, gateway, historian and ledger are the real ones. Simulated are the mills
/// (`MillLine`), the wire to them, and the loop's process, which asks for quicker mills and promises what a quicker mill makes.
///
/// Every errand is done at once but the forecasts for people, which nobody reads here.
final class GovernedMills {
  private(set) var line: MillLine
  private var runtime: PlantRuntime
  private let outbox: SentWrites
  private let store: MemoryLedgerStore
  private(set) var facts: [Fact] = []
  private(set) var notices: [Notice] = []
  private(set) var troubles: [String] = []
  /// Whatever was written, what the mill had before, and when.
  private(set) var writes: [(at: Instant, tag: String, before: Double, value: Double)] = []
  private var heard = Duration.zero
  /// To what the loop wants both mills to be moved, and what it says that this gains in good parts an hour.
  var wish: (speed: Double, gain: Double)? = nil

  static let tags = MillLine.mills.map { "\($0)/MachSpeed" }
  static let maxStep = 0.6

  init(seed: UInt64) throws {
    let folder = try PlantFolder.read(files: Self.files)
    line = MillLine(seed: seed)
    (outbox, store) = (SentWrites(tags: Self.tags), MemoryLedgerStore())
    let storage = MemoryStorage()
    var twin = TwinConfiguration()
    (twin.forecastReplications, twin.draws) = (8, 32)
    let rules = GovernorRules()
    runtime = try PlantRuntime(
      kernel: PlantKernel(folder: folder, state: GovernorState(), rules: rules, seed: seed, twin: twin, speed: Self.speed),
      gateway: Gateway(
        taking: ActuatorBay([outbox]), check: GovernancePlan(folder, rules: rules).check, fence: try FenceFile.read(storage), speed: Self.speed),
      historian: try Historian(on: storage), store: store, storage: storage, since: line.start)
    carry(try runtime.open(time))
  }

  /// Plant seconds in a second of the machine that Takt runs on.
  private static let speed = 60.0
  private var time: ShellTime { ShellTime(told: line.now, uptime: (line.now - line.start) * (1 / Self.speed)) }

  var kernel: PlantKernel { runtime.kernel }
  var state: GovernorState { runtime.kernel.governor.state }
  var change: ChangeRecord? { state.changes.last }
  var speeds: [Double] { Self.tags.map { line.speed(of: $0) ?? .nan } }
  func isLedgerIntact() throws -> Bool {
    try verifyLedger(store) == .intact(LedgerCheckpoint(count: runtime.ledger.count, head: runtime.ledger.head))
  }

  /// Runs half a minute at a time until `done` or the span is over; true where `done` ended it.
  @discardableResult
  func run(_ span: Duration, until done: (GovernedMills) -> Bool = { _ in false }) -> Bool {
    let end = line.now + span
    while line.now < end {
      line.run(for: .seconds(30))
      let (errands, failure) = runtime.take(line.takeSamples(), time)
      if let failure { troubles.append("\(failure)") }
      carry(errands)
      carry(runtime.tick(time))
      if time.uptime - heard >= .seconds(5) {
        heard = time.uptime
        say(.heartbeat)
      }
      if done(self) { return true }
    }
    return false
  }

  /// From now on a mill rejects this share of its parts, by its speed.
  func spoil(_ share: @escaping @Sendable (Double) -> Double) { line.rejects = share }

  /// A person's command; why it was refused.
  func order(_ command: OperatorCommand, by person: Person) -> String? {
    let (refusal, errands) = runtime.command(command, by: person, time)
    carry(errands)
    return refusal
  }

  // MARK: - The shell

  private func carry(_ errands: [Errand]) {
    var queue = errands
    while !queue.isEmpty {
      switch queue.removeFirst() {
      case .recorded(let fact): facts.append(fact)
      case .notice(let notice): notices.append(notice)
      case .trouble(let text): troubles.append(text)
      case .end(let reason): troubles.append("ended: \(reason)")
      case .run(.forecast): break
      case .run(let job): queue += runtime.handle(.finished(job.run()), time)
      case .spawn:
        queue += runtime.handle(.loop("quicker", .spawned(pid: 1, uptime: time.uptime)), time)
        queue += runtime.handle(.loop("quicker", .line(MessageFromLoop.ready(version: 1).line(), uptime: time.uptime)), time)
      case .send(_, .observe(let observation)):
        queue += runtime.handle(.loop("quicker", .line(answer(to: observation).line(), uptime: time.uptime)), time)
      case .send, .terminate: break
      }
      for write in outbox.take() {
        writes.append((line.now, write.tag, line.speed(of: write.tag) ?? .nan, write.value))
        line.write(write.value, to: write.tag)
      }
    }
  }

  private func say(_ message: MessageFromLoop) { carry(runtime.handle(.loop("quicker", .line(message.line(), uptime: time.uptime)), time)) }

  // MARK: - The loop's program

  private func answer(to observation: LoopObservation) -> MessageFromLoop {
    guard let wish, Self.tags.contains(where: { abs((observation.setpoints[$0] ?? .nan) - wish.speed) > 0.01 }) else {
      return .stay(request: observation.request, reason: "the mills run as they should")
    }
    let gain = GainInterval(lower: 0.5 * wish.gain, expected: wish.gain, upper: 1.5 * wish.gain)
    return .proposal(
      LoopProposal(
        request: observation.request, moves: Dictionary(uniqueKeysWithValues: Self.tags.map { ($0, wish.speed) }),
        gain: PredictedGain(good: gain, value: gain, probability: 0.9), horizon: .hours(2), reason: "the mills are the bottleneck"))
  }
}

extension GovernedMills {
  /// The plant folder: what is right about the mills is their layout, and roughly their figures.
  static let files = [
    "plant.yaml": """
    plant: mills
    path: acme/lyon/machining/mills
    prices: {currency: EUR, good: 1, scrap: 0.5}
    buffers:
      Raw: {capacity: 500}
      Belt: {capacity: 30, level_tag: Buffer/Belt}
    sources:
      Castings: {into: Raw, lot: 100, interval: {gamma: {mean: 120 s, cv: 0.2}}}
    stations:
      MillA: &mill
        in: {Raw: 1}
        out: Belt
        cycle: {gamma: {mean: 5.2 s, cv: 0.12}}
        speed: {rated: 12 1/min, low: 8 1/min, high: 16 1/min}
        failure: {time_to_failure: {exponential: 3 h}, repair: {lognormal: {mean: 3 min, cv: 0.8}}}
        microstop: {interval: {exponential: 12 min}, length: {lognormal: {mean: 18 s, cv: 0.8}}}
        scrap: 2 %
      MillB: *mill
      Pack:
        in: {Belt: 1}
        out: sink
        cycle: {gamma: {mean: 2.1 s, cv: 0.12}}
        failure: {time_to_failure: {exponential: 3 h}, repair: {lognormal: {mean: 3 min, cv: 0.8}}}
        microstop: {interval: {exponential: 12 min}, length: {lognormal: {mean: 18 s, cv: 0.8}}}
        scrap: 1 %
    """,
    "envelope.yaml": """
    authority_ceiling: closed_loop
    limits:
      MillA/MachSpeed: {low: 10 1/min, high: 15 1/min, max_step: 0.6 1/min, max_per_hour: 30 1/min}
      MillB/MachSpeed: {low: 10 1/min, high: 15 1/min, max_step: 0.6 1/min, max_per_hour: 30 1/min}
    """,
    "loops/quicker.yaml": """
    program: loops/quicker.py
    owner: eve
    moves: [MillA/MachSpeed, MillB/MachSpeed]
    objective: good_parts_per_hour
    cadence: 60 min
    deadline: 3 min
    authority: closed_loop
    feedback: {form: matched, weight: 0.3, gain: {low: 0.6, high: 1.4}, delay: {low: 0, high: 1}, period: 60 min, settling: 10 min}
    rollout:
      shadow: 5 min
      steps: [1]
      dwell: 10 min
      timeout: 60 min
      alpha_gain: 0.1
      alpha_harm: 0.2
      interleave: {pairs: 16, dwell: 10 min, washout: 5 min}
    """,
    "connections.yaml": "clock: system\nline_protocol: {}\n",
    "governance.yaml": "proof: {risk: 25 %, confidence: 80 %}\n",
  ]
}

/// An actuator that keeps what it was given, for the simulated wire.
final class SentWrites: Actuator {
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
