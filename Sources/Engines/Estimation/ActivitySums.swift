import Determinism

/// What the likelihoods of all families need of a set of observations. Values are divided by `reference` first, so that logarithms and
/// powers keep their digits whatever the unit; x below is such a value, y its logarithm.
struct ActivitySums: Sendable {
  /// A value and what it counts for. Weights may be negative in a binned list.
  struct Node: Sendable { var y: Double, weight: Double }
  struct Between: Sendable { var low: Double, high: Double, weight: Double }

  private(set) var reference = 1.0
  /// Weight of the exact observations, Σwx, Σwy, Σwy² of them.
  private(set) var weight = 0.0
  private(set) var time = 0.0
  private(set) var logSum = 0.0
  private(set) var logSquares = 0.0
  /// Σwx of everything that was waited through: exact and right-censored ones, less what had passed before entry.
  private(set) var exposure = 0.0
  /// Σw² of exact ones.
  private(set) var squaredWeight = 0.0
  /// The same as a list, for Σw·x^k.
  private(set) var exposed: [Node] = []
  /// Right-censored ones, and entries with negative weight: each adds w·log S.
  private(set) var tails: [Node] = []
  /// Left-censored and interval ones, in logarithms; `low` may be −∞.
  private(set) var between: [Between] = []
  /// Σw·log(pace/reference): turns densities of x into densities of seconds.
  private(set) var jacobian = 0.0
  private(set) var exactCount = 0
  private(set) var censoredCount = 0
  private(set) var passedOver = 0

  init(_ observations: [ActivityObservation]) {
    reference = Self.reference(observations)
    exposed.reserveCapacity(observations.count)
    let scale = 1 / reference
    for o in observations {
      guard o.isInformative else {
        passedOver += 1
        continue
      }
      let (w, unit) = (o.weight, o.pace * scale)
      switch o.kind {
      case .exact:
        let x = o.low * unit
        let y = Portable.log(x)
        exactCount += 1
        weight += w
        squaredWeight += w * w
        time += w * x
        logSum += w * y
        logSquares += w * y * y
        exposure += w * x
        jacobian += w * Portable.log(unit)
        exposed.append(Node(y: y, weight: w))
      case .rightCensored:
        let x = o.low * unit
        let y = Portable.log(x)
        censoredCount += 1
        exposure += w * x
        exposed.append(Node(y: y, weight: w))
        tails.append(Node(y: y, weight: w))
      case .leftCensored, .interval:
        censoredCount += 1
        between.append(Between(low: o.low > 0 ? Portable.log(o.low * unit) : -.infinity, high: Portable.log(o.high * unit), weight: w))
      }
      if o.entry > 0 {
        let x = o.entry * unit
        exposure -= w * x
        exposed.append(Node(y: Portable.log(x), weight: -w))
        tails.append(Node(y: Portable.log(x), weight: -w))
      }
    }
    let step = 0.12 * max(logDeviation, 1e-3)
    exposed = Self.binned(exposed, step: step, above: 192)
    tails = Self.binned(tails, step: step, above: 48)
  }

  /// Mean of y over the exact observations, and their standard deviation (1 where there are none).
  var logAverage: Double { weight > 0 ? logSum / weight : 0 }
  var logDeviation: Double {
    guard exactCount > 1 else { return 1 }
    return max(logSquares / weight - logAverage * logAverage, 0).squareRoot()
  }

  /// As many observations of weight one would be worth the exact ones: (Σw)²/Σw².
  var effectiveCount: Double { squaredWeight > 0 ? weight * weight / squaredWeight : 0 }

  /// Σ w·x^k as its logarithm; −∞ for none.
  func logPowerSum(_ k: Double) -> Double {
    var top = -Double.infinity
    for node in exposed where node.y > top { top = node.y }
    guard top > -.infinity else { return -.infinity }
    var sum = 0.0
    for node in exposed { sum += node.weight * Portable.exp(k * (node.y - top)) }
    return k * top + Portable.log(max(sum, 1e-300))
  }

  /// The weighted mean of the exact values, else of the bounds: near enough to the law's mean for a unit.
  private static func reference(_ observations: [ActivityObservation]) -> Double {
    var (exact, exactWeight, any, anyWeight) = (0.0, 0.0, 0.0, 0.0)
    for o in observations where o.isInformative {
      let middle = o.high == .infinity ? o.low : (o.low + o.high) / 2
      if o.low == o.high { (exact, exactWeight) = (exact + o.weight * o.pace * middle, exactWeight + o.weight) }
      (any, anyWeight) = (any + o.weight * o.pace * middle, anyWeight + o.weight)
    }
    let mean = exactWeight > 0 ? exact / exactWeight : anyWeight > 0 ? any / anyWeight : 1
    return mean > 0 && mean.isFinite ? mean : 1
  }

  /// The list on a grid in y, each weight shared among four neighbours so that cubics in y keep their sums: functions of y that are
  /// smooth on the scale of the data's spread keep theirs to five digits. Lists that are short or would not get shorter stay as they are.
  private static func binned(_ nodes: [Node], step: Double, above limit: Int) -> [Node] {
    guard nodes.count > limit, let least = nodes.map(\.y).min(), let most = nodes.map(\.y).max() else { return nodes }
    let cells = (most - least) / step
    guard cells < 0.7 * Double(nodes.count) else { return nodes }
    let origin = least - 2 * step
    var weights = [Double](repeating: 0, count: Int(cells) + 7)
    for node in nodes {
      let position = (node.y - origin) / step
      let i = Int(position)
      let t = position - Double(i)
      weights[i - 1] -= node.weight * t * (t - 1) * (t - 2) / 6
      weights[i] += node.weight * (t + 1) * (t - 1) * (t - 2) / 2
      weights[i + 1] -= node.weight * (t + 1) * t * (t - 2) / 2
      weights[i + 2] += node.weight * (t + 1) * t * (t - 1) / 6
    }
    return weights.indices.compactMap { weights[$0] == 0 ? nil : Node(y: origin + Double($0) * step, weight: weights[$0]) }
  }
}
