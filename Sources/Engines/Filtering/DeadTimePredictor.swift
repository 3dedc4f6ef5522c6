import Determinism
import LinearAlgebra

/// The prediction errors of a first-order process with dead time and coloured noise, as a function of its parameters.
///
/// y = offset + x + z + v, τ·ẋ + x = K·(u(t − θ) − ū), z Ornstein–Uhlenbeck, v white. With θ = d·h + f, 0 ≤ f < h, and u held between samples,
///
///     x ← a·x + K·((b − a)·u₍ₖ₋d₋₁₎ + (1 − b)·u₍ₖ₋d₎),   a = e^(−h/τ), b = e^(−(h − f)/τ),
///
/// which is exact and continuous in θ: dead time is not rounded to samples. z and v are told apart by a Kalman filter of one state, so that
/// each error is the best one-step prediction's, eₖ of variance σ²·Sₖ. The errors given are eₖ/√Sₖ·G, with the G (`scaleSquared`) that makes their
/// sum of squares the likelihood with σ² eliminated.
struct DeadTimePredictor {
  /// Places of the parameters in their vector. `x` is the state at the first scored sample; `colour` is the logit of φ = e^(−h/τ_z); `ratio` is
  /// log(var v / var z).
  enum Place {
    static let (gain, logLag, deadTime, offset, x, colour, ratio) = (0, 1, 2, 3, 4, 5, 6)
    static let count = 7
  }

  let interval: Double
  let inputs: [Double]
  let outputs: [Double]
  /// The first scored sample: the inputs before it reach back over the longest dead time.
  let first: Int
  let meanInput: Double
  /// How many outputs from `first` on are there.
  let seen: Int

  init(_ record: LoopRecord, longestDeadTime: Double, inputs: [Double]? = nil) {
    interval = record.interval
    outputs = record.outputs.map { $0 ?? .nan }
    first = Int(longestDeadTime / record.interval) + 2
    let source = inputs ?? record.inputs
    let mean = source.reduce(0, +) / Double(max(1, source.count))
    meanInput = mean
    self.inputs = source.map { $0 - mean }
    seen = outputs.dropFirst(first).count { $0.isFinite }
  }

  /// x from `first` on for a gain of 1 and x = 0 at `first`.
  func response(timeConstant: Double, deadTime: Double) -> [Double] {
    let periods = Int(deadTime / interval)
    let fraction = deadTime - Double(periods) * interval
    let a = Portable.exp(-interval / timeConstant)
    let b = Portable.exp(-(interval - fraction) / timeConstant)
    var x = 0.0
    var values: [Double] = []
    values.reserveCapacity(outputs.count - first)
    let u = inputs
    for k in first..<outputs.count {
      values.append(x)
      x = a * x + (b - a) * u[max(0, k - periods - 1)] + (1 - b) * u[max(0, k - periods)]
    }
    return values
  }

  /// Columns of the mean's sensitivities about a fit. With these the likelihood is the restricted one, in which what the parameters of the mean
  /// took from the noise is given back: the plain one takes noise with a long memory for too small, and intervals become too narrow.
  ///
  /// The columns stay as they are while parameters move, so that the restriction judges the noise alone.
  ///
  /// - Source: H. D. Patterson, R. Thompson 1971, doi:10.1093/biomet/58.3.545.
  var restriction: [[Double]] = []

  /// offset + x for each sample from `first` on, without noise.
  func means(_ p: [Double]) -> [Double] {
    let tau = Portable.exp(p[Place.logLag])
    let decay = Portable.exp(-interval / tau)
    var free = p[Place.x]
    return response(timeConstant: tau, deadTime: max(0, p[Place.deadTime])).map { x in
      let mean = p[Place.offset] + p[Place.gain] * x + free
      free *= decay
      return mean
    }
  }

  /// How many errors count: those seen, less the parameters that the restriction gives back.
  var freedom: Double { Double(max(1, seen - restriction.count)) }

  /// eₖ/√Sₖ·G for the samples that were seen.
  ///
  /// - Parameter scale: G², where it is known already; it depends on the noise's parameters alone.
  func errors(_ p: [Double], scaleSquared known: Double? = nil) -> [Double] {
    let means = means(p)
    let (phi, ratio) = (1 / (1 + Portable.exp(-p[Place.colour])), Portable.exp(p[Place.ratio]))
    var (m, variance) = (0.0, 1.0)
    var root = 1.0
    var lastTotal = 0.0
    var errors: [Double] = []
    errors.reserveCapacity(seen)
    for k in means.indices {
      let y = outputs[first + k]
      if y.isFinite {
        let total = variance + ratio
        if total != lastTotal { (lastTotal, root) = (total, total.squareRoot()) }
        let e = y - means[k] - m
        let gain = variance / total
        m += gain * e
        variance *= 1 - gain
        errors.append(e / root)
      }
      m *= phi
      variance = phi * phi * variance + 1 - phi * phi
    }
    let scale = (known ?? scaleSquared(p)).squareRoot()
    for k in errors.indices { errors[k] *= scale }
    return errors
  }

  /// G²: the scale of the squares in `errors`, exp((Σ log S + log|XᵀV⁻¹X|)/freedom), with X the restriction and V the noise's covariance.
  func scaleSquared(_ p: [Double]) -> Double {
    let (phi, ratio) = (1 / (1 + Portable.exp(-p[Place.colour])), Portable.exp(p[Place.ratio]))
    var (variance, lastTotal, logTotal, logSum) = (1.0, 0.0, 0.0, 0.0)
    let q = restriction.count
    var filtered = [Double](repeating: 0, count: q)
    var row = filtered
    var products = [Double](repeating: 0, count: q * q)
    for k in 0..<(outputs.count - first) {
      if outputs[first + k].isFinite {
        let total = variance + ratio
        if total != lastTotal { (lastTotal, logTotal) = (total, Portable.log(total)) }
        logSum += logTotal
        let gain = variance / total
        for i in 0..<q {
          row[i] = restriction[i][k] - filtered[i]
          filtered[i] += gain * row[i]
          for j in 0...i { products[i * q + j] += row[i] * row[j] / total }
        }
        variance *= 1 - gain
      }
      for i in 0..<q { filtered[i] *= phi }
      variance = phi * phi * variance + 1 - phi * phi
    }
    if q > 0, let factor = Matrix(rows: q, columns: q, { products[max($0, $1) * q + min($0, $1)] }).lowerFactor() {
      for i in 0..<q { logSum += 2 * Portable.log(factor[i, i]) }
    }
    return Portable.exp(logSum / freedom)
  }
}
