public import Determinism

/// What is known of a station's scrap response from binned counts: share rejected
/// p = base + c·max(0, r − 1)² + Σⱼ κⱼ·(xⱼ − oⱼ(t))², with optima that may drift, oⱼ(t) = oⱼ − sⱼ·age (age in hours before now).
///
/// Priors: log base normal about the design's share (sd 1), log c normal (median ½, sd 1.2); each optimum uniform over its range;
/// log κ normal such that standing half a range away spoils one part in ten (sd 1.5); drift sⱼ normal, sd 1.5 % of the range per hour.
/// The likelihood is binomial, each bin's raised to its weight.
///
/// The posterior is held as a population of walkers moved by differential-evolution Markov chain Monte Carlo, which needs no tuning, plus
/// reflections of an optimum about the data's mean: counts at one set-point cannot tell on which side the optimum lies, and a walk would
/// not cross. A population moved after each addition of data follows the posterior.
///
/// - Source: C. J. F. ter Braak 2006, doi:10.1007/s11222-006-8769-1.
public struct ScrapPosterior: Sendable, Hashable {
  /// A stretch of production.
  public struct Bin: Sendable, Hashable {
    public var parts: Double
    public var rejects: Double
    /// Hours before now.
    public var age: Double
    public var weight: Double
    /// Speed / rated.
    public var ratio: Double
    /// Mean values of the variables, in the order of the ranges.
    public var values: [Double]
    public init(parts: Double, rejects: Double, age: Double, weight: Double, ratio: Double, values: [Double]) {
      (self.parts, self.rejects, self.age, self.weight, self.ratio, self.values) = (parts, rejects, age, weight, ratio, values)
    }
  }
  /// A response at the present instant.
  public struct Draw: Sendable, Hashable {
    public var base: Double
    public var speedCoefficient: Double
    public var optima: [Double]
    public var curvatures: [Double]
    public init(base: Double, speedCoefficient: Double, optima: [Double], curvatures: [Double]) {
      (self.base, self.speedCoefficient, self.optima, self.curvatures) = (base, speedCoefficient, optima, curvatures)
    }

    public func share(ratio: Double, values: [Double]) -> Double {
      var p = base + speedCoefficient * max(0, ratio - 1) * max(0, ratio - 1)
      for j in optima.indices { p += curvatures[j] * (values[j] - optima[j]) * (values[j] - optima[j]) }
      return min(max(p, 0), 0.95)
    }
  }

  /// (low, high) of each variable.
  public let ranges: [ClosedRange<Double>]
  let logBase: Double
  /// Each walker: log base, log c, then (optimum, log κ, drift) of each variable, all of these standardised to their range.
  var walkers: [[Double]]
  private var generation = 0

  public init(designShare: Double, ranges: [ClosedRange<Double>], walkers count: Int = 128, _ stream: RandomStream) {
    self.ranges = ranges
    logBase = Portable.log(min(max(designShare, 1e-3), 0.2))
    let center = logBase
    walkers = (0..<count).map { i in
      var stream = stream.split("prior").split(i)
      var x = [center + stream.normal(), Self.logSpeed + 1.2 * stream.normal()]
      for _ in ranges { x += [stream.uniform(), Self.logCurvature + 1.5 * stream.normal(), 0.015 * stream.normal()] }
      return x
    }
  }

  private static let logSpeed = Portable.log(0.5)
  // κ in units of range⁻²: a tenth at half a range.
  private static let logCurvature = Portable.log(0.4)

