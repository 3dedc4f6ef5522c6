import Determinism
import Governance
import Ledger
import PlantModel
import Quantities
import Supervision
import Telemetry
import Twin

/// One seed's whole world: Takt's production runtime, and a simulated disk, network, clock, plant, twin, loop and people around it.
///
/// Everything happens on one agenda, so a seed is one story. Luck comes from streams of their own for each purpose; what goes wrong comes
/// from the list of faults alone.
final class World {
  /// What may happen next.
  enum Event {
    case tick
    /// One of the edge nodes reports what its sensors show, and does so again.
    case round(node: Int)
    /// One sensor reports that it has changed.
    case report(sensor: Int)
    case delivered(Delivery)
    case landed(SentCommand, isAgain: Bool, life: Int)
    /// The fault with this index begins; −1: the pressure may have fallen.
    case fault(Int)
    case cue(Fault.What)
    case start(life: Int)
    case startSecond(wakes: Instant)
    case job(Job.Result, life: Int)
    case said([UInt8], pid: Int32, life: Int)
    case spawned(pid: Int32, life: Int)
    case exited(pid: Int32, life: Int)
    case heartbeat(pid: Int32, life: Int)
    case order(OperatorCommand, by: Person)
    case approval(ChangeID, by: Person)
    /// The safety role looks whether wider limits wait for its word.
    case acceptance(by: Person, life: Int)
    case handBack
    case restarted(revision: Int)
  }

  /// What sensors have shown at one time, in one message.
  struct Delivery {
    var readings: [SentReading]
  }

  struct SentReading {
    var sensor: Int
    var sample: Sample
    /// When it was truly measured, and whether it shows what truly was.
    var measured: Instant
    var isTrue: Bool
    var isFrozen: Bool
  }

  /// The numbers that a rehearsal's governor is held to: the production ones.
  static let rules = GovernorRules()
  /// The twin follows, and neither learns nor forecasts: others answer for it.
  static let twin = {
    var configuration = TwinConfiguration()
    configuration.calibrationInterval = .hours(200_000)
    configuration.draws = 1
    return configuration
  }()
  /// A heartbeat every few minutes is enough.
  static let supervision = {
    var options = LoopSupervisor.Options()
    options.silence = .minutes(10)
    return options
  }()

  /// Who decides, and what authority costs: one revision's is every revision's.
  static let governance = RehearsalPlant(.ramp).folder(revision: 0, authority: .closedLoop, steps: [1]).governance

  static let start = Instant(seconds: 1_800_000_000)

  let seed: UInt64
  let options: RehearsalOptions
  let faults: [Fault]
  var now = World.start
  let end: Instant
  var agenda = Agenda<Event>()

  // The simulated parts
  let disk = SimulatedDisk()
  var line: TrueLine
  var sensors: [Sensor]
  /// The sensors of each edge node, and how often it reports.
  let nodes: [(sensors: [Int], interval: Duration)]
  var network = Network()
  var clockOffset = Duration.zero
  var clockUntil = World.start
  var sourceOffset = Duration.zero
  var sourceUntil = World.start
  var diskFullUntil = World.start
  var ledgerRefusesUntil = World.start
  var slowUntil = World.start
  var slowBy = Duration.zero
  var pressureUntil = World.start
  var downAfterCut = Duration.zero
  var twin: TwinStatus
  var twinInvalidUntil = World.start
  var proofFault: (what: Fault.ProofFault, until: Instant)?
  var evidenceFault: (what: Fault.EvidenceFault, until: Instant)?
  var rogue: Fault.RogueProposal?
  /// No more faults, no more proposals: what is open comes to its end.
  var isQuiet = false

  // Takt
  var life: Life?
  /// An earlier life that was thought dead.
  var ghost: Life?
  var lives = 0
  var pids: Int32 = 100
  var revision = 0
  let plant: RehearsalPlant
  /// The plant folder that Takt is started on.
  var folder: PlantFolder
  let authority: Authority
  let steps: [Double]
  /// The ledger's facts, as they were when they were recorded.
  var facts: [Fact] = []
  var lastCommand: SentCommand?
  /// When the newest command of each life lands: one connection keeps its order.
  var lastLanding: [Int: Instant] = [:]
  var commandsOnTheWire = 0

  // For scenarios
  var factTimes: [(at: Instant, fact: Fact)] = []
  var writeTimes: [(at: Duration, token: WriteToken, tag: String, value: Double)] = []
  var cued: [Duration] = []
  var freezes: [Freeze] = []
  private var seen: [String: Int] = [:]

