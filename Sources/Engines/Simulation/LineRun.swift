import Determinism
import Probability

/// One replication under way: every process of the line as a state machine in raw memory, driven by one event queue.
///
/// Nothing is allocated for an event, and events are dispatched by an integer. The files `LineRun+….swift` hold its aspects.
struct LineRun: ~Copyable {
  enum Phase: UInt8, BitwiseCopyable { case idle, collecting, working, blocked, failed, microstopped }

  /// The states that time is booked to, in the order of `StateTimes`.
  enum Account {
    static let working = 0, starved = 1, blocked = 2, failed = 3, microstopped = 4, closed = 5, count = 6
  }

  enum Purpose {
    static let cycle = 0, failure = 1, repair = 2, microstop = 3, microstopLength = 4, scrap = 5, inspection = 6, defect = 7, count = 8
    static let names = ["cycle", "failure", "repair", "microstop", "microstop length", "scrap", "inspection", "defect"]
  }

  struct Station: BitwiseCopyable {
    var phase: Phase = .idle
    var isClosed = false
    var holdsPart = false
    /// Whether the part in work, or the kit so far, has a defect.
    var isDefective = false
    var fails = false
    var microstops = false
    /// Whether finished parts are looked at, or get defects.
    var judges = false
    var account = Account.starved
    /// Since when the time of `account` is not booked yet.
    var since = 0.0
    /// When `account` became what it is.
    var enteredAt = 0.0
    /// Operating seconds left once the pending event has come: of the part in work, to the next failure, to the next short stop.
    var work = 0.0
    var toFailure = Double.infinity
    var toMicrostop = Double.infinity
    /// The whole of those three, and when the stop under way began: what a state to restart from needs.
    var partWork = 0.0
    var failureInterval = Double.infinity
    var microstopInterval = Double.infinity
    var stoppedAt = 0.0
    /// The one pending event of work, failure or stop. An event with another key is a cancelled one.
    var pending = noEvent
    var pendingTime = 0.0
    /// Its place among those that wait for parts or room.
    var ticket: UInt64 = 0
    /// Parts still to collect for the next work.
    var missing = 0
    var output = -1
    var firstInput = 0
    var inputCount = 0
    var partsNeeded = 0
    var closuresDone = 0
    var produced = 0
    var rejected = 0
    var activePeriods = 0
  }

  struct Buffer: BitwiseCopyable {
    var level = 0
    var capacity = 0
    var transit = 0.0
    /// Place of the oldest part in the rings.
    var head = 0
    var ring = 0
    /// Level integrated over time, up to `since`.
    var area = 0.0
    var since = 0.0
    var arrivalIsPending = false
  }

  struct Feed: BitwiseCopyable {
    /// The next interval runs, a lot is being put in, or it waits for room.
    enum Phase: UInt8, BitwiseCopyable { case waiting, delivering, blocked }
    var phase = Phase.waiting
    var into = 0
    var lot = 1
    var left = 0
    var ticket: UInt64 = 0
    var outagesDone = 0
    var delivered = 0
  }

  /// What becomes of a part at a station.
  struct Quality: BitwiseCopyable {
    var scrap = 0.0
    var latentDefect = 0.0
    var inspects = false
    var sensitivity = 0.0
    var falseReject = 0.0
  }

  static let noEvent = UInt64.max

  let compiled: CompiledLine
  let seed: UInt64
  let replication: Int
  let recording: Recording
  let eventBudget: Int

  var now = 0.0
  var queue: EventQueue
  var events = 0
  var tickets: UInt64 = 0
  var good = 0
  var scrapped = 0
  var escapes = 0
  /// Good parts that left before the warm-up ended.
  var goodBefore = 0
  var curve: [Int] = []
  var departures: [Double] = []
  /// The next instant to note; infinite when none is left.
  var nextInstant: Double

  let stations: Slab<Station>
  let buffers: Slab<Buffer>
  let feeds: Slab<Feed>
  let times: Slab<Double>
  /// Parts still needed of each input.
  let needs: Slab<Int>
  let inputBuffers: Slab<Int>
  let inputCounts: Slab<Int>
  let qualities: Slab<Quality>
  let tracksDefects: Bool
  let streams: Slab<RandomStream>
  let feedStreams: Slab<RandomStream>
  let samplers: Slab<LawSampler>
  let values: Slab<Double>
  let valueOffsets: Slab<Int>
  /// Instants at which parts on a conveyor arrive, and whether parts in buffers have defects: a ring for each buffer that needs one.
  let arrivals: Slab<Double>
  let defects: Slab<Bool>
  /// Who takes from a buffer and who puts into it: its only one, or −1 for several or none.
  let soleConsumer: Slab<Int>
  let soleProducer: Slab<Int>

  var stationCount: Int { stations.count }

