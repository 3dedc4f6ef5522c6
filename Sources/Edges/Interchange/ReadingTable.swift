import Foundation
import Quantities

/// Readings as people keep them: a column of time, and a column for each quantity.
///
/// The header names the columns; a unit may follow in brackets, `T [Cel]`. Time is a number (seconds where no unit is said) or an instant
/// (`2026-05-04T06:00:00Z`), which then counts from the first row. An empty cell, or `NaN`, is a reading that is missing. Quoting is RFC 4180's.
public struct ReadingTable: Sendable, Hashable {
  /// A quantity.
  public struct Column: Sendable, Hashable {
    /// As the header has it, without the unit.
    public var name: String
    /// As it stands in the brackets; nil where there are none.
    public var unit: String?
  }

  /// All but the time.
  public private(set) var columns: [Column] = []
  /// Seconds, rising.
  public private(set) var instants: [Double] = []
  /// One cell for each column; nil: missing.
  public private(set) var rows: [[Double?]] = []

  /// Why a table cannot be read: the line, what is wrong, what would be right.
  public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
    /// Of the file, from 1.
    public var line: Int
    /// What is wrong, and what would be right.
    public var problem: String
    public var description: String { "line \(line): \(problem)" }
  }

  /// - Throws: the first fault.
  public init(_ bytes: [UInt8], timeColumn: String = "time") throws(Fault) {
    var records: [CSVScanner.Record] = []
    var scanner = CSVScanner()
    scanner.scan(bytes) { records.append($0) }
    scanner.finish { records.append($0) }
    guard let header = records.first else { throw Fault(line: 1, problem: "the table is empty; its first line must name the columns, as time,T,u") }
    let heads = header.fields.map { Self.head(String(decoding: $0, as: UTF8.self)) }
    guard let place = heads.firstIndex(where: { $0.name == timeColumn }) else {
      throw Fault(line: 1, problem: "there is no column \(timeColumn); there are \(heads.map(\.name).joined(separator: ", "))")
    }
    let twice = Dictionary(grouping: heads, by: \.name).filter { $0.value.count > 1 }.keys.sorted()
    if let name = twice.first { throw Fault(line: 1, problem: "the column \(name) stands twice") }
    let second = try Self.seconds(heads[place].unit)
    columns = heads
    columns.remove(at: place)
    var origin: Instant?
    for record in records.dropFirst() {
      if let flaw = record.flaw { throw Fault(line: record.line, problem: flaw) }
      guard record.fields.count == heads.count else {
        throw Fault(line: record.line, problem: "\(record.fields.count) cells for \(heads.count) columns")
      }
      var cells: [Double?] = []
      for (field, head) in zip(record.fields, heads) {
        let text = String(decoding: field, as: UTF8.self).trimmingCharacters(in: .whitespaces)
        if head.name == timeColumn {
          let t: Double
          if let number = Double(text) {
            t = number * second
          } else if let instant = Instant(iso8601: text) {
            origin = origin ?? instant
            t = (instant - (origin ?? instant)).seconds
          } else {
            throw Fault(line: record.line, problem: "\(text) is no time; write seconds, or an instant as 2026-05-04T06:00:00Z")
          }
          guard t.isFinite, instants.last.map({ $0 < t }) ?? true else {
            throw Fault(line: record.line, problem: "the time \(text) does not come after the one before it")
          }
          instants.append(t)
        } else if text.isEmpty {
          cells.append(nil)
        } else if let number = Double(text) {
          cells.append(number.isFinite ? number : nil)
        } else {
          throw Fault(line: record.line, problem: "\(text) in column \(head.name) is no number; leave a missing reading empty")
        }
      }
      rows.append(cells)
    }
  }

  /// The place of a column.
  public func place(_ name: String) -> Int? { columns.firstIndex { $0.name == name } }

  private static func head(_ text: String) -> Column {
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    guard trimmed.hasSuffix("]"), let open = trimmed.range(of: " [", options: .backwards) else { return Column(name: trimmed, unit: nil) }
    return Column(
      name: String(trimmed[..<open.lowerBound]).trimmingCharacters(in: .whitespaces), unit: String(trimmed[open.upperBound...].dropLast()))
  }

  private static func seconds(_ unit: String?) throws(Fault) -> Double {
    guard let unit else { return 1 }
    do throws(UnitError) { return try EngineeringUnit(unit).convert(1, to: .second) } catch {
      throw Fault(line: 1, problem: "the time's unit: \(error)")
    }
  }
}
