/// What is to be learned, as a person writes it.
public struct CalibrationRequest: Sendable, Hashable {
  /// `NAME`, or `NAME=LOW..HIGH` with the range in which it must lie.
  public var parameters: [String]
  /// Variables with a column of readings.
  public var outputs: [String]
  /// Inputs with a column, held from row to row.
  public var inputs: [String] = []
  /// `NAME`, or `NAME=SETTER` where another variable sets its start; nil: those that the FMU declares.
  public var states: [String]?
  /// `NAME=VALUE`: what a variable starts from; a state also `NAME=VALUE+-DEVIATION`.
  public var start: [String] = []
  /// `OUTPUT=DEVIATION` of its sensor; all outputs or none: then it is learned.
  public var noise: [String] = []
  /// `STATE=DEVIATION` that noise adds in a second.
  public var processNoise: [String] = []
  /// What finds the parameters from afar.
  public var method = Method.unscented
  /// Members of the ensemble.
  public var members = 100
  /// The longest communication step, in seconds.
  public var step: Double?

  /// See `ParameterCalibration.Method`.
  public enum Method: String, Sendable, Hashable, CaseIterable { case unscented, ensemble, simulation }

  public init(parameters: [String], outputs: [String]) { (self.parameters, self.outputs) = (parameters, outputs) }

  /// A name with what stands behind its equals sign.
  static func split(_ text: String) throws(FMUCalibrationError) -> (name: String, value: String?) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
    guard !parts[0].isEmpty, parts.count == 1 || !parts[1].isEmpty else { throw .request("\"\(text)\": write NAME or NAME=VALUE") }
    return (parts[0], parts.count == 2 ? parts[1] : nil)
  }

  /// `LOW..HIGH`.
  static func range(_ text: String, of name: String) throws(FMUCalibrationError) -> ClosedRange<Double> {
    let ends = text.split(separator: "..", omittingEmptySubsequences: false).map { Double($0) }
    guard ends.count == 2, let low = ends[0], let high = ends[1], low < high, low.isFinite, high.isFinite else {
      throw .request("\(name)=\(text): write a range as \(name)=1..50")
    }
    return low...high
  }

  /// `NAME=NUMBER` for each, the number above 0.
  static func deviations(_ texts: [String], _ what: String) throws(FMUCalibrationError) -> [String: Double] {
    var found: [String: Double] = [:]
    for text in texts {
      let (name, value) = try split(text)
      guard let number = value.flatMap({ Double($0) }), number > 0, number.isFinite else { throw .request("\(what) \(text): write \(name)=0.1") }
      found[name] = number
    }
    return found
  }
}
