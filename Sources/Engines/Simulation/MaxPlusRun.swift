import Determinism
import EventKernel
import Probability

/// One replication by the max-plus recursion, part by part through all stations. It draws from the same dice in the same order as `LineRun`.
///
/// Every figure is a sum over parts. What a part adds beyond an instant (the end of the warm-up, the horizon) is summed apart, as `Beyond`, and
/// taken off again: so the parts in between need no comparison with either.
struct MaxPlusRun: ~Copyable {
  /// A station: what it does, where the last part was when, and sums.
  struct Stage: BitwiseCopyable {
    var cycle: Int
    var firstMode: Int
    var modeCount: Int
    /// Places of the departures kept: a power of two, less one.
    var mask: Int
    var firstPlace: Int
    /// Capacity of the buffer behind it, plus one: the part so many before must have left the next station. 0: unlimited.
    var lag: Int
    var firstWork: Int
    /// Capacity of the buffer before it.
    var capacity: Int
    var worksTaken = MaxPlusRun.batch
    var operated = 0.0
    var nextStop = Double.infinity
    // The last part, and when the one before it was finished
    var finished = -1.0
    var departed = 0.0
    var finishedBefore = 0.0
    // Sums
    var sums = StageSums()
    /// The parts before this one had left the buffer when the last part came to it; followed while the fullest level is not known.
    var gone = 0
    var followsLevel = true
    var peak = 0
  }

  /// A stop of the part under way.
  struct Stop: BitwiseCopyable {
    var stage: Int
    /// Working seconds of this part before it.
    var after: Double
    var length: Double
    var mode: Int
    /// Operating seconds of the machine at it, and when the interval that it ends had begun.
    var operated: Double
    var from: Double
  }

  /// Works drawn at once for a station.
  static let batch = 64

  let compiled: CompiledLine
  let plan: MaxPlusLine
  let recording: Recording
  let stages: Slab<Stage>
  let modes: Slab<Mode>
  let dice: Slab<Die>
  let values: Slab<Double>
  let works: Slab<Double>
  var departures: Slab<Double>
  let ziggurat = Ziggurat.exponential
  let inverts: Bool
  let isAntithetic: Bool
  let hasSource: Bool
  let warmUp: Double
  /// Where the span ends, as far as is known.
  var end: Double

  /// Parts begun so far.
  var part = 0
  var stops: [Stop] = []
  // The source
  var lotLeft = 0
  var lotDue = 0.0
  var entered = 0.0
  var lots = 0
  /// When the lot came due that this part begins; −1 where it begins none.
  var lotBegan = -1.0
  // What left
  var tally = Tally()
  var left = 0
  var curve: [Int] = []
  var noted: [Double] = []

  init(
    _ compiled: CompiledLine, _ plan: MaxPlusLine, seed: UInt64, replication: Int, recording: Recording, sampling: Sampling, warmUp: Double,
    end: Double
  ) {
    (self.compiled, self.plan, self.recording, self.warmUp, self.end) = (compiled, plan, recording, warmUp, end)
    if case .inverse(let antithetic) = sampling { (inverts, isAntithetic) = (true, antithetic) } else { (inverts, isAntithetic) = (false, false) }
    hasSource = plan.source != nil
    dice = compiled.makeDice(seed: seed, replication: replication)
    values = Slab(compiled.values)
    modes = Slab(compiled.modes)
    var places = 0
    var list: [Stage] = []
    for (k, s) in plan.stations.enumerated() {
      let machine = compiled.machines[s]
      let capacity = plan.buffers[k] < 0 ? 0 : compiled.line.buffers[plan.buffers[k]].capacity
      var size = 2
      while size < min(capacity, MaxPlusRun.longQueue) + 2 { size *= 2 }
      let next = k + 1 < plan.stations.count ? compiled.line.buffers[plan.buffers[k + 1]].capacity : BufferSpec.unlimited
      list.append(
        Stage(
          cycle: Int(machine.cycle), firstMode: Int(machine.firstMode), modeCount: Int(machine.modeCount), mask: size - 1, firstPlace: places,
          lag: next == BufferSpec.unlimited ? 0 : next + 1, firstWork: k * MaxPlusRun.batch, capacity: capacity))
      places += size
    }
    departures = Slab(count: places, repeating: 0)
    works = Slab(count: list.count * MaxPlusRun.batch, repeating: 0)
    stages = Slab(list)
    for k in 0..<stages.count {
      for mode in stages[k].firstMode..<stages[k].firstMode + stages[k].modeCount where modes[mode].interval >= 0 {
        modes[mode].at = draw(Int(modes[mode].interval))
      }
      findNextStop(k)
    }
    if hasSource { lotDue = draw(compiled.sourceDice[0].interval) }
  }

  /// Capacities up to this have all their departures kept; longer queues make room as they grow.
  static let longQueue = 4096

  // MARK: - The recursion

  /// Sends the next part through the whole line. Returns when it leaves.
  mutating func advance() -> Double {
    if hasSource { enter() }
    var here = hasSource ? entered : stages[0].departed
    stops.removeAll(keepingCapacity: true)
    var k = 0
    while k < stages.count {
      if stages[k].followsLevel { followLevel(k, here) }
      let work = nextWork(k)
      let free = stages[k].departed
      let start = here > free ? here : free
      let wait = start - here
      stages[k].finishedBefore = stages[k].finished
      stages[k].sums.waits += wait
      stages[k].sums.waited &+= wait > 0 ? 1 : 0
      stages[k].sums.starts &+= start > stages[k].finished ? 1 : 0
      stages[k].sums.starved += start - free
      stages[k].sums.working += work
      let operated = stages[k].operated
      stages[k].operated = operated + work
      var finish = start + work
      if stages[k].nextStop - operated < work { finish += stop(k, operated) }
      here = finish
      let lag = stages[k].lag
      if lag > 0 && part >= lag {
        let room = departure(of: part &- lag, from: k &+ 1)
        if room > here { here = room }
      }
      stages[k].sums.blocked += here - finish
      stages[k].finished = finish
      stages[k].departed = here
      departures[stages[k].firstPlace &+ (part & stages[k].mask)] = here
      k &+= 1
    }
    part &+= 1
    return here
  }

