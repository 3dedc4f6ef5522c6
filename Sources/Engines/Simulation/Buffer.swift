import EventKernel

/// A buffer of a run.
struct Buffer: BitwiseCopyable {
  var queue: Ring<Part>
  var capacity: Int
  /// Places kept for parts that are on a vehicle.
  var reserved = 0
  /// Parts that a vehicle is on its way to fetch.
  var claimed = 0
  /// The one machine that takes from it, and that gives to it; −1 for several, for none, and for all that are not plain. A giver that is the
  /// one source s is −2 − s.
  var taker: Int32
  var giver: Int32
  var isBelt: Bool
  /// The card loops that end where a part is taken from here.
  var endsCards: UInt32 = 0
  var taken = 0
  var waited = 0
  /// Seconds that the parts taken have been here.
  var waits = 0.0
  var peak = 0
  /// What stood in the last three when the warm-up ended, and the area under the level by then.
  var takenBefore = 0
  var waitedBefore = 0
  var waitsBefore = 0.0
  var areaBefore = 0.0
  // Belts
  var transit: Double
  var headway: Double
  var accumulates: Bool
  /// Seconds that the belt has stood so far, and since when it stands; −1: it moves.
  var stood = 0.0
  var standsSince = -1.0
  /// Belt time at which each part came onto it, as in `queue`; and the last one.
  var entries: Ring<Double>
  var lastEntry = -Double.infinity

  init(_ spec: BufferSpec, takers: [Int], givers: [Int], _ compiled: CompiledLine) {
    queue = Ring(capacity: spec.capacity)
    capacity = spec.capacity
    isBelt = spec.isBelt
    entries = Ring(capacity: spec.isBelt ? spec.capacity : 0)
    (transit, headway, accumulates) = (spec.transit, spec.headway, spec.accumulates)
    let plain = { (i: Int) in i >= 0 && i < compiled.machines.count && compiled.machines[i].isPlain }
    taker = takers.count == 1 && plain(takers[0]) && !spec.isBelt ? Int32(takers[0]) : -1
    let sole = givers.count == 1 && !spec.isBelt ? givers[0] : -1
    let isSource = sole >= compiled.machines.count && sole < compiled.machines.count + compiled.line.sources.count
    giver = isSource ? Int32(-2 - (sole - compiled.machines.count)) : plain(sole) ? Int32(sole) : -1
    for (l, loop) in compiled.line.cardLoops.enumerated() {
      if let until = loop.until, compiled.line.buffers[until].name == spec.name { endsCards |= 1 << UInt32(l) }
    }
  }

  @inline(__always) var hasRoom: Bool { queue.count &+ reserved < capacity }

  /// The area under the level from time 0 to `now`: what the parts taken have waited, and those present so far.
  func area(at now: Double) -> Double {
    var area = waits
    for i in 0..<queue.count { area += now - queue[i].since }
    return area
  }

  // MARK: - Belts

  /// Belt time: it stands still while the belt does.
  func beltTime(_ now: Double) -> Double { (standsSince >= 0 ? standsSince : now) - stood }

  /// When the oldest part reaches the end, if the belt moves on. There must be one.
  var arrivalOfFirst: Double { entries[0] + transit + stood }

  func free() {
    queue.free()
    entries.free()
  }
}
