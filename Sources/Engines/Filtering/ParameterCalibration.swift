public import Determinism
public import LinearAlgebra
import Probability

/// Learns parameters of any model from a record of its inputs and outputs, and says whether the model can be right at all.
///
/// A filter goes over the record once with the parameters as further states: it finds them from afar, and its innovations need no derivative. From
/// there the likelihood of the whole record is climbed to its top (`MismatchTest`), which a filter with a wide prior only comes near: with r the
/// whitened residuals, min Σ r², covariance (JᵀJ)⁻¹. Residuals are simulation errors in units of the sensors' deviation where the state has no noise
/// (uncertain starts are learned along), else the innovations of a filter with fixed parameters. What they still contain decides the verdict: with
/// structure left in them no parameters are right, and none count as calibrated.
public struct ParameterCalibration<Model: StateSpaceModel>: Sendable {
  /// What finds the parameters from afar.
  public enum Method: Sendable, Hashable {
    case unscented
    case ensemble(members: Int)
    /// No filter: the climb begins at the prior's mean. The model's states need not be settable.
    case simulation
  }

  /// Whose parameters are learned.
  public let model: Model
  /// The readings.
  public let record: SampleRecord
  /// In the order of the model's.
  public let parameters: [UncertainParameter]
  /// The state at the first instant; one with a deviation of 0 is known.
  public let start: Gaussian
  /// The covariance that noise adds to the state in a unit of time.
  public let diffusion: Matrix
  /// The sensors' standard deviations; nil: learned from the residuals.
  public let noise: [Double]?
  /// What finds them from afar.
  public let method: Method
  /// How often a right model may be called structural.
  public let level: Double

  /// - Throws: `invalid` where shapes disagree.
  public init(
    _ model: Model, record: SampleRecord, parameters: [UncertainParameter], start: Gaussian, diffusion: Matrix? = nil, noise: [Double]? = nil,
    method: Method = .unscented, level: Double = 0.01
  ) throws(FilteringError) {
    let n = model.stateCount
    var faults: [String] = []
    if parameters.isEmpty { faults.append("there is no parameter to learn") }
    if start.mean.count != n { faults.append("a start of \(start.mean.count) for \(n) states") }
    if let diffusion, diffusion.rows != n || diffusion.columns != n { faults.append("the diffusion is not of the states' size") }
    if record.outputs.first?.count ?? 0 != model.outputCount {
      faults.append("\(record.outputs.first?.count ?? 0) outputs, not \(model.outputCount)")
    }
    if let noise, noise.count != model.outputCount || !noise.allSatisfy({ $0 > 0 && $0.isFinite }) {
      faults.append("noise must be above 0, one for each output")
    }
    if method != .simulation, n == 0 { faults.append("a filter needs states; without them, the method is simulation") }
    if !faults.isEmpty { throw .invalid(faults) }
    (self.model, self.record, self.parameters, self.start, self.noise) = (model, record, parameters, start, noise)
    (self.diffusion, self.method, self.level) = (diffusion ?? Matrix(rows: n, columns: n), method, level)
  }

  /// Calibrates and judges.
  ///
  /// - Parameter stream: of the ensemble.
  /// - Throws: `invalid` for too few readings, `notPositiveDefinite` where they do not tell the parameters apart, `model`.
  public func run(stream: RandomStream) throws(FilteringError) -> ParameterCalibrationResult {
    var sigmas = noise ?? differenceDeviations()
    var found = try filtered(sigmas, stream)
    var assessment = try assess(found?.mean, sigmas)
    if noise == nil {
      // Once more with the size of noise that the fit has left.
      sigmas = try residualDeviations(assessment.calibrated.values, sigmas)
      found = try filtered(sigmas, stream)
      assessment = try assess(found?.mean, sigmas)
    }
    return result(found, assessment, sigmas)
  }

  private var scaledModel: ScaledModel<Model> { ScaledModel(model: model, scales: parameters) }
  private var isNoisy: Bool { diffusion.elements.contains { $0 != 0 } }
  private var freeStates: [Int] { isNoisy ? [] : start.mean.indices.filter { start.covariance[$0, $0] > 0 } }

  private func covariance(_ sigmas: [Double]) -> Matrix { .diagonal(sigmas.map { $0 * $0 }) }

  /// What a filter believes of the scaled parameters in the end.
  private func filtered(_ sigmas: [Double], _ stream: RandomStream) throws(FilteringError) -> Gaussian? {
    if method == .simulation { return nil }
    let prior = AugmentedPrior(
      state: start, parameters: Gaussian(mean: parameters.map { $0.scaled($0.start) }, deviations: parameters.map(\.deviation)), diffusion: diffusion)
    let instants = record.instants
    guard let first = instants.first else { return nil }
    if case .ensemble(let members) = method {
      var filter = try EnsembleFilter(scaledModel, prior: prior, members: members, at: first, stream: stream)
      for k in instants.indices {
        if k > 0 { try filter.predict(to: instants[k], input: record.inputs[k - 1]) }
        try filter.update(record.outputs[k], variances: sigmas.map { $0 * $0 }, input: record.inputs[k])
      }
      return filter.parameters
    }
    var filter = UnscentedFilter(scaledModel, prior: prior, at: first)
    for k in instants.indices {
      if k > 0 { try filter.predict(to: instants[k], input: record.inputs[k - 1]) }
      try filter.update(record.outputs[k], noise: covariance(sigmas), input: record.inputs[k])
    }
    return filter.parameters
  }

