import Determinism
import LinearAlgebra
import Probability

extension DeadTimeIdentification {
  /// An estimate that feedback cannot bias, whatever the colour of the noise: the prediction errors of the true model are uncorrelated with
  /// everything that the set-point alone makes happen.
  ///
  /// The instrument is the part of the input that the set-point's past explains (Laguerre filters of it). The estimate solves
  /// Σ ζₖ·eₖ(p) = 0, where ζ are the sensitivities that the model would have under the instrument. The price: what noise itself excites teaches
  /// nothing, so intervals are wider than the direct method's; they allow for errors that are correlated in time.
  ///
  /// - Throws: `invalid` for a search that does not fit the record, or a record without set-points.
  /// - Source: M. Gilson, P. Van den Hof 2005, doi:10.1016/j.automatica.2004.09.016; W. K. Newey, K. D. West 1987, doi:10.2307/1913610.
  public static func closedLoopSafe(_ record: LoopRecord, _ search: DeadTimeSearch) throws(FilteringError) -> DeadTimeEstimate {
    var faults = search.faults(record)
    if record.setpoints == nil { faults.append("the record has no set-points") }
    if !faults.isEmpty { throw .invalid(faults) }
    let predictor = DeadTimePredictor(record, longestDeadTime: search.deadTimes.upperBound)
    guard let setpoints = record.setpoints, let instrument = explained(record.inputs, by: setpoints),
      var fit = try bestFit(predictor, search)
    else { return unknown(search) }
    let echo = DeadTimePredictor(record, longestDeadTime: search.deadTimes.upperBound, inputs: instrument)
    let (real, shadow) = (problem(predictor, search), problem(echo, search))
    // The noise model of the direct fit serves as a prefilter: any would be consistent.
    let held: Set = [Place.colour, Place.ratio]
    let free = 5
    for _ in 0..<40 {
      let (slopes, instruments) = (try real.sensitivities(at: fit.parameters, held: held), try shadow.sensitivities(at: fit.parameters, held: held))
      let cross = Matrix(rows: free, columns: free) { dot(instruments[$0], slopes[$1]) }
      let right = Matrix(rows: free, columns: 1) { i, _ in dot(instruments[i], fit.residuals) }
      guard let push = cross.solving(right) else { return unknown(search) }
      var step = 1.0
      // A dead time that leaps would leave the region in which the sensitivities hold.
      step = min(step, 2 * record.interval / max(push[Place.deadTime, 0].magnitude, 1e-300), 0.7 / max(push[Place.logLag, 0].magnitude, 1e-300))
      var moved = 0.0
      for i in 0..<free {
        let next = fit.parameters[i] - step * push[i, 0]
        let bounded = min(max(next, real.bounds[i].lowerBound), real.bounds[i].upperBound)
        moved = max(moved, (bounded - fit.parameters[i]).magnitude / (1e-3 + fit.parameters[i].magnitude))
        fit.parameters[i] = bounded
      }
      fit.residuals = try real.residuals(fit.parameters)
      if moved < 1e-7 { break }
    }
    fit.sumOfSquares = dot(fit.residuals, fit.residuals)
    let (slopes, instruments) = (try real.sensitivities(at: fit.parameters, held: held), try shadow.sensitivities(at: fit.parameters, held: held))
    guard let covariance = robustCovariance(slopes, instruments, fit.residuals, free) else { return unknown(search) }
    let p = fit.parameters
    let t = StudentT.quantile(0.5 + search.confidence / 2, degreesOfFreedom: Double(max(1, predictor.seen - Place.count)))
    func interval(_ j: Int, _ limits: ClosedRange<Double>) -> ProfileInterval {
      let reach = t * max(0, covariance[j, j]).squareRoot()
      let (low, high) = (p[j] - reach, p[j] + reach)
      return ProfileInterval(
        low: max(low, limits.lowerBound), high: min(high, limits.upperBound), isClosed: low > limits.lowerBound && high < limits.upperBound)
    }
    return estimate(
      predictor, fit, search, gain: (p[Place.gain], interval(Place.gain, -Double.infinity...Double.infinity)),
      timeConstant: (Portable.exp(p[Place.logLag]), interval(Place.logLag, logs(search.timeConstants)).mapped(Portable.exp)),
      deadTime: (p[Place.deadTime], interval(Place.deadTime, search.deadTimes)))
  }

  /// (ZᵀJ)⁻¹·Ω·(JᵀZ)⁻¹ with Ω = Σ ζₖ·eₖ·eₗ·ζₗᵀ over lags up to N^⅓, weighed by Bartlett's triangle; nil when the instrument does not reach J.
  private static func robustCovariance(_ slopes: [[Double]], _ instruments: [[Double]], _ errors: [Double], _ free: Int) -> Matrix? {
    let count = errors.count
    let cross = Matrix(rows: free, columns: free) { dot(instruments[$0], slopes[$1]) }
    let scores = (0..<free).map { i in instruments[i].indices.map { instruments[i][$0] * errors[$0] } }
    var lags = 1
    while lags * lags * lags < count { lags += 1 }
    var omega = Matrix(rows: free, columns: free)
    for lag in 0...lags {
      let weight = 1 - Double(lag) / Double(lags + 1)
      for i in 0..<free {
        for j in 0..<free {
          var sum = 0.0
          for k in lag..<count { sum += scores[i][k] * scores[j][k - lag] }
          omega[i, j] += weight * sum
          if lag > 0 { omega[j, i] += weight * sum }
        }
      }
    }
    guard let left = cross.solving(omega), let both = cross.solving(left.transposed) else { return nil }
    return both.symmetrized()
  }

  /// The part of the inputs that the set-points' past explains; nil when the set-points do not move.
  ///
  /// Least squares on the set-point and eight Laguerre filters of it, with the pole that explains most.
  static func explained(_ inputs: [Double], by setpoints: [Double]) -> [Double]? {
    guard let start = setpoints.first, setpoints.contains(where: { $0 != start }) else { return nil }
    var best: (sum: Double, values: [Double])?
    for pole in [0.3, 0.6, 0.8, 0.9, 0.95, 0.98] {
      var columns = [Array(repeating: 1.0, count: inputs.count), setpoints.map { $0 - start }]
      var signal = columns[1]
      for order in 0..<8 {
        // First (1 − a²)^½/(1 − a·q⁻¹), then (q⁻¹ − a)/(1 − a·q⁻¹) again and again.
        var (state, before) = (0.0, 0.0)
        let scale = (1 - pole * pole).squareRoot()
        signal = signal.map { value in
          state = pole * state + (order == 0 ? scale * value : before - pole * value)
          before = value
          return state
        }
        columns.append(signal)
      }
      let n = columns.count
      var normal = Matrix(rows: n, columns: n) { dot(columns[$0], columns[$1]) }
      for i in 0..<n { normal[i, i] = normal[i, i] * (1 + 1e-9) + 1e-12 }
      guard let factor = normal.lowerFactor() else { continue }
      let weights = factor.solvingFactored(columns.map { dot($0, inputs) })
      let values = inputs.indices.map { k in (0..<n).reduce(0.0) { $0 + weights[$1] * columns[$1][k] } }
      let sum = zip(inputs, values).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      if sum < best?.sum ?? .infinity { best = (sum, values) }
    }
    return best?.values
  }
}
