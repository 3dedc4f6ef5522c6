internal import Historian
internal import Quantities
internal import Telemetry

// The careful way, for every line that is not plain.
extension LineProtocolReader {
  /// Reads one line by the whole grammar and takes its samples, or says why not.
  mutating func readAnyLine(
    _ body: ByteView, _ found: LineCutter.Line, _ precision: TimestampPrecision, into samples: inout DecodedSamples,
    _ directory: (String) -> SeriesID?
  ) {
    let bytes = body.copy(found.range)
    do {
      try take(LineProtocolLine(bytes[...]), precision, into: &samples, directory)
    } catch {
      let text = String(String(decoding: bytes.prefix(480), as: UTF8.self).prefix(120))
      samples.refuse(LineProtocolError(line: found.number, text: text, reason: error.reason), keeping: errorLimit)
    }
  }

  private func take(
    _ line: LineProtocolLine, _ precision: TimestampPrecision, into samples: inout DecodedSamples, _ directory: (String) -> SeriesID?
  ) throws(LineProtocolLine.ReasonThrown) {
    let instant = try instant(of: line, precision, samples.arrival)
    var quality: Quality?
    if case .number(let code)? = line.fields.last(where: { $0.key == Self.qualityField })?.value {
      quality = Int(exactly: code).map { SourceStatus(opcClassic: $0).quality } ?? .bad
    }
    var numbers: [(series: SeriesID, value: Double)] = []
    var texts: [(tag: String, text: String)] = []
    let values = line.fields.filter { $0.key != Self.qualityField || quality == nil }
    for field in values {
      let tag = naming.tag(line, field: field.key)
      switch field.value {
      case .number(let x): numbers.append((try series(tag, directory), x))
      case .boolean(let b): numbers.append((try series(tag, directory), b ? 1 : 0))
      case .text(let text): texts.append((tag, text))
      }
    }
    if values.isEmpty {
      // A quality alone says that the value is not known.
      guard quality != nil else { throw LineProtocolLine.ReasonThrown(.noValue) }
      numbers = [(try series(naming.tag(line, field: "value"), directory), .nan)]
      quality = .bad
    }
    for (number, value) in numbers { samples.append(series: number, instant: instant, value: value, quality: quality ?? .good) }
    for (tag, text) in texts { samples.append(text: text, tag: tag, instant: instant, quality: quality ?? .good) }
  }

  private func series(_ tag: String, _ directory: (String) -> SeriesID?) throws(LineProtocolLine.ReasonThrown) -> SeriesID {
    guard let number = directory(tag) else { throw LineProtocolLine.ReasonThrown(.tooManySeries) }
    return number
  }

  private func instant(
    of line: LineProtocolLine, _ precision: TimestampPrecision, _ now: Instant
  ) throws(LineProtocolLine.ReasonThrown) -> Int64 {
    guard let timestamp = line.timestamp else { return now.nanoseconds }
    let (nanoseconds, overflow) = timestamp.multipliedReportingOverflow(by: precision.nanoseconds)
    guard !overflow, nanoseconds >= 0, nanoseconds <= DecodedSamples.latestInstant else {
      throw LineProtocolLine.ReasonThrown(.timestampOutOfRange("\(timestamp)"))
    }
    return nanoseconds
  }
}
