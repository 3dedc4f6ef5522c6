import Quantities

/// Times the completions of a station that tells no state: from one count to the next, where there was work and room when the first came, so that
/// the next part began at once and found its way out. What is chosen so is chosen before the part begins, so the completions are a fair sample.
struct UnseenTracker: Sendable, Hashable {
  struct Timed: Sendable, Hashable {
    var seconds: Double
    var parts: Int
    var speed: Double
    /// Index into the record's products.
    var product: Int
    var at: Instant
  }
  /// Where the counts come from.
  enum Source: Sendable, Hashable {
    /// Its own counter.
    case counter
    /// The level of the buffer that it fills, and what others put in and take out.
    case levelBehind(Int)
    /// The level of the buffer that it takes from, likewise.
    case levelBefore(Int)
  }
  let source: Source
  /// Oldest first, bounded.
  private(set) var timed: [Timed] = []
  /// When the last count came, and whether all was ready for the next part then.
  private var last: Instant?
  private var isReady = false
  /// Parts and seconds that do not make a completion of their own yet, where counts come in coarse steps.
  private var open: (parts: Int, seconds: Double) = (0, 0)
  /// Parts by levels: the sum of all differences, and how much of it has been counted. A level that dips for a moment counts nothing twice.
  private var derived = 0
  private var counted = 0
  private var gaps = ReadingGaps()

  /// The most completions kept.
  static let most = 20_000

  init(_ source: Source) { self.source = source }

  static func == (a: UnseenTracker, b: UnseenTracker) -> Bool {
    a.source == b.source && a.timed == b.timed && a.last == b.last && a.isReady == b.isReady && a.open == b.open && a.derived == b.derived
      && a.counted == b.counted && a.gaps == b.gaps
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(timed)
    hasher.combine(last)
  }

  /// Seconds to which counts are told apart; 0 where they come as they happen.
  var resolution: Double { source == .counter ? 0 : gaps.period ?? 0 }

  /// The completion under way, if it is of a kind that counts.
  func underWay(at now: Instant) -> Double? { isReady ? last.map { (now - $0).seconds } : nil }

  /// Parts were finished.
  ///
  /// - Parameters:
  ///   - isReady: there is work for the next part and room behind.
  ///   - cycle: about how long a part takes, for the size of what is timed together.
  mutating func count(_ parts: Int, at t: Instant, isReady ready: Bool, speed: Double, product: Int, cycle: Double) {
    if let last, isReady {
      open = (open.parts + parts, open.seconds + (t - last).seconds)
      // Where counts come in steps, as many parts together as make a step small beside them.
      let enough = resolution > 0.2 * cycle ? max(10, Int(5 * resolution / cycle)) : 1
      if open.parts >= enough {
        if open.seconds > 0 { timed.append(Timed(seconds: open.seconds, parts: open.parts, speed: speed, product: product, at: t)) }
        if timed.count > Self.most { timed.removeFirst(Self.most / 10) }
        open = (0, 0)
      }
    }
    (last, isReady) = (t, ready)
    if !ready { open = (0, 0) }
  }

  /// A level was read; `difference` is what the counts of the neighbours do not explain. Returns the parts that this station must have finished.
  mutating func read(_ difference: Int, at t: Instant) -> Int {
    gaps.add(t)
    derived += difference
    let parts = max(0, derived - counted)
    counted += parts
    return parts
  }

  /// What goes on now is no completion: the line is closed, the speed changes, another product comes.
  mutating func spoil() {
    isReady = false
    open = (0, 0)
  }

  mutating func forget(before date: Instant) { timed.removeAll { $0.at < date } }
}

/// Whether a tag is read at fixed intervals, and at which.
struct ReadingGaps: Sendable, Hashable {
  private var last: Instant?
  private var count = 0.0
  private var sum = 0.0
  private var squares = 0.0

  mutating func add(_ t: Instant) {
    defer { last = t }
    guard let last, t > last else { return }
    let gap = (t - last).seconds
    count += 1
    sum += gap
    squares += gap * gap
  }

  /// Nil while they are few or uneven.
  var period: Double? {
    guard count >= 20 else { return nil }
    let mean = sum / count
    let variance = max(0, squares / count - mean * mean)
    return variance < 0.25 * mean * mean ? mean : nil
  }
}
