import Determinism
import EventKernel
import Probability

/// One replication under way: every process a program counter and a few numbers in flat memory, all of them driven by one calendar.
///
/// Nothing is allocated for an event; tables double when more processes are there than ever before. The files `FlowRun+….swift` hold its aspects.
struct FlowRun: ~Copyable {
  /// What a process does just now.
  enum Phase: UInt8, BitwiseCopyable {
    case absent, ready, delayed, preempted
    /// In the line of a resource, store, level, signal or condition; `pc` tells which.
    case waiting
    /// First to come to a batch, and still short of others; or at rest in one.
    case batching, member
  }

  struct Instance: BitwiseCopyable {
    var pc: Int32 = 0
    var kind: Int32 = 0
    /// Its slot of the calendar, or −1.
    var slot: Int32 = -1
    /// Its node in a line, or −1.
    var node: Int32 = -1
    /// The next member of a batch; of an absent process the next absent one.
    var next: Int32 = -1
    var firstMember: Int32 = -1
    /// Units held of all resources.
    var heldTotal: Int32 = 0
    /// Units that it waits for, of a resource.
    var units: Int32 = 0
    /// How often this place in memory has been used.
    var generation: UInt32 = 0
    var phase = Phase.absent
    /// Its number among its kind.
    var serial = 0
    var born = 0.0
    /// Amount that it waits for, of a level.
    var amount = 0.0
    /// What was left of its delay when it was interrupted or preempted.
    var remaining = 0.0
    var lastWait = 0.0
  }

  struct ResourceState: BitwiseCopyable {
    var capacity: Int
    var inUse = 0
    var line: Int32
    var isTracked: Bool
    /// Its region of `uses`.
    var firstUse: Int32 = 0
    var useCount: Int32 = 0
    var shift: Int32 = 0
    var busy = StepIntegral(0)
    var offered: StepIntegral
    var length = StepIntegral(0)
    var waits = Waits()
    var preemptions = 0
  }

  /// A process that holds units of a tracked resource.
  struct Use: BitwiseCopyable {
    var instance: Int32 = -1
    var units: Int32 = 0
    var priority = 0.0
    var ticket: UInt64 = 0
  }

  struct StoreState: BitwiseCopyable {
    var capacity: Int
    /// The lines of items, of those that put and of those that take.
    var items: Int32
    var puts: Int32
    var takes: Int32
    var level = StepIntegral(0)
    var putWaits = Waits()
    var takeWaits = Waits()
    var stay = FlatMoments()
  }

  struct LevelState: BitwiseCopyable {
    var capacity: Double
    var puts: Int32
    var takes: Int32
    var level: StepIntegral
    var putWaits = Waits()
    var takeWaits = Waits()
  }

  struct KindState: BitwiseCopyable {
    var started = 0
    var departed = 0
    /// Numbers given to its processes; a warm-up does not set them back.
    var serial = 0
    var population = StepIntegral(0)
    var stay = FlatMoments()
  }

  struct SourceState: BitwiseCopyable {
    var kind: Int32
    var interval: Int32
    var lot: Int32
    var limit: Int
    var arrivals = 0
    /// Its first time in `scheduled`.
    var firstTime = 0
  }

  struct Site: BitwiseCopyable {
    var sampler: LawSampler
    var firstValue: Int
    var stream: RandomStream
  }

  let program: Program
  let draws: Draws
  let code: Slab<Instruction>
  let handlers: Slab<Int32>
  let formulas: Slab<FormulaCode>
  let steps: Slab<FormulaCode.Step>
  let stack: Slab<Double>
  let sites: Slab<Site>
  /// The values of all empirical laws.
  let values: Slab<Double>
  let ways: Slab<Program.Way>
  let resources: Slab<ResourceState>
  let uses: Slab<Use>
  let stores: Slab<StoreState>
  let levels: Slab<LevelState>
  let kinds: Slab<KindState>
  let entries: Slab<Int32>
  let sources: Slab<SourceState>
  let scheduled: Slab<Double>
  let variables: Slab<Double>
  let initialAttributes: Slab<Double>
  let tallies: Slab<FlatMoments>
  let counters: Slab<Double>
  /// What they stood at when the warm-up ended.
  let counterStarts: Slab<Double>
  /// The lines of signals, then the one of conditions, then those of batches.
  let firstSignalLine: Int
  let conditionLine: Int
  let resourceCount: Int
  let attributeCount: Int

  var lines: QueueSet
  var calendar: EventCalendar
  /// Who waits in a slot of the calendar; of a free slot the next free one.
  var owners: Slab<Int32>
  var freeSlot: Int32 = -1
  /// The slot whose event is happening. Whoever waits for time next may have it, and the calendar is played only once.
  var spareSlot: Int32 = -1
  var instances: Slab<Instance>
  var freeInstance: Int32 = -1
  var used = 0
  var alive = 0
  /// By process, then by attribute or resource.
  var attributes: Slab<Double>
  var held: Slab<Int32>
  /// A ring of processes that go on at this instant.
  var ready: Slab<Int32>
  var readyHead = 0
  var readyTail = 0

  var now = 0.0
  var start = 0.0
  var tickets: UInt64 = 0
  var events = 0
  /// Turns and processes since the clock moved last.
  var restless = 0
  /// Departures that count towards the end of the run: of one kind, or of all where `goalKind` is −1.
  var departures = 0
  var goalKind = -1
  /// The counter that ends the run, or −1, and where it does.
  var goalCounter = -1
  var goalCount = Double.infinity
  var goalReached = false
  var error: FlowError?
  var failed = false

  static let instanceLimit = 1 << 20
  static let restlessLimit = 200_000

