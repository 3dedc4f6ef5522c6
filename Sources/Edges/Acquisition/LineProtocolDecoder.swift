public import PlantModel
public import Quantities
internal import Sparkplug
public import Telemetry

/// Reads bodies of InfluxDB line protocol into blocks; lines that cannot be read are reported one by one and spoil no other.
///
/// A line's tag path is the value of the tag key `stationKey`, a slash, and the measurement (the measurement alone where that key is
/// absent); its field `value` is the value, an integer field `quality` its quality (192 good, 64…191 uncertain, else bad; with a quality but
/// no value the sample is bad), and any other field `x` belongs to the tag `path/x`.
public struct LineProtocolDecoder: Sendable {
  /// The unit of a request's timestamps, as InfluxDB names it.
  public enum Precision: String, Sendable, Hashable, CaseIterable {
    case nanoseconds = "ns"
    case microseconds = "us"
    case milliseconds = "ms"
    case seconds = "s"

    var nanoseconds: Int64 {
      switch self {
      case .nanoseconds: 1
      case .microseconds: 1_000
      case .milliseconds: 1_000_000
      case .seconds: 1_000_000_000
      }
    }
  }

  public private(set) var report = AcquisitionReport()
  private let stationKey: String
  private let check: SampleCheck

  public init(_ spec: LineProtocolSpec, check: SampleCheck) { (stationKey, self.check) = (spec.stationKey, check) }

  /// Reads a body that anybody may have sent.
  ///
  /// - Parameter now: plant time; the arrival of all samples and the instant of those without a timestamp.
  /// - Returns: the blocks, the number of samples in them, and the lines not taken, in their order. It never traps.
  public mutating func decode(_ body: [UInt8], precision: Precision, at now: Instant) -> Decoded {
    var builder = BlockBuilder()
    var decoded = Decoded()
    report.messages += 1
    for (number, bytes) in Self.lines(body) {
      do {
        let line = try LineProtocolLine(bytes)
        for (path, observation) in try observations(line, precision, at: now) {
          builder.add(check.sample(observation, of: path, at: now, report: &report), to: path)
          decoded.accepted += 1
        }
      } catch {
        report.malformedPayloads += 1
        decoded.errors.append(
          LineProtocolError(line: number, text: String(String(decoding: bytes.prefix(480), as: UTF8.self).prefix(120)), reason: error.reason))
      }
    }
    report.samples += decoded.accepted
    decoded.blocks = builder.blocks()
    return decoded
  }

  public struct Decoded: Sendable, Hashable {
    public var blocks: [SampleBlock] = []
    public var accepted = 0
    public var errors: [LineProtocolError] = []
  }

  private func observations(
    _ line: LineProtocolLine, _ precision: Precision, at now: Instant
  ) throws(LineProtocolLine.ReasonThrown) -> [(String, SampleCheck.Observation)] {
    var instant = now
    if let timestamp = line.timestamp {
      let (nanoseconds, overflow) = timestamp.multipliedReportingOverflow(by: precision.nanoseconds)
      guard !overflow, nanoseconds >= 0, nanoseconds <= Instant.latestFromOutside.nanoseconds else {
        throw LineProtocolLine.ReasonThrown(.timestampOutOfRange("\(timestamp)"))
      }
      instant = Instant(nanoseconds: nanoseconds)
    }
    let station = line.tags.first { $0.key == stationKey }?.value
    let path = station.map { "\($0)/\(line.measurement)" } ?? line.measurement

    var quality: Quality?
    if case .number(let code)? = line.fields.last(where: { $0.key == "quality" })?.value {
      quality = Int(exactly: code).map { SourceStatus(opcClassic: $0).quality } ?? .bad
    }
    var found: [(String, SampleCheck.Observation)] = []
    for field in line.fields where field.key != "quality" || quality == nil {
      let raw: SampleCheck.Raw =
        switch field.value {
        case .number(let x): .number(x)
        case .text(let s): .text(s)
        case .boolean(let b): .number(b ? 1 : 0)
        }
      found.append(
        (field.key == "value" ? path : "\(path)/\(field.key)", SampleCheck.Observation(raw: raw, source: instant, quality: quality ?? .good)))
    }
    if found.isEmpty {
      guard quality != nil else { throw LineProtocolLine.ReasonThrown(.noValue) }
      found = [(path, SampleCheck.Observation(raw: .absent, source: instant, quality: .bad))]
    }
    return found
  }

  /// The lines that carry data, numbered from 1: no blanks, no comments. A line end inside a quoted field belongs to the line, unless the
  /// quote is never closed: then it ends the line, so that one bad line does not take all the others with it.
  private static func lines(_ body: [UInt8]) -> [(Int, ArraySlice<UInt8>)] {
    var cutter = LineCutter(body: body)
    while cutter.step() {}
    return cutter.lines
  }
}

/// Cuts a body into lines in one pass, and one step back at most.
private struct LineCutter {
  let body: [UInt8]
  var lines: [(Int, ArraySlice<UInt8>)] = []
  private var index = 0
  private var start = 0
  private var number = 1
  private var first = 1
  private var isBlank = true
  private var isComment = false
  /// Behind the first space after the measurement, where fields stand and quotes mean something.
  private var isInFields = false
  private var isQuoted = false
  /// The first line end inside the open quote.
  private var firstBreak: (index: Int, number: Int)?
  private var spansLines = true

  init(body: [UInt8]) { self.body = body }

  /// Takes one byte; false after the end.
  mutating func step() -> Bool {
    guard index < body.count else {
      if isQuoted, let firstBreak {
        // The quote was never closed: back to its first line end, and from here on no quote spans lines.
        (index, number, spansLines) = (firstBreak.index, firstBreak.number, false)
        endLine()
        return true
      }
      add(body.count)
      return false
    }
    let byte = body[index]
    if byte == .newline {
      if isQuoted && spansLines {
        if firstBreak == nil { firstBreak = (index, number) }
        number += 1
        index += 1
      } else {
        endLine()
      }
      return true
    }
    if isBlank, byte != .space { (isBlank, isComment) = (false, byte == .hash) }
    if !isComment, !isBlank {
      if byte == .backslash, index + 1 < body.count, body[index + 1] != .newline {
        index += 1
      } else if byte == .space {
        isInFields = true
      } else if byte == .quote, isQuoted || (isInFields && body[index - 1] == .equals) {
        isQuoted.toggle()
        firstBreak = nil
      }
    }
    index += 1
    return true
  }

  /// Ends the line at the line end that `index` stands on.
  private mutating func endLine() {
    add(index)
    (index, start, number) = (index + 1, index + 1, number + 1)
    (first, isBlank, isComment, isInFields, isQuoted, firstBreak) = (number, true, false, false, false, nil)
  }

  private mutating func add(_ end: Int) {
    var line = body[start..<end]
    if line.last == .carriageReturn { line.removeLast() }
    while line.first == .space { line.removeFirst() }
    if let byte = line.first, byte != .hash { lines.append((first, line)) }
  }
}
