import EventKernel

/// A value that steps, integrated over time.
struct StepIntegral: BitwiseCopyable {
  var value: Double
  var area = 0.0
  var since = 0.0
  var lowest: Double
  var highest: Double

  init(_ value: Double) { (self.value, lowest, highest) = (value, value, value) }

  @inline(__always) mutating func set(_ new: Double, at now: Double) {
    area += value * (now - since)
    since = now
    value = new
    if new > highest { highest = new }
    if new < lowest { lowest = new }
  }

  /// Forgets what was, at the end of a warm-up.
  mutating func restart(at now: Double) { (area, since, lowest, highest) = (0, now, value, value) }

  mutating func close(at now: Double) {
    area += value * (now - since)
    since = now
  }
}

/// Sums of observations. They are taken from the first one, so that a large mean does not swallow a small variance.
struct FlatMoments: BitwiseCopyable {
  var count = 0
  var origin = 0.0
  var sum = 0.0
  var squares = 0.0
  var lowest = Double.infinity
  var highest = -Double.infinity

  @inline(__always) mutating func add(_ x: Double) {
    if count == 0 { origin = x }
    count &+= 1
    let d = x - origin
    sum += d
    squares += d * d
    if x < lowest { lowest = x }
    if x > highest { highest = x }
  }
}

/// How long processes had to wait at some place. Those that went straight through count with 0.
struct Waits: BitwiseCopyable {
  /// All, those that had to wait, those that gave up.
  var count = 0
  var waited = 0
  var reneged = 0
  var sum = 0.0
  var squares = 0.0
  var longest = 0.0

  @inline(__always) mutating func add(_ wait: Double) {
    count &+= 1
    waited &+= 1
    sum += wait
    squares += wait * wait
    if wait > longest { longest = wait }
  }
}

extension Slab {
  /// A copy with more room at its end.
  func grown(to count: Int, repeating value: Element) -> Slab<Element> {
    var elements: [Element] = []
    elements.reserveCapacity(count)
    for i in 0..<self.count { elements.append(self[i]) }
    for _ in self.count..<count { elements.append(value) }
    return Slab(elements)
  }
}
