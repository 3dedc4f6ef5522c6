import FMI
import Filtering

/// What a calibration says, for people and programs.
public struct CalibrationReport: Sendable, Hashable, Encodable {
  /// What is known of one parameter.
  public struct Parameter: Sendable, Hashable, Encodable {
    /// Of the unit's variable.
    public let name: String
    /// As the unit names it; nil where it names none.
    public let unit: String?
    /// Where it was thought to be.
    public let start: Double
    /// The likeliest value.
    public let estimate: Double
    /// In the parameter's unit.
    public let standardError: Double
    /// The 90 % interval.
    public let low: Double
    /// The 90 % interval's upper end.
    public let high: Double
    /// What the filter alone believed; absent without one.
    public let filterEstimate: Double?
    /// How surely the filter believed it.
    public let filterStandardError: Double?
  }

  /// What is known of one output's noise.
  public struct Sensor: Sendable, Hashable, Encodable {
    /// Of the unit's variable.
    public let output: String
    /// As the unit names it; nil where it names none.
    public let unit: String?
    /// Standard deviation, in the output's unit.
    public let deviation: Double
    /// Learned from the residuals; else it was given.
    public let isLearned: Bool
  }

  /// A test of the whitened innovations of the best fit.
  public struct Check: Sendable, Hashable, Encodable {
    /// `mean`, `inputs`, `own past` or `size`.
    public let of: String
    /// The chance of so much or more under a right model.
    public let pValue: Double
    /// In standard deviations of the noise.
    public let size: Double
    /// The output in which it is strongest.
    public let output: String?
    /// Whether it refutes the model.
    public let refutes: Bool
  }

  /// `calibrated`, or `structural`: then no parameters make the model right, and the estimates must not be used.
  public let verdict: String
  /// The verdict is `calibrated`.
  public let isCalibrated: Bool
  /// How many counted.
  public let readings: Int
  /// In the order in which they were asked for.
  public let parameters: [Parameter]
  /// One for each output.
  public let sensors: [Sensor]
  /// All tests that the verdict rests on.
  public let checks: [Check]
  /// How the unit is made to forget between runs.
  public let rewinding: String

  init(_ result: ParameterCalibrationResult, _ model: FMUModel) {
    (isCalibrated, readings, rewinding) = (result.isCalibrated, result.readings, "\(model.rewinding)")
    verdict = result.isCalibrated ? "calibrated" : "structural"
    parameters = zip(result.parameters, model.parameters).map { fit, variable in
      Parameter(
        name: fit.name, unit: variable.unit, start: fit.start, estimate: fit.value, standardError: fit.deviation, low: fit.low, high: fit.high,
        filterEstimate: fit.filterValue, filterStandardError: fit.filterDeviation)
    }
    sensors = zip(model.outputs, result.noise).map {
      Sensor(output: $0.name, unit: $0.unit, deviation: $1, isLearned: !result.noiseIsKnown)
    }
    var refuting: [MismatchEvidence] = []
    if case .structural(let evidence) = result.verdict { refuting = evidence }
    checks = result.evidence.map { evidence in
      let words =
        switch evidence.kind {
        case .bias: "mean"
        case .inputDependence: "inputs"
        case .autocorrelation: "own past"
        case .excessVariance: "size"
        }
      return Check(
        of: words, pValue: evidence.pValue, size: evidence.size, output: evidence.output.map { model.outputs[$0].name },
        refutes: refuting.contains(evidence))
    }
  }
}
