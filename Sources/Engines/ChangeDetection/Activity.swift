/// What a station does that has a clock of its own: operating time for failures and short stops, its own repairs, its own cycles. Waiting
/// for a neighbour is none of them, so a change at one station cannot show in another's streams.
public enum Activity: Sendable, Hashable, Codable, Comparable {
  case cycleTime
  /// Operating time between failures.
  case timeToFailure
  case repair
  /// Operating time between short stops.
  case timeToShortStop
  case shortStop
  case setUp
  case transport
  case reject
  /// Parts out of a line in a period; of the line, not of a station.
  case throughput
  /// Anything else; the name is used in words.
  case other(String)

  /// The change of this activity, in words, by a ratio after/before.
  func words(ratio: Estimate) -> String {
    let r = ratio.text
    switch self {
    case .cycleTime: return "a cycle takes \(r) times as long"
    case .timeToFailure: return "failures come \(ratio.inverted.text) times as often"
    case .repair: return "repairs take \(r) times as long"
    case .timeToShortStop: return "short stops come \(ratio.inverted.text) times as often"
    case .shortStop: return "short stops last \(r) times as long"
    case .setUp: return "set-ups take \(r) times as long"
    case .transport: return "transport takes \(r) times as long"
    case .reject: return "rejects are \(r) times as frequent"
    case .throughput: return "throughput is \(r) times what it was"
    case .other(let name): return "\(name) is \(r) times what it was"
    }
  }

  /// The change of this activity, in words, by a difference after − before.
  func words(difference: Estimate, unit: String) -> String {
    let name: String
    switch self {
    case .cycleTime: name = "the cycle time"
    case .timeToFailure: name = "the time to failure"
    case .repair: name = "the repair time"
    case .timeToShortStop: name = "the time between short stops"
    case .shortStop: name = "the length of short stops"
    case .setUp: name = "the set-up time"
    case .transport: name = "the transport time"
    case .reject: name = "the share of rejects"
    case .throughput: name = "throughput"
    case .other(let other): name = other
    }
    let up = difference.value >= 0
    let size = up ? difference : Estimate(value: -difference.value, low: -difference.high, high: -difference.low, level: difference.level)
    return "\(name) is \(size.text)\(unit.isEmpty ? "" : " ")\(unit) \(up ? "higher" : "lower")"
  }
}

extension Estimate {
  var inverted: Estimate { Estimate(value: 1 / value, low: 1 / high, high: 1 / low, level: level) }

  /// "2.0 (1.6 to 2.5)"; two decimals where the interval is too narrow for one.
  var text: String {
    let width = (high - low).magnitude
    let places = width >= 10 ? 0 : width >= 0.3 ? 1 : width >= 0.03 ? 2 : 3
    return "\(Self.text(value, places)) (\(Self.text(low, places)) to \(Self.text(high, places)))"
  }

  /// A number with a fixed number of decimals.
  static func text(_ x: Double, _ places: Int) -> String {
    guard x.isFinite, x.magnitude < 1e12 else { return x > 0 ? "∞" : x < 0 ? "−∞" : "?" }
    let powers = [1, 10, 100, 1000]
    let units = Int((x.magnitude * Double(powers[places])).rounded())
    let digits = "\(units % powers[places])"
    let fraction = places == 0 ? "" : "." + String(repeating: "0", count: places - digits.count) + digits
    return (x < 0 && units > 0 ? "−" : "") + "\(units / powers[places])" + fraction
  }
}