  var watch: Watch
  var story: [String] = []

  // Luck, by purpose
  var deliveryLuck: RandomStream
  var sensorLuck: RandomStream
  var commandLuck: RandomStream
  var loopLuck: RandomStream
  var jobLuck: RandomStream
  var peopleLuck: RandomStream

  init(seed: UInt64, options: RehearsalOptions, faults: [Fault]) {
    (self.seed, self.options, self.faults) = (seed, options, faults)
    var luck = RandomStream(seed: seed, "life")
    authority = options.authority ?? [.closedLoop, .closedLoop, .supervised, .advisory][luck.integer(below: 4)]
    steps = [[1], [0.5, 1], [0.3, 0.6, 1]][luck.integer(below: 3)]
    end = World.start + options.length
    plant = RehearsalPlant(options.rollout(of: seed))
    folder = plant.folder(revision: 0, authority: authority, steps: steps)
    line = TrueLine(folder.plant, start: World.start, luck: RandomStream(seed: seed, "line"))
    sensors = plant.sensors.map { Sensor(tag: $0) }
    nodes = plant.nodes(pressureEvery: options.pressureInterval)
    twin = TwinStatus(revision: folder.revision, calibration: "c0", valid: true, score: 0.9, reason: "")
    watch = Watch(folder.envelope, rules: Self.rules, tags: sensors.map(\.tag))
    deliveryLuck = RandomStream(seed: seed, "delivery")
    sensorLuck = RandomStream(seed: seed, "sensor")
    commandLuck = RandomStream(seed: seed, "command")
    loopLuck = RandomStream(seed: seed, "loop")
    jobLuck = RandomStream(seed: seed, "job")
    peopleLuck = RandomStream(seed: seed, "people")
    disk.mutant = options.mutant
    for (index, fault) in faults.enumerated() { agenda.put(.fault(index), at: World.start + fault.at) }
    for node in nodes.indices { agenda.put(.round(node: node), at: World.start + .seconds(Double(3 + 7 * node))) }
    agenda.put(.start(life: 1), at: World.start)
    agenda.put(.tick, at: World.start + .seconds(1))
  }

  /// Lives through the seed: trouble until the end, then quiet until everything is at rest.
  func run() {
    step(until: end)
    guard watch.violations.isEmpty else { return }
    becomeQuiet()
    let limit = now + .hours(16)
    while now < limit, watch.violations.isEmpty, !isAtRest { step(until: now + .minutes(5)) }
    if watch.violations.isEmpty { closeBooks(restLimit: limit) }
  }

  private func step(until limit: Instant) {
    while watch.violations.isEmpty, let next = agenda.nextTime, next <= limit, let (at, event) = agenda.next() {
      now = at
      happen(event)
    }
    now = max(now, limit)
  }

  /// Plant time as Takt's clock tells it, and its uptime.
  var time: ShellTime {
    ShellTime(told: now + (now < clockUntil ? clockOffset : .zero), uptime: now - World.start)
  }

  /// Keeps a fact for whoever asks afterwards, and brings the faults that waited for it.
  func keep(_ fact: Fact) {
    factTimes.append((now, fact))
    guard !options.cues.isEmpty else { return }
    seen[fact.kind, default: 0] += 1
    for cue in options.cues where cue.kind == fact.kind && cue.occurrence == seen[fact.kind] { put(.cue(cue.what), in: cue.after) }
  }

  func tell(_ line: @autoclosure () -> String) {
    guard options.isTold else { return }
    story.append("+\(text(now - World.start))  \(line())")
  }

  func put(_ event: Event, in delay: Duration) { agenda.put(event, at: now + delay) }
}

/// A sensor, and what is wrong with it until when.
struct Sensor {
  let tag: String
  var frozenUntil = World.start
  var frozenAt: Double?
  var lyingUntil = World.start
  var lie = 0.0
  var nonsenseUntil = World.start
  var nonsense = 0.0
  var qualityUntil = World.start
  var quality = Quality.good
  var silentUntil = World.start
}

/// A sensor that froze: how many readings it has shown since, and after how many it was called frozen.
struct Freeze {
  var sensor: Int
  var readings = 0
  var called: Int?
}

/// What is wrong with the network, until when.
struct Network {
  var telemetryCutUntil = World.start
  var commandsCutUntil = World.start
  var troubledUntil = World.start
  var delay = Duration.zero
  var loss = 0.0
  var doubled = 0.0
}
