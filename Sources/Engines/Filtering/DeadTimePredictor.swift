import Determinism

/// The prediction errors of a first-order process with dead time and coloured noise, as a function of its parameters.
///
/// y = offset + x + z + v, τ·ẋ + x = K·(u(t − θ) − ū), z Ornstein–Uhlenbeck, v white. With θ = d·h + f, 0 ≤ f < h, and u held between samples,
///
///     x ← a·x + K·((b − a)·u₍ₖ₋d₋₁₎ + (1 − b)·u₍ₖ₋d₎),   a = e^(−h/τ), b = e^(−(h − f)/τ),
///
/// which is exact and continuous in θ: dead time is not rounded to samples. z and v are told apart by a Kalman filter of one state,
/// so that each error is the best one-step prediction's, eₖ of variance σ²·Sₖ. The errors given are eₖ/√Sₖ·G with G = exp(½·mean log S): their sum
/// of squares is the likelihood with σ² eliminated.
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

  /// eₖ/√Sₖ·G for the samples that were seen.
  func errors(_ p: [Double]) -> [Double] {
    let tau = Portable.exp(p[Place.logLag])
    let response = response(timeConstant: tau, deadTime: p[Place.deadTime])
    let decay = Portable.exp(-interval / tau)
    let phi = 1 / (1 + Portable.exp(-p[Place.colour]))
    let ratio = Portable.exp(p[Place.ratio])
    let fresh = 1 - phi * phi
    var free = p[Place.x]
    var (m, variance) = (0.0, 1.0)
    var (lastTotal, root, logTotal) = (0.0, 1.0, 0.0)
    var logSum = 0.0
    var errors: [Double] = []
    errors.reserveCapacity(seen)
    for k in response.indices {
      let y = outputs[first + k]
      if y.isFinite {
        let total = variance + ratio
        if total != lastTotal { (lastTotal, root, logTotal) = (total, total.squareRoot(), Portable.log(total)) }
        let e = y - p[Place.offset] - p[Place.gain] * response[k] - free - m
        let gain = variance / total
        m += gain * e
        variance *= 1 - gain
        logSum += logTotal
        errors.append(e / root)
      }
      free *= decay
      m *= phi
      variance = phi * phi * variance + fresh
    }
    let scale = Portable.exp(0.5 * logSum / Double(max(1, errors.count)))
    for k in errors.indices { errors[k] *= scale }
    return errors
  }

  /// The scale of the squares in `errors`: σ² is their mean over this.
  func scaleSquared(_ p: [Double]) -> Double {
    let phi = 1 / (1 + Portable.exp(-p[Place.colour]))
    let ratio = Portable.exp(p[Place.ratio])
    var (variance, logSum, count) = (1.0, 0.0, 0.0)
    for y in outputs.dropFirst(first) {
      if y.isFinite {
        let total = variance + ratio
        logSum += Portable.log(total)
        count += 1
        variance *= 1 - variance / total
      }
      variance = phi * phi * variance + 1 - phi * phi
    }
    return Portable.exp(logSum / max(1, count))
  }
}
