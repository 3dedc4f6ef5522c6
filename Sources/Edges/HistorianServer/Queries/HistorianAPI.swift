internal import Historian
internal import NIOHTTP1
internal import Quantities
internal import Telemetry

/// The historian's own questions over HTTP, with qualities: last values, raw samples, aggregates, and how each tag is doing.
///
/// JSON, or CSV where `format=csv`.
struct HistorianAPI {
  let server: ServerState

  private struct Refused: Error { var message: String }

  /// The answer; nil where the path is not one of these.
  func answer(_ question: HTTPQuestion) -> HTTPAnswer? {
    do {
      let snapshot = server.store.snapshot()
      let table: AnswerTable
      switch question.path {
      case "/api/v1/last":
        if question["format"] != "csv", question["tag"] == nil { return allLast(snapshot) }
        table = last(snapshot, question)
      case "/api/v1/raw": table = try raw(snapshot, question)
      case "/api/v1/aggregate": table = try aggregate(snapshot, question)
      case "/api/v1/tags": table = try tags(snapshot, question)
      default: return nil
      }
      return question["format"] == "csv"
        ? HTTPAnswer(status: .ok, contentType: "text/csv; charset=utf-8", body: table.csv)
        : HTTPAnswer(status: .ok, contentType: "application/json", body: table.json)
    } catch let refused as Refused {
      return .json("{\"code\":\"invalid\",\"message\":\(jsonString(refused.message))}", .badRequest)
    } catch {
      return .json("{\"code\":\"internal error\",\"message\":\(jsonString("\(error)"))}", .internalServerError)
    }
  }

  /// The last values of all tags, in order of their first appearance, written without a table in between.
  private func allLast(_ snapshot: HistorianSnapshot) -> HTTPAnswer {
    var json = JSONText(capacity: 128 * snapshot.seriesCount)
    json.raw("{\"columns\":[\"tag\",\"instant\",\"value\",\"quality\"],\"rows\":[")
    var isFirst = true
    server.index.refresh(from: snapshot)
    for (number, tag) in server.index.quotedTags.prefix(snapshot.seriesCount).enumerated() {
      guard let sample = snapshot.last(of: SeriesID(index: UInt32(number))) else { continue }
      json.raw(isFirst ? "[" : ",[")
      isFirst = false
      json.raw(tag)
      json.raw(",")
      json.seconds(sample.instant.nanoseconds)
      json.raw(",")
      switch sample.value {
      case .number(let x): json.number(x)
      case .text(let text): json.string(text)
      }
      json.raw(",")
      json.integer(Int64(sample.quality.rawValue))
      json.raw("]")
    }
    json.raw("]}")
    return HTTPAnswer(status: .ok, contentType: "application/json", body: json.finish())
  }

  private func last(_ snapshot: HistorianSnapshot, _ question: HTTPQuestion) -> AnswerTable {
    var table = AnswerTable(columns: ["tag", "instant", "value", "quality"])
    let wanted = question.all("tag")
    let samples = wanted.isEmpty ? snapshot.lastOfAll() : wanted.compactMap { tag in snapshot.last(of: tag).map { (tag, $0) } }
    for (tag, sample) in samples { table.append([.text(tag), .instant(sample.instant.nanoseconds), .init(sample.value), .quality(sample.quality)]) }
    return table
  }

  private func raw(_ snapshot: HistorianSnapshot, _ question: HTTPQuestion) throws -> AnswerTable {
    var table = AnswerTable(columns: ["instant", "value", "quality"])
    for sample in try snapshot.samples(of: try tag(question), in: try range(question)) {
      table.append([.instant(sample.instant.nanoseconds), .init(sample.value), .quality(sample.quality)])
    }
    return table
  }

  private func aggregate(_ snapshot: HistorianSnapshot, _ question: HTTPQuestion) throws -> AnswerTable {
    guard let length = question["window"].flatMap(QueryTimes.duration) else { throw Refused(message: "window is missing, or no duration") }
    var table = AnswerTable(columns: ["tag", "from", "count", "min", "mean", "time_weighted_mean", "max", "good_share"])
    let range = try range(question)
    guard range.lowerBound > .distantPast, range.upperBound < .distantFuture else { throw Refused(message: "from and to are needed") }
    let tags = question.all("tag")
    guard !tags.isEmpty else { throw Refused(message: "tag is missing") }
    for tag in tags {
      for window in try snapshot.aggregate(tag, over: range, windows: WindowRule(length: Duration(nanoseconds: length))) {
        table.append([
          .text(tag), .instant(window.range.lowerBound.nanoseconds), .number(Double(window.count)), .init(window.minimum), .init(window.mean),
          .init(window.timeWeightedMean), .init(window.maximum), .init(window.goodShare),
        ])
      }
    }
    return table
  }

  private func tags(_ snapshot: HistorianSnapshot, _ question: HTTPQuestion) throws -> AnswerTable {
    var table = AnswerTable(columns: ["tag", "samples", "first", "last", "per_second", "good_share", "late_share", "min", "max", "mean"])
    let match = question["match"]
    for figures in try snapshot.statistics() where match.map(figures.tag.contains) ?? true {
      table.append([
        .text(figures.tag), .number(Double(figures.count)), .instant(figures.first.nanoseconds), .instant(figures.last.nanoseconds),
        .number(figures.rate),
        .number(figures.share(of: .good)), .number(figures.lateShare), .init(figures.minimum), .init(figures.maximum), .init(figures.mean),
      ])
    }
    return table
  }

  private func tag(_ question: HTTPQuestion) throws -> String {
    guard let tag = question["tag"] else { throw Refused(message: "tag is missing") }
    return tag
  }

  private func range(_ question: HTTPQuestion) throws -> Range<Instant> {
    func instant(_ name: String) throws -> Instant? {
      guard let text = question[name], !text.isEmpty else { return nil }
      guard let nanoseconds = QueryTimes.instant(text) else { throw Refused(message: "\(name) is \(text), which is no time") }
      return Instant(nanoseconds: nanoseconds)
    }
    let (from, to) = (try instant("from") ?? .distantPast, try instant("to") ?? .distantFuture)
    guard from < to else { throw Refused(message: "from must lie before to") }
    return from..<to
  }
}