  /// The best parameters and free starts, and what is left in the residuals.
  private func assess(_ found: [Double]?, _ sigmas: [Double]) throws(FilteringError) -> MismatchAssessment {
    let count = parameters.count
    let centre = found ?? parameters.map { $0.scaled($0.start) }
    let present =
      zip(centre, parameters).map { min(max($0, $1.scaledRange.lowerBound), $1.scaledRange.upperBound) } + freeStates.map { start.mean[$0] }
    let steps =
      parameters.map { $0.isLogarithmic ? 1e-3 : 1e-3 * $0.deviation }
      + freeStates.map { max(0.01 * start.deviation($0), 1e-9 * start.mean[$0].magnitude) }
    let bounds =
      parameters.map(\.scaledRange)
      + freeStates.map { (i: Int) -> ClosedRange<Double> in
        let reach = 1e3 * start.deviation(i)
        return start.mean[i] - reach...start.mean[i] + reach
      }
    let test = MismatchTest(level: level, noiseIsKnown: noise != nil)
    return try test.assess(present: present, steps: steps, bounds: bounds, inputs: record.inputs) { (z) throws(FilteringError) in
      try residuals(Array(z[..<count]), Array(z[count...]), sigmas)
    }
  }

  private func residuals(_ scaled: [Double], _ starts: [Double], _ sigmas: [Double]) throws(FilteringError) -> [[Double]] {
    if isNoisy {
      return try scaledModel.whitenedInnovations(record, parameters: scaled, state: start, diffusion: diffusion, noise: covariance(sigmas))
    }
    var x = start.mean
    for (place, value) in zip(freeStates, starts) { x[place] = value }
    let expected = try scaledModel.responses(record, from: x, parameters: scaled)
    return record.outputs.indices.map { k in
      sigmas.indices.map { i in ((record.outputs[k][i] ?? .nan) - expected[k][i]) / sigmas[i] }
    }
  }

  /// A first guess of each sensor's deviation: half the scatter of a reading about the line between its neighbours, √(Σ d²/(6·count)) with
  /// d = y₋ − 2y + y₊, as noise alone would have it.
  private func differenceDeviations() -> [Double] {
    (0..<model.outputCount).map { i in
      let values = record.outputs.compactMap { $0[i] }.filter(\.isFinite)
      guard values.count > 2, let low = values.min(), let high = values.max() else { return 1 }
      let sum = (1..<values.count - 1).reduce(0.0) { total, k in
        let d = values[k - 1] - 2 * values[k] + values[k + 1]
        return total + d * d
      }
      return max((sum / Double(6 * (values.count - 2))).squareRoot(), 1e-6 * (high - low), 1e-9)
    }
  }

  /// The deviation that the fit leaves in each output.
  private func residualDeviations(_ fitted: [Double], _ sigmas: [Double]) throws(FilteringError) -> [Double] {
    let rows = try residuals(Array(fitted[..<parameters.count]), Array(fitted[parameters.count...]), sigmas)
    let total = rows.reduce(0) { $0 + $1.filter(\.isFinite).count }
    let share = Double(total) / Double(max(1, total - fitted.count))
    return sigmas.indices.map { i in
      let own = rows.map { $0[i] }.filter(\.isFinite)
      let mean = own.reduce(0) { $0 + $1 * $1 } / Double(max(1, own.count))
      return max(sigmas[i] * (mean * share).squareRoot(), sigmas[i] * 1e-6)
    }
  }

  private func result(_ found: Gaussian?, _ assessment: MismatchAssessment, _ sigmas: [Double]) -> ParameterCalibrationResult {
    let seen = record.outputs.reduce(0) { $0 + seenComponents($1).count }
    let freedom = Double(max(1, seen - assessment.calibrated.values.count))
    // Noise that is learned makes the tails of Student's law.
    let reach = noise == nil ? StudentT.quantile(0.95, degreesOfFreedom: freedom) : 1.6448536269514722
    let fits = parameters.indices.map { j -> FittedParameter in
      let (parameter, scaled) = (parameters[j], assessment.calibrated.values[j])
      let deviation = max(0, assessment.calibrated.covariance[j, j]).squareRoot()
      let far = found.map { $0.mean[j] }
      return FittedParameter(
        name: parameter.name, start: parameter.start, value: parameter.value(scaled), deviation: deviation * parameter.slope(scaled).magnitude,
        low: parameter.value(scaled - reach * deviation), high: parameter.value(scaled + reach * deviation),
        filterValue: far.map(parameter.value), filterDeviation: far.map { (found?.deviation(j) ?? 0) * parameter.slope($0).magnitude })
    }
    return ParameterCalibrationResult(
      parameters: fits, noise: sigmas, noiseIsKnown: noise != nil, readings: seen, verdict: assessment.verdict, evidence: assessment.evidence)
  }
}
