/// One series with a value for each step of a query; `Staleness.marker` where it has none.
struct SteppedSeries: Sendable {
  var labels: Labels
  var values: [Double]
}

/// What an expression is worth at all steps at once.
enum QueryValue: Sendable {
  case scalar([Double])
  case vector([SteppedSeries])
  case string(String)

  var kind: String {
    switch self {
    case .scalar: "a scalar"
    case .vector: "an instant vector"
    case .string: "a text"
    }
  }
}

/// The instants at which a query is evaluated.
struct Steps: Sendable, Hashable {
  /// Nanoseconds since 1970; `end` is reached only where the step hits it.
  var start: Int64
  var end: Int64
  var step: Int64

  var count: Int { Int((end - start) / step) + 1 }
  @inline(__always) func instant(_ index: Int) -> Int64 { start + Int64(index) * step }
}

/// The answer to a query.
public enum QueryAnswer: Sendable {
  case scalar(instant: Int64, Double)
  case string(instant: Int64, String)
  /// One value for each series.
  case vector(instant: Int64, [(labels: Labels, value: Double)])
  /// Samples of a range selector, or values over the steps of a range query.
  case matrix([(labels: Labels, points: Points)])
}
