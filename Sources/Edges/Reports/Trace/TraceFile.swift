public import Foundation
public import Simulation

/// A trace as a file: one JSON value a line, so that any language reads it as it comes. docs/trace-format.md.
///
/// ```
/// {"format":"takt-trace","version":1,"plant":"bottling",…}      the header
/// [12.5,"s",3,0]                                                time, kind, index, value
/// {"entries":81234,"cut":false}                                 the end; a file without it was not written whole
/// ```
public struct TraceFile: Sendable, Hashable {
  public var header: TraceHeader
  public var trace: LineTrace
  public init(header: TraceHeader, trace: LineTrace) { (self.header, self.trace) = (header, trace) }

  private struct End: Codable {
    var entries: Int
    var cut: Bool
  }

  /// The bytes; the same for the same trace.
  public func encoded() throws(TraceError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      var bytes = [UInt8](try encoder.encode(header))
      bytes.reserveCapacity(bytes.count + 32 * trace.entries.count + 64)
      bytes.append(Self.newline)
      for entry in trace.entries {
        let line = "[\(Self.number(entry.time)),\"\(Self.letter(entry.kind))\",\(entry.index),\(entry.value)]\n"
        bytes.append(contentsOf: line.utf8)
      }
      bytes.append(contentsOf: try encoder.encode(End(entries: trace.entries.count, cut: trace.isCut)))
      bytes.append(Self.newline)
      return Data(bytes)
    } catch {
      throw .notEncodable("\(error)")
    }
  }

  /// - Throws: `TraceError` that names the line; retrying cannot help.
  public init(decoding data: Data) throws(TraceError) {
    let lines = data.split(separator: Self.newline)
    let decoder = JSONDecoder()
    guard let first = lines.first, let header = try? decoder.decode(TraceHeader.self, from: Data(first)), header.format == TraceHeader.format else {
      throw .noTrace
    }
    guard header.version == TraceHeader.version else { throw .otherVersion(header.version) }
    var entries: [LineTrace.Entry] = []
    entries.reserveCapacity(lines.count)
    for (number, line) in lines.enumerated().dropFirst() {
      if line.first == UInt8(ascii: "{") {
        guard let end = try? decoder.decode(End.self, from: Data(line)), end.entries == entries.count, number == lines.count - 1 else {
          throw .badLine(number + 1)
        }
        self.init(header: header, trace: LineTrace(entries: entries, isCut: end.cut, stations: header.machines))
        return
      }
      guard let entry = Self.entry(line, header) else { throw .badLine(number + 1) }
      entries.append(entry)
    }
    throw .unfinished
  }

  private static func entry(_ line: Data.SubSequence, _ header: TraceHeader) -> LineTrace.Entry? {
    guard line.first == UInt8(ascii: "["), line.last == UInt8(ascii: "]") else { return nil }
    let fields = String(decoding: line.dropFirst().dropLast(), as: UTF8.self).split(separator: ",")
    guard fields.count == 4, let time = Double(fields[0]), time.isFinite, let index = Int32(fields[2]), let value = Int32(fields[3]) else {
      return nil
    }
    guard let kind = kinds.first(where: { fields[1] == "\"\(letter($0))\"" }), index >= 0 else { return nil }
    let limit =
      switch kind {
      case .state, .produced, .rejected: header.machines.count
      case .level: header.buffers.count
      case .left: Int.max
      }
    guard index < limit, kind != .state || header.states.indices.contains(Int(value)) else { return nil }
    return LineTrace.Entry(time: time, kind: kind, index: index, value: value)
  }

  private static let newline = UInt8(ascii: "\n")
  private static let kinds: [LineTrace.Entry.Kind] = [.state, .level, .produced, .rejected, .left]

  private static func letter(_ kind: LineTrace.Entry.Kind) -> String {
    switch kind {
    case .state: "s"
    case .level: "l"
    case .produced: "p"
    case .rejected: "r"
    case .left: "o"
    }
  }

  /// The shortest text that reads back as the same number; whole ones without `.0`.
  private static func number(_ x: Double) -> String { x == x.rounded() && abs(x) < 1e15 ? "\(Int64(x))" : "\(x)" }
}

/// Why a trace cannot be read or written. Retrying cannot help.
public enum TraceError: Error, Sendable, Hashable, CustomStringConvertible {
  case noTrace
  case otherVersion(Int)
  case badLine(Int)
  case unfinished
  case notEncodable(String)

  public var description: String {
    switch self {
    case .noTrace: "this is no trace: its first line does not say \"format\":\"\(TraceHeader.format)\""
    case .otherVersion(let version): "this trace is of version \(version); version \(TraceHeader.version) is known here"
    case .badLine(let number): "line \(number) of the trace cannot be read"
    case .unfinished: "the trace has no end: it was not written whole"
    case .notEncodable(let why): "the trace cannot be written: \(why)"
    }
  }
}
