/// A PromQL query, ready to be asked of any reader.
///
/// The subset and what differs from Prometheus stand in `docs/historian.md`.
public struct PromQuery: Sendable {
  let expression: Expression

  /// - Throws: `syntax`, `meaning`.
  public init(_ text: String) throws(PromQLError) { expression = try Parser.parse(text) }

  /// How far back an instant selector looks for a sample: five minutes.
  public static let lookBack: Int64 = 300_000_000_000
  /// The most steps of a range query.
  public static let stepLimit = 11_000
  /// The most samples that one query may read.
  public static let sampleLimit = 50_000_000

  /// The value at one instant. A range selector gives its samples.
  ///
  /// - Parameter instant: nanoseconds since 1970.
  public func answer(from reader: some SeriesReader, at instant: Int64) throws(PromQLError) -> QueryAnswer {
    var evaluator = Evaluator(reader: reader, steps: Steps(start: instant, end: instant, step: 1))
    if case .selector(let selector) = expression, selector.range != nil { return .matrix(try evaluator.samples(selector)) }
    switch try evaluator.value(expression) {
    case .scalar(let values): return .scalar(instant: instant, values[0])
    case .string(let text): return .string(instant: instant, text)
    case .vector(let series):
      let found = series.compactMap { Staleness.isMarker($0.values[0]) ? nil : (labels: $0.labels, value: $0.values[0]) }
      return .vector(instant: instant, isSorted ? found : found.sorted { $0.labels < $1.labels })
    }
  }

  /// The values at `start`, `start + step`, … up to `end`.
  ///
  /// - Throws: `meaning`, `tooLarge`, `storage`.
  public func answer(from reader: some SeriesReader, start: Int64, end: Int64, step: Int64) throws(PromQLError) -> QueryAnswer {
    guard step > 0 else { throw .meaning("the step must be longer than nothing") }
    guard end >= start else { throw .meaning("end lies before start") }
    guard (end - start) / step < Self.stepLimit else {
      throw .tooLarge("more than \(Self.stepLimit) steps in one answer; take a longer step or a shorter range")
    }
    let steps = Steps(start: start, end: end, step: step)
    var evaluator = Evaluator(reader: reader, steps: steps)
    switch try evaluator.value(expression) {
    case .string: throw .meaning("a range query cannot give a text")
    case .scalar(let values): return .matrix([(Labels(), Self.points(values, steps))])
    case .vector(let series):
      return .matrix(
        series.map { (labels: $0.labels, points: Self.points($0.values, steps)) }.filter { $0.points.count > 0 }.sorted { $0.labels < $1.labels })
    }
  }

  /// Whether the outermost function orders its answer.
  private var isSorted: Bool {
    switch expression {
    case .call(let name, _): name == "sort" || name == "sort_desc"
    case .aggregation(let node): node.operation == .topk || node.operation == .bottomk
    default: false
    }
  }

  private static func points(_ values: [Double], _ steps: Steps) -> Points {
    var points = Points()
    for (i, value) in values.enumerated() where !Staleness.isMarker(value) {
      points.instants.append(steps.instant(i))
      points.values.append(value)
    }
    return points
  }
}

extension PromQuery {
  /// A duration as queries write it (`1h30m`), in nanoseconds; nil where the text is none.
  public static func duration(_ text: String) -> Int64? {
    var lexer = Lexer(text)
    guard case .duration(let length)? = try? lexer.next().token, (try? lexer.next().token) == .end else { return nil }
    return length
  }

  /// The matchers of a selector without a range, as `match[]` carries them.
  ///
  /// - Throws: `syntax`, `meaning`.
  public static func matchers(_ text: String) throws(PromQLError) -> [LabelMatcher] {
    guard case .selector(let selector) = try Parser.parse(text), selector.range == nil else { throw .meaning("\(text) is no selector") }
    return selector.matchers
  }
}