  /// When the next part comes into the line from its source.
  private mutating func enter() {
    lotBegan = -1
    if lotLeft == 0 {
      lotLeft = compiled.line.sources[0].lot
      (entered, lotBegan) = (lotDue, lotDue)
      lots += 1
    }
    let capacity = stages[0].capacity
    if part > capacity && part - capacity - 1 >= stages[0].gone - 1 { entered = max(entered, departure(of: part - capacity - 1, from: 0)) }
    lotLeft -= 1
    if lotLeft == 0 { lotDue = entered + draw(compiled.sourceDice[0].interval) }
  }

  @inline(__always)
  func departure(of part: Int, from k: Int) -> Double { departures[stages[k].firstPlace &+ (part & stages[k].mask)] }

  /// The stops that come with the work on this part: how long they last.
  @inline(never)
  private mutating func stop(_ k: Int, _ operated: Double) -> Double {
    var lost = 0.0
    while stages[k].nextStop < stages[k].operated {
      var mode = stages[k].firstMode
      while modes[mode].at != stages[k].nextStop { mode += 1 }
      let length = draw(Int(modes[mode].length))
      lost += length
      stops.append(
        Stop(stage: k, after: stages[k].nextStop - operated, length: length, mode: mode, operated: stages[k].nextStop, from: modes[mode].from))
      if modes[mode].account == Machine.Account.failed { stages[k].sums.failed += length } else { stages[k].sums.microstopped += length }
      stages[k].sums.stops += 1
      modes[mode].from = modes[mode].at
      modes[mode].at += draw(Int(modes[mode].interval))
      findNextStop(k)
    }
    return lost
  }

  private mutating func findNextStop(_ k: Int) {
    var next = Double.infinity
    for mode in stages[k].firstMode..<stages[k].firstMode + stages[k].modeCount where modes[mode].at < next { next = modes[mode].at }
    stages[k].nextStop = next
  }

  // MARK: - Levels

  /// Counts how many wait before a station when a part comes, until the buffer has been seen full.
  @inline(never)
  private mutating func followLevel(_ k: Int, _ now: Double) {
    if stages[k].capacity == 0 {
      stages[k].followsLevel = false
      return
    }
    // Part p has been taken where the part before it has left the station by now.
    while stages[k].gone < part && (stages[k].gone == 0 || departure(of: stages[k].gone - 1, from: k) <= now) { stages[k].gone += 1 }
    let isTaken = stages[k].gone == part && (part == 0 || departure(of: part - 1, from: k) <= now)
    let level = part - stages[k].gone + (isTaken ? 0 : 1)
    if (now > warmUp || warmUp == 0) && now <= end && level > stages[k].peak { stages[k].peak = level }
    if stages[k].capacity > MaxPlusRun.longQueue {
      if level + 2 > stages[k].mask { growQueue(k) }
    } else if stages[k].peak == stages[k].capacity {
      stages[k].followsLevel = false
    }
  }

  /// Makes room for the departures of a long queue.
  private mutating func growQueue(_ k: Int) {
    let size = 2 * (stages[k].mask + 1)
    let first = departures.count
    let kept = max(0, part - stages[k].mask - 1)..<part
    let waiting = kept.map { departure(of: $0, from: k) }
    departures = Slab((0..<first).map { departures[$0] } + [Double](repeating: 0, count: size))
    for (p, departed) in zip(kept, waiting) { departures[first + (p & (size - 1))] = departed }
    (stages[k].firstPlace, stages[k].mask) = (first, size - 1)
  }

  /// The levels at the end of the warm-up count as reached in the span.
  mutating func raiseLevels(to levels: [Int]) {
    for k in 0..<stages.count { stages[k].peak = max(stages[k].peak, levels[k]) }
  }

  // MARK: - Draws

  private mutating func draw(_ die: Int) -> Double {
    if inverts {
      let u = dice[die].stream.uniform()
      return compiled.dice[die].law.upperQuantile(isAntithetic ? 1 - u : u)
    }
    if dice[die].sampler.valueCount > 0 { return values[dice[die].values + dice[die].stream.integer(below: dice[die].sampler.valueCount)] }
    return dice[die].sampler.sample(&dice[die].stream, ziggurat)
  }

  /// The next work of a station.
  @inline(__always)
  private mutating func nextWork(_ k: Int) -> Double {
    if stages[k].worksTaken == MaxPlusRun.batch { drawWorks(k) }
    let work = works[stages[k].firstWork &+ stages[k].worksTaken]
    stages[k].worksTaken &+= 1
    return work
  }

  @inline(never)
  private mutating func drawWorks(_ k: Int) {
    let first = stages[k].firstWork
    let die = stages[k].cycle
    if inverts || dice[die].sampler.valueCount > 0 {
      for i in 0..<MaxPlusRun.batch { works[first + i] = draw(die) }
    } else {
      dice[die].sampler.sample(MaxPlusRun.batch, &dice[die].stream, ziggurat) { works[first &+ $0] = $1 }
    }
    stages[k].worksTaken = 0
  }
}
