public import FMI
public import Filtering

/// Why an FMU cannot be calibrated from readings.
public enum FMUCalibrationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The unit. Whether retrying helps, its error says.
  case unit(FMIError)
  /// The estimation. Other readings, starts or noise may help.
  case estimation(FilteringError)
  /// What was asked for: what is wrong and what would be right. Retrying cannot help.
  case request(String)

  public var description: String {
    switch self {
    case .unit(let error): error.description
    case .estimation(.notPositiveDefinite(what: "the information about the parameters")):
      "the readings do not tell the parameters apart; learn fewer, or record more while the inputs move"
    case .estimation(let error): error.description
    case .request(let words): words
    }
  }

  static func units<Value>(_ body: () throws(FMIError) -> Value) throws(FMUCalibrationError) -> Value {
    do throws(FMIError) { return try body() } catch { throw .unit(error) }
  }

  static func estimating<Value>(_ body: () throws(FilteringError) -> Value) throws(FMUCalibrationError) -> Value {
    do throws(FilteringError) { return try body() } catch { throw .estimation(error) }
  }
}
