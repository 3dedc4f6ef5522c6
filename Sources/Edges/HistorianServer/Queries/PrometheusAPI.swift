internal import Historian
internal import NIOHTTP1
internal import PromQL
internal import Quantities

/// The part of Prometheus's HTTP API that Grafana and promtool ask.
///
/// - Source: https://prometheus.io/docs/prometheus/latest/querying/api/
struct PrometheusAPI {
  let server: ServerState

  /// The answer; nil where the path is not one of these.
  func answer(_ question: HTTPQuestion) -> HTTPAnswer? {
    let label = question.path.split(separator: "/", omittingEmptySubsequences: false)
    do throws(PromQLError) {
      switch question.path {
      case "/api/v1/query": return try query(question)
      case "/api/v1/query_range": return try rangeQuery(question)
      case "/api/v1/series": return try series(question)
      case "/api/v1/labels":
        let found = try selected(question)
        return names(index(server.store.snapshot()).labelNames(of: found))
      case _ where label.count == 6 && question.path.hasPrefix("/api/v1/label/") && label[5] == "values":
        let found = try selected(question)
        return names(index(server.store.snapshot()).values(of: String(label[4]), in: found))
      case "/api/v1/metadata": return .json("{\"status\":\"success\",\"data\":{}}")
      case "/api/v1/status/buildinfo": return .json("{\"status\":\"success\",\"data\":{\"version\":\"2.42.0\",\"application\":\"takt\"}}")
      default: return nil
      }
    } catch { return Self.failure(error) }
  }

  static func failure(_ error: PromQLError) -> HTTPAnswer {
    let (kind, status): (String, HTTPResponseStatus) =
      switch error {
      case .syntax, .meaning: ("bad_data", .badRequest)
      case .tooLarge: ("execution", .unprocessableEntity)
      case .storage: ("internal", .internalServerError)
      }
    return .json("{\"status\":\"error\",\"errorType\":\"\(kind)\",\"error\":\(jsonString(error.message))}", status)
  }

  // MARK: - Queries

  private func query(_ question: HTTPQuestion) throws(PromQLError) -> HTTPAnswer {
    let query = try PromQuery(question["query"] ?? "")
    let time = try instant(question, "time") ?? server.clock().nanoseconds
    return PrometheusJSON.answer(try query.answer(from: reader(), at: time))
  }

  private func rangeQuery(_ question: HTTPQuestion) throws(PromQLError) -> HTTPAnswer {
    let query = try PromQuery(question["query"] ?? "")
    guard let start = try instant(question, "start"), let end = try instant(question, "end") else { throw .meaning("start or end is missing") }
    guard let step = question["step"].flatMap(QueryTimes.duration) else { throw .meaning("step is missing, or no duration") }
    return PrometheusJSON.answer(try query.answer(from: reader(), start: start, end: end, step: step))
  }

  private func instant(_ question: HTTPQuestion, _ name: String) throws(PromQLError) -> Int64? {
    guard let text = question[name], !text.isEmpty else { return nil }
    guard let instant = QueryTimes.instant(text) else { throw .meaning("\(name) is \(text), which is no time") }
    return instant
  }

  // MARK: - Series and labels

  private func series(_ question: HTTPQuestion) throws(PromQLError) -> HTTPAnswer {
    guard let found = try selected(question) else { throw .meaning("no match[] parameter provided") }
    var json = JSONText()
    json.raw("{\"status\":\"success\",\"data\":[")
    for (i, one) in found.enumerated() {
      json.comma(unless: i == 0)
      PrometheusJSON.labels(one.labels, into: &json)
    }
    json.raw("]}")
    return HTTPAnswer(status: .ok, contentType: "application/json", body: json.finish())
  }

  /// The series of all `match[]`; nil where there is none. Times are not asked: a series is listed as long as it is kept.
  private func selected(_ question: HTTPQuestion) throws(PromQLError) -> [FoundSeries]? {
    let selectors = question.all("match[]")
    if selectors.isEmpty { return nil }
    let snapshot = server.store.snapshot()
    let index = index(snapshot)
    var found: Set<FoundSeries> = []
    for selector in selectors { found.formUnion(try index.series(matching: try PromQuery.matchers(selector), in: snapshot)) }
    return found.sorted { $0.labels < $1.labels }
  }

  private func names(_ names: [String]) -> HTTPAnswer {
    var json = JSONText()
    json.raw("{\"status\":\"success\",\"data\":[")
    for (i, name) in names.enumerated() {
      json.comma(unless: i == 0)
      json.string(name)
    }
    json.raw("]}")
    return HTTPAnswer(status: .ok, contentType: "application/json", body: json.finish())
  }

  private func index(_ snapshot: HistorianSnapshot) -> SeriesIndex {
    server.index.refresh(from: snapshot)
    return server.index
  }

  private func reader() -> SnapshotReader {
    let snapshot = server.store.snapshot()
    return SnapshotReader(snapshot: snapshot, index: index(snapshot))
  }
}
