internal import NIOHTTP1
internal import PromQL

/// Answers to queries in Prometheus's JSON.
enum PrometheusJSON {
  static func answer(_ answer: QueryAnswer) -> HTTPAnswer {
    var json = JSONText(capacity: capacity(of: answer))
    json.raw("{\"status\":\"success\",\"data\":{\"resultType\":")
    switch answer {
    case .scalar(let instant, let value):
      json.raw("\"scalar\",\"result\":")
      json.pair(instant, value)
    case .string(let instant, let text):
      json.raw("\"string\",\"result\":[")
      json.seconds(instant)
      json.raw(",")
      json.string(text)
      json.raw("]")
    case .vector(let instant, let series):
      json.raw("\"vector\",\"result\":[")
      for (i, one) in series.enumerated() {
        json.comma(unless: i == 0)
        json.raw("{\"metric\":")
        labels(one.labels, into: &json)
        json.raw(",\"value\":")
        json.pair(instant, one.value)
        json.raw("}")
      }
      json.raw("]")
    case .matrix(let series):
      json.raw("\"matrix\",\"result\":[")
      for (i, one) in series.enumerated() {
        json.comma(unless: i == 0)
        json.raw("{\"metric\":")
        labels(one.labels, into: &json)
        json.raw(",\"values\":[")
        for j in 0..<one.points.count {
          json.comma(unless: j == 0)
          json.pair(one.points.instants[j], one.points.values[j])
        }
        json.raw("]}")
      }
      json.raw("]")
    }
    json.raw("}}")
    return HTTPAnswer(status: .ok, contentType: "application/json", body: json.finish())
  }

  /// About what the answer takes.
  private static func capacity(of answer: QueryAnswer) -> Int {
    switch answer {
    case .scalar, .string: 256
    case .vector(_, let series): 256 + 160 * series.count
    case .matrix(let series): 256 + series.reduce(0) { $0 + 128 + 36 * $1.points.count }
    }
  }

  static func labels(_ labels: Labels, into json: inout JSONText) {
    json.raw("{")
    for (i, pair) in labels.pairs.enumerated() {
      json.comma(unless: i == 0)
      json.string(pair.name)
      json.raw(":")
      json.string(pair.value)
    }
    json.raw("}")
  }
}