  init(_ compiled: CompiledLine, seed: UInt64, replication: Int, recording: Recording, eventBudget: Int) {
    let line = compiled.line
    self.compiled = compiled
    (self.seed, self.replication, self.recording, self.eventBudget) = (seed, replication, recording, eventBudget)
    queue = EventQueue(capacity: 2 * (line.stations.count + line.buffers.count + line.sources.count) + 16)
    nextInstant = recording.instants.first ?? .infinity
    curve.reserveCapacity(recording.instants.count)

    stations = Slab(
      line.stations.enumerated().map { i, spec in
        var station = Station()
        station.fails = spec.failure != nil
        station.microstops = spec.microstop != nil
        station.judges = spec.scrap > 0 || spec.latentDefect > 0 || spec.inspection != nil
        station.output = spec.output ?? -1
        station.firstInput = compiled.inputOffsets[i]
        station.inputCount = spec.inputs.count
        station.partsNeeded = spec.inputs.reduce(0) { $0 + $1.count }
        station.missing = station.partsNeeded
        return station
      })
    var room = 0
    var rings: [Int] = []
    for buffer in line.buffers {
      rings.append(room)
      if buffer.transit > 0 || compiled.tracksDefects { room += buffer.capacity }
    }
    buffers = Slab(
      zip(line.buffers, rings).map { spec, ring in
        var buffer = Buffer()
        (buffer.capacity, buffer.transit, buffer.ring) = (spec.capacity, spec.transit, ring)
        return buffer
      })
    arrivals = Slab(count: line.buffers.contains { $0.transit > 0 } ? room : 0, repeating: 0)
    defects = Slab(count: compiled.tracksDefects ? room : 0, repeating: false)
    feeds = Slab(
      line.sources.map { spec in
        var feed = Feed()
        (feed.into, feed.lot) = (spec.into, spec.lot)
        return feed
      })
    times = Slab(count: line.stations.count * Account.count, repeating: 0)
    needs = Slab(compiled.inputs.map(\.count))
    inputBuffers = Slab(compiled.inputs.map(\.buffer))
    inputCounts = Slab(compiled.inputs.map(\.count))
    tracksDefects = compiled.tracksDefects
    qualities = Slab(
      line.stations.map { spec in
        Quality(
          scrap: spec.scrap, latentDefect: spec.latentDefect, inspects: spec.inspection != nil,
          sensitivity: spec.inspection?.sensitivity ?? 0, falseReject: spec.inspection?.falseReject ?? 0)
      })
    let root = RandomStream(seed: seed).split("replication").split(replication)
    streams = Slab(
      line.stations.flatMap { station in
        let own = root.split("station").split(station.name)
        return Purpose.names.map { own.split($0) }
      })
    feedStreams = Slab(line.sources.map { root.split("source").split($0.name).split("interval") })
    samplers = Slab(compiled.samplers)
    values = Slab(compiled.values)
    valueOffsets = Slab(compiled.valueOffsets)
    soleConsumer = Slab(compiled.consumers.map { $0.count == 1 ? $0[0] : -1 })
    soleProducer = Slab(compiled.producers.map { $0.count == 1 ? $0[0] : -1 })
  }

  // MARK: - The loop

  /// Lets everything happen that lies at or before `end`.
  mutating func advance(to end: Double) throws(SimulationError) {
    while queue.nextTime <= end {
      let event = queue.pop()
      let i = event.index
      switch event.kindCode {
      case Event.Kind.completion.rawValue:
        if stations[i].pending != event.key { continue }
        now = event.time
        complete(i)
      case Event.Kind.failure.rawValue:
        if stations[i].pending != event.key { continue }
        now = event.time
        fail(i)
      case Event.Kind.repairEnd.rawValue:
        now = event.time
        endRepair(i)
      case Event.Kind.microstop.rawValue:
        if stations[i].pending != event.key { continue }
        now = event.time
        microstop(i)
      case Event.Kind.microstopEnd.rawValue:
        now = event.time
        endMicrostop(i)
      case Event.Kind.delivery.rawValue:
        now = event.time
        arrive(i)
      case Event.Kind.arrivalOnBuffer.rawValue:
        now = event.time
        buffers[i].arrivalIsPending = false
        serveConsumers(i)
      case Event.Kind.closureStart.rawValue:
        now = event.time
        close(i)
      default:
        now = event.time
        reopen(i)
      }
      events &+= 1
      if events > eventBudget { throw .tooManyEvents(budget: eventBudget, at: now) }
    }
  }

  // MARK: - Draws

  /// Draws by law `law` (its place among the station's five) for a station's purpose of the same place.
  @inline(__always)
  func draw(_ i: Int, _ purpose: Int) -> Double {
    let s = i &* CompiledLine.laws &+ purpose
    return samplers[s].sample(&streams[i &* Purpose.count &+ purpose]) { values[valueOffsets[s] &+ $0] }
  }

  @inline(__always)
  func drawInterval(_ source: Int) -> Double {
    let s = stationCount &* CompiledLine.laws &+ source
    return samplers[s].sample(&feedStreams[source]) { values[valueOffsets[s] &+ $0] }
  }

  /// True with the probability given; draws once for it in any case.
  @inline(__always)
  func chance(_ i: Int, _ purpose: Int, _ probability: Double) -> Bool { streams[i &* Purpose.count &+ purpose].chance(probability) }
}
