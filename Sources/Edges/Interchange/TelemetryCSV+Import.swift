internal import Quantities
public import Telemetry

extension TelemetryCSV {
  /// Reads telemetry portion by portion. A line that is wrong is reported and passed over; the others are taken.
  public struct Importer: Sendable {
    /// What one portion gave.
    public struct Portion: Sendable {
      /// In order of the file; neighbouring lines of one tag and kind share a block.
      public var blocks: [SampleBlock] = []
      public var problems: [Problem] = []
    }

    private var scanner = CSVScanner()
    private var hasHeader = false
    private var newest: Instant?
    /// Samples taken so far.
    public private(set) var sampleCount = 0
    /// Lines refused so far.
    public private(set) var problemCount = 0

    public init() {}

    /// Takes the next bytes of the file, cut anywhere.
    public mutating func read(_ bytes: [UInt8]) -> Portion { collect { scanner, emit in scanner.scan(bytes, emit) } }

    /// Takes what is left when the file is at its end.
    public mutating func finish() -> Portion {
      var portion = collect { scanner, emit in scanner.finish(emit) }
      if !hasHeader {
        problemCount += 1
        portion.problems.append(Problem(line: 1, reason: "the file is empty; its first line should be \(header.joined(separator: ","))"))
      }
      return portion
    }

    private mutating func collect(_ scan: (inout CSVScanner, (CSVScanner.Record) -> Void) -> Void) -> Portion {
      var records: [CSVScanner.Record] = []
      scan(&scanner) { records.append($0) }
      var builder = BlockBuilder()
      var problems: [Problem] = []
      for record in records {
        switch take(record) {
        case .sample(let tag, let sample): builder.append(tag, sample)
        case .header: break
        case .problem(let reason): problems.append(Problem(line: record.line, reason: reason))
        }
      }
      sampleCount += builder.sampleCount
      problemCount += problems.count
      return Portion(blocks: builder.finished(), problems: problems)
    }

    private enum Taken {
      case header
      case sample(tag: String, Sample)
      case problem(String)
    }

    private mutating func take(_ record: CSVScanner.Record) -> Taken {
      if let flaw = record.flaw { return .problem(flaw) }
      var fields: [String] = []
      for field in record.fields {
        guard let text = String(validating: field, as: UTF8.self) else { return .problem("not UTF-8 text") }
        fields.append(text)
      }
      if !hasHeader {
        hasHeader = true
        if fields == header { return .header }
        return .problem("the first line is \(fields.joined(separator: ",")); it should be \(header.joined(separator: ","))")
      }
      guard fields.count == header.count else { return .problem("\(fields.count) fields where there should be \(header.count)") }
      if fields[0].isEmpty { return .problem("no tag") }
      guard let instant = Self.instant(fields[1]) else { return .problem("timestamp_ms is \(fields[1]), not milliseconds since 1970") }
      guard let byte = UInt8(fields[3]) else { return .problem("quality is \(fields[3]), not a number from 0 to 255") }
      newest = max(newest ?? instant, instant)
      let (value, quality) = Self.value(fields[2], Self.quality(byte))
      return .sample(tag: fields[0], Sample(instant: instant, arrival: newest!, value: value, quality: quality))
    }

    private static func value(_ text: String, _ quality: Quality) -> (SampleValue, Quality) {
      if text.isEmpty { return (.number(.nan), .bad) }
      guard let number = Double(text), !text.hasPrefix("0x"), !text.hasPrefix("-0x") else { return (.text(text), quality) }
      return (.number(number), number.isFinite ? quality : .bad)
    }

    static func quality(_ byte: UInt8) -> Quality {
      if let exact = Quality(rawValue: byte) { return exact }
      switch byte {
      case 192...: return .good
      case 64..<128: return .uncertain
      default: return .bad
      }
    }

    /// Whole milliseconds exactly; a decimal fraction to the nanosecond, further digits cut off.
    static func instant(_ text: String) -> Instant? {
      let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      guard let whole = Int64(parts[0]) else { return nil }
      var nanoseconds: Int64 = 0
      if parts.count == 2 {
        guard !parts[1].isEmpty, parts[1].utf8.allSatisfy({ 48...57 ~= $0 }) else { return nil }
        nanoseconds = Int64(String(parts[1].prefix(6)) + String(repeating: "0", count: max(0, 6 - parts[1].count)))!
      }
      let (scaled, overflow) = whole.multipliedReportingOverflow(by: 1_000_000)
      let (sum, carry) = scaled.addingReportingOverflow(parts[0].hasPrefix("-") ? -nanoseconds : nanoseconds)
      return overflow || carry ? nil : Instant(nanoseconds: sum)
    }
  }
}

/// Gathers samples into blocks as long as tag and kind stay the same.
private struct BlockBuilder {
  private var blocks: [SampleBlock] = []
  private(set) var sampleCount = 0
  private var tag = ""
  private var samples: [Sample] = []

  mutating func append(_ tag: String, _ sample: Sample) {
    if let last = samples.last, tag != self.tag || (last.value.number == nil) != (sample.value.number == nil) { endBlock() }
    self.tag = tag
    samples.append(sample)
    sampleCount += 1
  }

  mutating func finished() -> [SampleBlock] {
    endBlock()
    return blocks
  }

  private mutating func endBlock() {
    guard let first = samples.first else { return }
    let values: SampleBlock.Values =
      first.value.number == nil
      ? .texts(samples.map { if case .text(let text) = $0.value { text } else { "" } }) : .numbers(samples.map { $0.value.number ?? .nan })
    blocks.append(
      SampleBlock(
        tag: tag, instants: samples.map(\.instant), arrivals: samples.map(\.arrival), values: values, qualities: samples.map(\.quality)))
    samples = []
  }
}
