/// Count, mean and deviation of a figure over parts, one by one.
///
/// - Source: B. P. Welford 1962, doi:10.1080/00401706.1962.10490022.
struct Moments: BitwiseCopyable {
  var count = 0
  var mean = 0.0
  var squares = 0.0
  var least = Double.infinity
  var most = -Double.infinity

  @inline(__always) mutating func add(_ x: Double) {
    count &+= 1
    let off = x - mean
    mean += off / Double(count)
    squares += off * (x - mean)
    if x < least { least = x }
    if x > most { most = x }
  }

  var spread: Spread {
    var spread = Spread()
    guard count > 0 else { return spread }
    (spread.count, spread.mean, spread.least, spread.most) = (count, mean, least, most)
    if count > 1 { spread.deviation = (squares / Double(count - 1)).squareRoot() }
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
