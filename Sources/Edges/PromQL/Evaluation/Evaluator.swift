/// Evaluates an expression at all steps of a query at once, so that each series is read once.
struct Evaluator<Reader: SeriesReader> {
  let reader: Reader
  let steps: Steps
  /// The steps of the query itself, which `@ start()` and `@ end()` mean also within subqueries.
  let outer: Steps
  var samplesRead = 0

  init(reader: Reader, steps: Steps, outer: Steps? = nil) {
    (self.reader, self.steps) = (reader, steps)
    self.outer = outer ?? steps
  }

  mutating func value(_ expression: Expression) throws(PromQLError) -> QueryValue {
    switch expression {
    case .number(let x): return .scalar(Array(repeating: x, count: steps.count))
    case .string(let text): return .string(text)
    case .selector(let selector):
      guard selector.range == nil else { throw .meaning("a range selector stands within a function, as in rate(x[5m])") }
      return .vector(try instantVector(selector))
    case .subquery: throw .meaning("a subquery stands within a function, as in max_over_time(x[1h:1m])")
    case .negated(let inner): return try negated(try value(inner))
    case .binary(let node): return try binary(node)
    case .aggregation(let node): return .vector(try aggregated(node))
    case .call(let name, let arguments): return try called(name, arguments)
    }
  }

  /// An argument that must be an instant vector.
  mutating func vector(_ expression: Expression, of name: String) throws(PromQLError) -> [SteppedSeries] {
    let value = try value(expression)
    guard case .vector(let series) = value else { throw .meaning("\(name) takes an instant vector, not \(value.kind)") }
    return series
  }

  /// An argument that must be a scalar.
  mutating func scalar(_ expression: Expression, of name: String) throws(PromQLError) -> [Double] {
    let value = try value(expression)
    guard case .scalar(let values) = value else { throw .meaning("\(name) takes a scalar, not \(value.kind)") }
    return values
  }

  private func negated(_ value: QueryValue) throws(PromQLError) -> QueryValue {
    switch value {
    case .scalar(let values): return .scalar(values.map { -$0 })
    case .vector(let series): return .vector(series.map { $0.changed { -$0 } })
    case .string: throw .meaning("a text has no negative")
    }
  }
}

extension SteppedSeries {
  /// The series with each value changed and, as all that computes, without the metric's name.
  func changed(_ change: (Double) -> Double) -> SteppedSeries {
    SteppedSeries(labels: labels.withoutName, values: values.map { Staleness.isMarker($0) ? $0 : change($0) })
  }
}
