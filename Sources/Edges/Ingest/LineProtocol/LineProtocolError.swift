/// Why a line of InfluxDB line protocol was not taken; the words are InfluxDB's where it has them. A retry does not help.
public struct LineProtocolError: Error, Sendable, Hashable {
  public enum Reason: Sendable, Hashable {
    case missingMeasurement
    case missingTagKey
    case missingTagValue
    case missingFields
    case missingFieldKey
    case missingFieldValue
    case unbalancedQuotes
    case invalidNumber(String)
    case notFinite(String)
    case badTimestamp(String)
    case timestampOutOfRange(String)
    case notUTF8
    case noValue
    /// The historian holds as many series as it may.
    case tooManySeries
  }
  /// Counted from 1.
  public var line: Int
  /// The line's text, cut to 120 characters.
  public var text: String
  public var reason: Reason

  public init(line: Int, text: String, reason: Reason) { (self.line, self.text, self.reason) = (line, text, reason) }

  /// `unable to parse 'cpu value=': missing field value`.
  public var message: String { "unable to parse '\(text)': \(reason.text)" }
}

extension LineProtocolError.Reason {
  /// In words.
  public var text: String {
    switch self {
    case .missingMeasurement: "missing measurement"
    case .missingTagKey: "missing tag key"
    case .missingTagValue: "missing tag value"
    case .missingFields: "missing fields"
    case .missingFieldKey: "missing field key"
    case .missingFieldValue: "missing field value"
    case .unbalancedQuotes: "unbalanced quotes"
    case .invalidNumber(let s): "invalid number: \(s)"
    case .notFinite(let s): "NaN and infinity are not values: \(s)"
    case .badTimestamp(let s): "bad timestamp: \(s)"
    case .timestampOutOfRange(let s): "time outside range 1970 - 2200: \(s)"
    case .notUTF8: "not UTF-8"
    case .noValue: "neither a field value nor a quality"
    case .tooManySeries: "max-series limit reached"
    }
  }
}
