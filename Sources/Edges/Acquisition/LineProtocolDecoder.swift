public import Ingest
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
    for (number, bytes) in LineCutter.lines(of: body) {
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
}
