internal import Historian
internal import Ingest
internal import NIOHTTP1
internal import Storage

/// Whose words a write is asked and answered in.
enum WriteDialect: Sendable {
  /// InfluxDB 1: `/write`, errors as `{"error": …}`.
  case version1
  /// InfluxDB 2: `/api/v2/write`, errors as `{"code": …, "message": …}`.
  case version2
  /// Prometheus remote write 1.0: plain text.
  case remoteWrite

  /// An error in this dialect.
  func error(_ status: HTTPResponseStatus, code: String, _ message: String) -> HTTPAnswer {
    switch self {
    case .version1:
      var answer = HTTPAnswer.json("{\"error\":\(jsonString(message))}\n", status)
      answer.headers.append(("X-Influxdb-Error", String(message.prefix(400).map { $0.isNewline ? " " : $0 })))
      return answer
    case .version2: return .json("{\"code\":\(jsonString(code)),\"message\":\(jsonString(message))}", status)
    case .remoteWrite: return .text(message + "\n", status)
    }
  }

  /// The answer to lines of which some were not taken; nil where all were. The others stand all the same.
  func refusal(of samples: DecodedSamples) -> HTTPAnswer? {
    guard let first = samples.errors.first else { return nil }
    let more = samples.errorCount - samples.errors.count
    switch self {
    case .version1, .remoteWrite:
      // InfluxDB 1 joins the errors by line ends, and calls it partial where some lines were taken.
      let reasons = samples.errors.map(\.message).joined(separator: "\n") + (more > 0 ? "\nand \(more) more" : "")
      return error(.badRequest, code: "invalid", samples.count > 0 ? "partial write: \(reasons) dropped=0" : reasons)
    case .version2:
      let shown = samples.errors.prefix(10).map { "line \($0.line): \($0.message)" }.joined(separator: "; ")
      let rest = samples.errorCount - min(10, samples.errors.count)
      let message = (samples.count > 0 ? "partial write: " : "") + shown + (rest > 0 ? "; and \(rest) more" : "")
      return .json(
        "{\"accepted\":\(samples.count),\"code\":\"invalid\",\"line\":\(first.line),\"message\":\(jsonString(message)),\"rejected\":\(samples.errorCount)}",
        .badRequest)
    }
  }

  /// The answer where the historian could not take the samples.
  func failure(_ failure: HistorianError) -> HTTPAnswer {
    switch failure {
    case .batchTooLarge(let bytes, let limit):
      return error(.payloadTooLarge, code: "request too large", "the body's samples take \(bytes) bytes; at most \(limit) are taken at once")
    case .headFull:
      return error(.tooManyRequests, code: "too many requests", "the disk is behind: samples wait to be sealed; come again").retryAfter(seconds: 1)
    case .storage(.full(name: let name)):
      return error(.insufficientStorage, code: "internal error", "no room on the disk for \(name)").retryAfter(seconds: 30)
    default: return error(.serviceUnavailable, code: "unavailable", "the storage failed: \(failure)").retryAfter(seconds: 5)
    }
  }
}
