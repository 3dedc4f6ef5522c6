import Determinism
import LinearAlgebra
import Probability

/// Tells a bias that calibration can remove from one that it cannot.
///
/// A model gives whitened residuals for any parameters: the innovations of a filter, or simulation errors divided by the sensors' deviation. The
/// test calibrates it, and then asks whether what is left can be explained by anything that a right model does not leave: a mean, the
/// inputs with their squares and products, its own past, sheer size. Directions in which parameters move the residuals are
/// taken out of these first, for whatever lies in them calibration has removed:
///
///     T = wᵀ·Z̃·(Z̃ᵀ·Z̃)⁻¹·Z̃ᵀ·w,   Z̃ = (I − J·(JᵀJ)⁻¹·Jᵀ)·Z,   chi-square with rank(Z̃) degrees of freedom under a right model.
///
/// The level is shared out evenly among the four tests, so that a right model is called structural at most at that rate.
///
/// - Source: C. R. Rao 1948, doi:10.1017/S0305004100023987 (score test); T. S. Breusch 1978 and L. G. Godfrey 1978, doi:10.2307/1913829 (its use
///   on residuals with lags); L. Ljung 1999, System Identification, section 16.6 (residual analysis).
public struct MismatchTest: Sendable, Hashable {
  /// How often a right model may be called structural; also how often right parameters may be called miscalibrated.
  public var level: Double
  /// How far back the residuals' own past is looked at.
  public var lags: Int
  /// True when the residuals were whitened by noise that is known; false when its size is to be taken from the residuals themselves.
  /// The test for size then falls away and the others become F tests.
  public var noiseIsKnown: Bool
  /// Evidence smaller than this, in standard deviations of the noise, is no reason to call a model structural: with enough data every
  /// model is wrong.
  public var negligibleSize: Double

  public init(level: Double = 0.01, lags: Int = 3, noiseIsKnown: Bool = true, negligibleSize: Double = 0) {
    (self.level, self.lags, self.noiseIsKnown, self.negligibleSize) = (level, lags, noiseIsKnown, negligibleSize)
  }

  /// Judges a model.
  ///
  /// - Parameters:
  ///   - present: its present parameters.
  ///   - steps: by how much each is moved to see what it does; small, but above the rounding and solver error of the residuals.
  ///   - bounds: within which calibration may move them.
  ///   - inputs: u at each instant, in any units.
  ///   - residuals: for given parameters one row for each instant, one value for each output. A value that is not finite was not seen: it
  ///     must be so for all parameters.
  /// - Throws: `invalid` for shapes that disagree or too few residuals; `notPositiveDefinite` when the data do not tell the parameters apart; what
  ///   the model throws at its present parameters.
  public func assess(
    present: [Double], steps: [Double], bounds: [ClosedRange<Double>], inputs: [[Double]],
    residuals: @escaping ([Double]) throws(FilteringError) -> [[Double]]
  ) throws(FilteringError) -> MismatchAssessment {
    let table = ResidualTable(try residuals(present))
    let faults = faults(present, steps, bounds, inputs, table)
    if !faults.isEmpty { throw .invalid(faults) }
    let flat = { (p: [Double]) throws(FilteringError) in table.flattened(try residuals(p)) }
    let problem = LeastSquares(steps: steps, bounds: bounds, residuals: flat)
    let start = try flat(present)
    let fit = try problem.minimise(from: present)
    let information = LeastSquares.information(fit.sensitivities)
    guard let factor = information.lowerFactor() else { throw .notPositiveDefinite(what: "the information about the parameters") }
    let count = fit.residuals.count
    let freedom = Double(count - present.count)
    let variance = noiseIsKnown ? 1 : fit.sumOfSquares / freedom

    let score = ScoreTest(residuals: fit.residuals, sensitivities: fit.sensitivities, factor: factor, noiseIsKnown: noiseIsKnown)
    var evidence = [
      table.strongest(.bias, score, table.biasColumns()), table.strongest(.inputDependence, score, table.inputColumns(inputs)),
      table.strongest(.autocorrelation, score, table.lagColumns(fit.residuals, lags)),
    ]
    if noiseIsKnown {
      let excess = max(0, fit.sumOfSquares / freedom - 1).squareRoot()
      evidence.append(
        MismatchEvidence(kind: .excessVariance, pValue: Special.gammaQ(freedom / 2, fit.sumOfSquares / 2), size: excess, output: nil))
    }
    let share = level / Double(evidence.count)
    let refuting = evidence.filter { $0.pValue < share && $0.size >= negligibleSize }.sorted { ($0.pValue, -$0.size) < ($1.pValue, -$1.size) }

    let calibrated = CalibratedParameters(values: fit.parameters, covariance: factor.inverseFromFactor() * variance)
    let gain = max(0, dot(start, start) - fit.sumOfSquares)
    let presentPValue = score.pValue(gain, degrees: present.count, rest: fit.sumOfSquares)
    let verdict: MismatchVerdict =
      !refuting.isEmpty ? .structural(refuting) : presentPValue < level ? .miscalibrated(calibrated) : .consistent
    return MismatchAssessment(verdict: verdict, calibrated: calibrated, evidence: evidence, presentPValue: presentPValue)
  }

  private func faults(
    _ present: [Double], _ steps: [Double], _ bounds: [ClosedRange<Double>], _ inputs: [[Double]], _ table: ResidualTable
  ) -> [String] {
    var faults: [String] = []
    if present.isEmpty { faults.append("there is no parameter") }
    if steps.count != present.count || bounds.count != present.count { faults.append("one step and one range for each parameter") }
    if inputs.count != table.rows { faults.append("\(inputs.count) inputs for \(table.rows) rows of residuals") }
    if Set(inputs.map(\.count)).count > 1 { faults.append("inputs differ in length") }
    let needed = 5 * (present.count + table.outputs * (1 + lags)) + 10
    if table.places.count < needed { faults.append("\(table.places.count) residuals, \(needed) are needed") }
    if !(level > 0 && level < 1) || lags < 1 { faults.append("a level of \(level), \(lags) lags") }
    return faults
  }
}
