/// The unit of a request's timestamps.
public enum TimestampPrecision: Sendable, Hashable, CaseIterable {
  case nanoseconds, microseconds, milliseconds, seconds, minutes, hours

  /// As version 1 of InfluxDB's write endpoint names it; absent means nanoseconds. Nil for a name that it does not know.
  public init?(version1 name: String?) {
    switch name {
    case nil, "", "n", "ns": self = .nanoseconds
    case "u", "us", "µ": self = .microseconds
    case "ms": self = .milliseconds
    case "s": self = .seconds
    case "m": self = .minutes
    case "h": self = .hours
    default: return nil
    }
  }

  /// As version 2 names it.
  public init?(version2 name: String?) {
    switch name {
    case nil, "", "ns": self = .nanoseconds
    case "us": self = .microseconds
    case "ms": self = .milliseconds
    case "s": self = .seconds
    default: return nil
    }
  }

  /// How many nanoseconds it is.
  public var nanoseconds: Int64 {
    switch self {
    case .nanoseconds: 1
    case .microseconds: 1_000
    case .milliseconds: 1_000_000
    case .seconds: 1_000_000_000
    case .minutes: 60_000_000_000
    case .hours: 3_600_000_000_000
    }
  }
}
