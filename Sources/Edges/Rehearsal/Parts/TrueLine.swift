import Determinism
import PlantModel
import Quantities

/// The plant as it is: set-points with the machines' own limits and resolution, and a rate of good parts that nobody is told.
///
/// The rate is `base − Σ c·((x − best)/range)²` per hour over the set-points; evidence and proofs are made of it.
struct TrueLine {
  struct Point {
    let tag: String
    let low: Double
    let high: Double
    /// The machine rounds to it; 0 does not round.
    let resolution: Double
    var value: Double
    /// Where the rate is best, and what being off by the whole range costs, per hour.
    let best: Double
    let cost: Double
    /// A mechanical stop below `high`, until then.
    var ceiling = Double.infinity
    var ceilingUntil = World.start
    /// The machine takes no writes until then.
    var deafUntil = World.start
  }

  /// Who moved a set-point.
  enum Mover: Hashable { case token(UInt64, UInt64), wire, person }

  struct Movement {
    var at: Instant
    var tag: String
    var from: Double
    var to: Double
    var mover: Mover
  }

  private(set) var points: [Point]
  private(set) var movements: [Movement] = []
  /// The rate per hour from each instant on, oldest first.
  private(set) var rates: [(from: Instant, rate: Double)] = []
  /// The pressure that an interlock watches.
  var pressure = 2.0

  init(_ plant: Plant, start: Instant, luck: RandomStream) {
    var luck = luck
    points = plant.setpoints.map { spec in
      let range = spec.high - spec.low
      return Point(
        tag: spec.tag, low: spec.low, high: spec.high, resolution: luck.chance(0.5) ? 0 : range * 1e-4, value: spec.design,
        best: luck.uniform(spec.low + 0.1 * range, spec.high - 0.1 * range), cost: luck.uniform(100, 400))
    }
    rates = [(start, rate(values))]
  }

  var values: [String: Double] { Dictionary(uniqueKeysWithValues: points.map { ($0.tag, $0.value) }) }

  subscript(tag: String) -> Double? { points.first { $0.tag == tag }?.value }

  /// Good parts per hour at these set-points; those that are missing stand where they stand.
  func rate(_ setpoints: [String: Double]) -> Double {
    points.reduce(1000) { rate, point in
      let off = ((setpoints[point.tag] ?? point.value) - point.best) / (point.high - point.low)
      return rate - point.cost * off * off
    }
  }

  /// The mean rate over a span, as it truly was.
  func meanRate(from start: Instant, to end: Instant) -> Double {
    var sum = 0.0
    for (index, step) in rates.enumerated() {
      let until = index + 1 < rates.count ? rates[index + 1].from : .distantFuture
      let (a, b) = (max(step.from, start), min(until, end))
      if b > a { sum += step.rate * (b - a).seconds }
    }
    return sum / (end - start).seconds
  }

  /// A command or a hand reaches the machine, which makes of it what it can. Returns what it did.
  mutating func move(_ tag: String, to value: Double, by mover: Mover, at now: Instant) -> Movement? {
    guard let i = points.firstIndex(where: { $0.tag == tag }), value.isFinite else { return nil }
    if now < points[i].deafUntil, mover != .person { return nil }
    let point = points[i]
    let rounded = point.resolution > 0 ? (value / point.resolution).rounded() * point.resolution : value
    let made = min(max(rounded, point.low), now < point.ceilingUntil ? min(point.high, point.ceiling) : point.high)
    let movement = Movement(at: now, tag: tag, from: point.value, to: made, mover: mover)
    points[i].value = made
    movements.append(movement)
    if made != point.value { rates.append((now, rate(values))) }
    return movement
  }

  mutating func set(_ tag: String, _ change: (inout Point) -> Void) {
    if let i = points.firstIndex(where: { $0.tag == tag }) { change(&points[i]) }
  }

  func ceilingUntil(_ tag: String) -> Instant { points.first { $0.tag == tag }?.ceilingUntil ?? World.start }

  mutating func setAll(_ change: (inout Point) -> Void) {
    for i in points.indices { change(&points[i]) }
  }
}