  @inline(__always) static var shiftEvent: EventKind { EventKind(code: 0, priority: 0) }
  @inline(__always) static var delayEvent: EventKind { EventKind(code: 1, priority: 1) }
  @inline(__always) static var arrivalEvent: EventKind { EventKind(code: 2, priority: 2) }
  @inline(__always) static var renegeEvent: EventKind { EventKind(code: 3, priority: 3) }

  init(_ program: Program, seed: UInt64, replication: Int, draws: Draws) {
    self.program = program
    self.draws = draws
    code = Slab(program.code)
    handlers = Slab(program.handlers)
    formulas = Slab(program.formulas)
    steps = Slab(program.steps)
    stack = Slab(count: program.stackDepth + 1, repeating: 0)
    ways = Slab(program.ways)
    let root = RandomStream(seed: seed).split("replication").split(replication)
    var values: [Double] = []
    sites = Slab(
      program.sites.map { site in
        let first = values.count
        if case .empirical(let observed) = site.law { values += observed }
        return Site(sampler: LawSampler(site.law), firstValue: first, stream: root.split(site.process).split(site.statement))
      })
    self.values = Slab(values)

    var orders: [QueueSet.Order] = []
    func line(_ order: QueueSet.Order) -> Int32 {
      orders.append(order)
      return Int32(orders.count - 1)
    }
    var useCount = 0
    resources = Slab(
      program.resources.enumerated().map { r, spec in
        var state = ResourceState(
          capacity: spec.capacity, line: line(program.isOrdered[r] ? .priority : .fifo), isTracked: program.isTracked[r],
          offered: StepIntegral(Double(spec.capacity)))
        state.firstUse = Int32(useCount)
        if program.isTracked[r] { useCount += spec.shifts.map(\.capacity).max() ?? spec.capacity }
        return state
      })
    uses = Slab(count: useCount, repeating: Use())
    stores = Slab(
      program.stores.enumerated().map { s, spec in
        let order: QueueSet.Order =
          switch spec.order {
          case .fifo: .fifo
          case .lifo: .lifo
          case .priority: .priority
          }
        return StoreState(
          capacity: spec.capacity, items: line(order), puts: line(.fifo), takes: line(program.takersAreOrdered[s] ? .priority : .fifo),
          level: StepIntegral(Double(spec.initial.count)))
      })
    levels = Slab(
      program.levels.map { LevelState(capacity: $0.capacity, puts: line(.fifo), takes: line(.fifo), level: StepIntegral($0.initial)) })
    firstSignalLine = orders.count
    for _ in program.signals { _ = line(.fifo) }
    conditionLine = Int(line(.fifo))
    for _ in 0..<program.batches { _ = line(.fifo) }
    lines = QueueSet(orders)

    kinds = Slab(count: program.kinds.count, repeating: KindState())
    entries = Slab(program.kinds.map(\.entry))
    var times: [Double] = []
    sources = Slab(
      program.sources.map { spec in
        var source = SourceState(kind: spec.kind, interval: spec.interval, lot: spec.lot, limit: spec.limit)
        source.firstTime = times.count
        times += spec.times
        return source
      })
    scheduled = Slab(times)
    variables = Slab(program.variables.map(\.initial))
    initialAttributes = Slab(program.attributes.map(\.initial))
    tallies = Slab(count: program.tallies.count, repeating: FlatMoments())
    counters = Slab(count: program.counters.count, repeating: 0)
    counterStarts = Slab(count: program.counters.count, repeating: 0)
    resourceCount = program.resources.count
    attributeCount = program.attributes.count

    calendar = EventCalendar(slots: program.sources.count + program.resources.count + 1)
    owners = Slab(count: calendar.slots, repeating: -1)
    instances = Slab(count: 16, repeating: Instance())
    attributes = Slab(count: 16 * attributeCount, repeating: 0)
    held = Slab(count: 16 * resourceCount, repeating: 0)
    ready = Slab(count: 16, repeating: -1)
    // The slots: sources, shift calendars, and from here on processes.
    freeSlot = Int32(calendar.slots - 1)
    begin()
  }

  /// Puts everything where it stands at time 0.
  private mutating func begin() {
    for (s, spec) in program.stores.enumerated() {
      for item in spec.initial {
        _ = lines.join(Int(stores[s].items), owner: -1, value: item, priority: 0, ticket: nextTicket(), at: 0)
      }
    }
    for (r, spec) in program.resources.enumerated() where spec.shifts.count > 1 {
      calendar.schedule(sources.count + r, at: spec.shifts[1].start, FlowRun.shiftEvent)
    }
    for (kind, count) in program.populations { for _ in 0..<count { start(Int(kind), parent: -1) } }
    for s in 0..<sources.count {
      let spec = program.sources[s]
      if spec.limit <= 0 { continue }
      if spec.interval < 0 {
        calendar.schedule(s, at: scheduled[sources[s].firstTime], FlowRun.arrivalEvent)
      } else {
        let time = evaluate(spec.first >= 0 ? Int(spec.first) : Int(spec.interval), -1)
        if time >= 0 && time < .infinity {
          calendar.schedule(s, at: time, FlowRun.arrivalEvent)
        } else {
          fail(.badNumber(arrivalPlace(s), value: time, at: 0))
        }
      }
    }
  }

  func arrivalPlace(_ s: Int) -> Place { Place(process: program.kinds[Int(sources[s].kind)].name, statement: 0, text: "arrivals") }

  @inline(__always) mutating func nextTicket() -> UInt64 {
    tickets &+= 1
    return tickets
  }

  @inline(never) mutating func fail(_ error: FlowError) {
    if !failed { (self.error, failed) = (error, true) }
  }

  func place(of i: Int) -> Place { program.places[Int(instances[i].pc)] }
  func name(of i: Int) -> String { "\(program.kinds[Int(instances[i].kind)].name) \(instances[i].serial)" }
}