  /// Moves the population `generations` steps in the posterior of these bins.
  public mutating func move(_ bins: [Bin], generations: Int, _ stream: RandomStream) {
    let evidence = Evidence(bins, ranges)
    var density = walkers.map { logPosterior($0, evidence) }
    let n = walkers.count
    let d = walkers[0].count
    for _ in 0..<generations {
      generation += 1
      var stream = stream.split(generation)
      for i in 0..<n {
        var proposal = walkers[i]
        if !ranges.isEmpty && stream.chance(0.1) {
          let j = stream.integer(below: ranges.count)
          proposal[2 + 3 * j] = 2 * evidence.center[j] - proposal[2 + 3 * j]
          proposal[4 + 3 * j] = -proposal[4 + 3 * j]
        } else {
          var a = stream.integer(below: n - 1)
          if a >= i { a += 1 }
          var b = stream.integer(below: n - 1)
          if b >= i { b += 1 }
          let gamma = stream.chance(0.1) ? 1 : 2.38 / (2 * Double(d)).squareRoot() * stream.uniform(0.5, 1.2)
          for k in 0..<d { proposal[k] += gamma * (walkers[a][k] - walkers[b][k]) + 1e-4 * stream.normal() }
        }
        let value = logPosterior(proposal, evidence)
        if Portable.log(stream.uniform()) < value - density[i] { (walkers[i], density[i]) = (proposal, value) }
      }
    }
  }

  /// `count` walkers, evenly spaced in the population.
  public func draws(_ count: Int) -> [Draw] {
    (0..<count).map { draw(walkers[$0 * walkers.count / count % walkers.count]) }
  }

  private func draw(_ x: [Double]) -> Draw {
    var draw = Draw(base: Portable.exp(x[0]), speedCoefficient: Portable.exp(x[1]), optima: [], curvatures: [])
    for (j, range) in ranges.enumerated() {
      let width = range.upperBound - range.lowerBound
      draw.optima.append(range.lowerBound + width * x[2 + 3 * j])
      draw.curvatures.append(Portable.exp(x[3 + 3 * j]) / (width * width))
    }
    return draw
  }

  private func logPosterior(_ x: [Double], _ evidence: Evidence) -> Double {
    let (b, c) = (x[0] - logBase, (x[1] - Self.logSpeed) / 1.2)
    var sum = -0.5 * (b * b + c * c)
    for j in ranges.indices {
      guard (0...1).contains(x[2 + 3 * j]) else { return -.infinity }
      let (k, s) = ((x[3 + 3 * j] - Self.logCurvature) / 1.5, x[4 + 3 * j] / 0.015)
      sum -= 0.5 * (k * k + s * s)
    }
    let (base, speed) = (Portable.exp(x[0]), Portable.exp(x[1]))
    let curvatures = ranges.indices.map { Portable.exp(x[3 + 3 * $0]) }
    for bin in evidence.bins {
      var p = base + speed * bin.excess
      for j in curvatures.indices {
        let distance = bin.values[j] - (x[2 + 3 * j] - x[4 + 3 * j] * bin.age)
        p += curvatures[j] * distance * distance
      }
      p = min(p, 0.95)
      sum += bin.rejects * Portable.log(p) + bin.accepts * Portable.log1p(-p)
    }
    return sum
  }

  /// Bins with weights multiplied in and variables standardised.
  private struct Evidence {
    struct Row {
      var rejects: Double
      var accepts: Double
      var age: Double
      var excess: Double
      var values: [Double]
    }
    var bins: [Row]
    var center: [Double]
    init(_ raw: [Bin], _ ranges: [ClosedRange<Double>]) {
      bins = raw.filter { $0.parts > 0 && $0.weight > 0 }.map { bin in
        Row(
          rejects: bin.weight * bin.rejects, accepts: bin.weight * max(0, bin.parts - bin.rejects), age: bin.age,
          excess: max(0, bin.ratio - 1) * max(0, bin.ratio - 1),
          values: zip(bin.values, ranges).map { ($0 - $1.lowerBound) / ($1.upperBound - $1.lowerBound) })
      }
      let total = bins.reduce(0) { $0 + $1.rejects + $1.accepts }
      let rows = bins
      center = ranges.indices.map { j in
        total > 0 ? rows.reduce(0) { $0 + ($1.rejects + $1.accepts) * $1.values[j] } / total : 0.5
      }
    }
  }
}
