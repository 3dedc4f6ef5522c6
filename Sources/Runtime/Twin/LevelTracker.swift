/// The level of a buffer: by its sensor, or by what its neighbours counted (conservation of parts).
struct LevelTracker: Sendable, Hashable {
  let capacity: Int
  let measured: Bool
  /// Fed by a source, so that parts come in uncounted.
  let supplied: Bool
  /// Parts in the buffer and in the hands of the stations that take from it.
  private(set) var parts = 0
  private(set) var corrections = 0
  /// What the counts said beyond empty and full since the sensor last spoke, and was cut off: `parts + cut` is their own sum.
  private(set) var cut = 0
  /// Parts now in the hands of stations that take from it.
  var inHand = 0
  /// Its sensor has spoken.
  private(set) var known = false

  init(capacity: Int, measured: Bool, supplied: Bool) { (self.capacity, self.measured, self.supplied) = (capacity, measured, supplied) }

  /// A buffer that is fed from outside and has no sensor is taken to be half full: nothing tells otherwise.
  var level: Int { supplied && !measured ? capacity / 2 : min(max(parts - inHand, 0), capacity) }

  mutating func add(_ n: Int) {
    parts += n
    correct()
  }

  private mutating func correct() {
    if supplied && !measured { return }
    // Between two readings of a sensor the counts only bridge; a difference is no fault of theirs.
    let most = capacity + inHand
    if parts < 0 || parts > most {
      let kept = min(max(parts, 0), most)
      cut += parts - kept
      parts = kept
      if !measured { corrections += 1 }
    }
  }

  /// Takes the sensor's word; returns the parts that came in uncounted since its last.
  mutating func read(_ value: Double) -> Int {
    guard value.isFinite, value >= 0 else { return 0 }
    let now = min(Int(value.rounded()), capacity) + inHand
    let surplus = known ? now - parts : 0
    (parts, known, cut) = (now, true, 0)
    return max(0, surplus)
  }
}
