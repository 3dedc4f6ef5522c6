public import LineModel
public import Quantities

/// One estimated parameter with its 90 % credible interval.
public struct ParameterEstimate: Sendable, Hashable, Codable {
  public enum Parameter: String, Sendable, Hashable, Codable, CaseIterable {
    /// Seconds per part at the rated speed, of the product now made.
    case cycle
    /// Operating seconds between failures at the rated speed.
    case mtbf
    /// Seconds from failure to work, wait for a technician included.
    case mttr
    /// Operating seconds between short stops at the rated speed.
    case microstopInterval
    /// Seconds of a short stop.
    case microstopLength
    /// Share of parts rejected at the present set-points.
    case scrap
  }
  /// What an estimate rests on.
  public enum Source: String, Sendable, Hashable, Codable, CaseIterable {
    /// The plant folder alone: nothing was seen yet.
    case design
    /// Stops, parts and rejects that the machine told.
    case observed
    /// Counts and levels of a station that tells no state: work and stops were told apart by the law of its completions.
    case inferred
  }
  public var station: String
  public var parameter: Parameter
  /// UCUM code.
  public var unit: String
  public var mean: Double
  public var low: Double
  public var high: Double
  /// What it rests on: parts, failures or stops, undiscounted; where it was inferred, how many there were likely to be.
  public var count: Int
  public var source: Source
}

/// What the twin believes of the plant, at an instant.
public struct Calibration: Sendable, Hashable, Codable {
  /// SHA-256 of the draws and the instant, 16 hex digits: two twins with one name agree in every bit.
  public var id: String
  public var at: Instant
  /// Station by station in the plant's order, parameters in order of declaration.
  public var estimates: [ParameterEstimate]
  /// Joint posterior draws; equally probable.
  public var draws: [LineParameters]

  public func estimate(_ station: String, _ parameter: ParameterEstimate.Parameter) -> ParameterEstimate? {
    estimates.first { $0.station == station && $0.parameter == parameter }
  }
}
