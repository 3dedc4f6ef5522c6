/// Count, mean and deviation of a figure over parts, one by one: sums of its distance from the first value, which keep their digits where the
/// mean is far larger than the deviation, and need no division for a part.
///
/// - Source: T. F. Chan, G. H. Golub, R. J. LeVeque 1983, doi:10.1080/00031305.1983.10483115 (shifted data).
struct Moments: BitwiseCopyable {
  var count = 0
  private var first = 0.0
  private var sum = 0.0
  private var squares = 0.0
  private var least = Double.infinity
  private var most = -Double.infinity

  @inline(__always) mutating func add(_ x: Double) {
    if count == 0 { first = x }
    count &+= 1
    let off = x - first
    sum += off
    squares += off * off
    if x < least { least = x }
    if x > most { most = x }
  }

  var spread: Spread {
    var spread = Spread()
    guard count > 0 else { return spread }
    let off = sum / Double(count)
    (spread.count, spread.mean, spread.least, spread.most) = (count, first + off, least, most)
    if count > 1 { spread.deviation = (max(0, squares - sum * off) / Double(count - 1)).squareRoot() }
    return spread
  }
}

/// What left the line.
struct Tally: BitwiseCopyable {
  var good = 0
  var escapes = 0
  var scrapped = 0
  /// Good parts before the warm-up ended.
  var goodBefore = 0
  var leadTime = Moments()

  var goodSoFar: Int { goodBefore + good }

  @inline(__always) mutating func leave(_ part: Part, at now: Double) {
    if part.isDefective { escapes &+= 1 } else { good &+= 1 }
    leadTime.add(now - part.entered)
  }

  /// Begins to count anew.
  mutating func forget() {
    goodBefore += good
    (good, escapes, scrapped, leadTime) = (0, 0, 0, Moments())
  }
}

/// What became of one product.
struct ProductTally: BitwiseCopyable {
  var good = 0
  var scrapped = 0
  var leadTime = Moments()

  mutating func leave(_ part: Part, at now: Double) {
    if !part.isDefective { good += 1 }
    leadTime.add(now - part.entered)
  }
}

/// How far an order is. It counts from the run's beginning, warm-up or not.
struct OrderTally: BitwiseCopyable {
  var left: Int
  var good = 0
  var scrapped = 0
  var completed = -1.0

  init(left: Int) { self.left = left }

  mutating func end(isGood: Bool, at now: Double) {
    if isGood { good += 1 } else { scrapped += 1 }
    left -= 1
    if left == 0 { completed = now }
  }
}
