import ProcessMining
import Quantities

/// Reads an event log from comma-separated values with a header, portion by portion.
///
/// A row that is wrong is refused, named and counted; the others are taken. Columns beyond the mapping become attributes.
public struct EventLogCSV: Sendable {
  private var scanner = CSVScanner()
  private let given: EventLogColumns.Given
  private var header: [String] = []
  private var columns: EventLogColumns?
  private var index: [String: Int] = [:]
  private var failure: EventLogError?
  private var pairing = LifecyclePairing()
  private var problems = ProblemList()
  private var rows = 0

  /// - Parameter columns: the columns whose names are known; the others are guessed from the header.
  public init(columns: EventLogColumns.Given = EventLogColumns.Given()) { given = columns }

  /// Reads a whole file that is at hand.
  /// - Throws: as `finish`.
  public static func read(_ bytes: [UInt8], columns: EventLogColumns.Given = .init()) throws(EventLogError) -> EventLogReading {
    var reader = EventLogCSV(columns: columns)
    reader.read(bytes)
    return try reader.finish()
  }

  /// Takes the next bytes of the file, cut anywhere.
  public mutating func read(_ bytes: [UInt8]) {
    var records: [CSVScanner.Record] = []
    scanner.scan(bytes) { records.append($0) }
    for record in records { take(record) }
  }

  /// The log, when the file is at its end.
  /// - Throws: `EventLogError` where the header does not say which column is which.
  public mutating func finish() throws(EventLogError) -> EventLogReading {
    var records: [CSVScanner.Record] = []
    scanner.finish { records.append($0) }
    for record in records { take(record) }
    if let failure { throw failure }
    guard let columns else {
      throw .malformed(EventLogProblem(line: 1, found: "the file is empty", remedy: "its first line should name the columns"))
    }
    var notes = ["case: \(columns.caseID)", "activity: \(columns.activity)", "completion: \(columns.complete)"]
    notes.append("start: \(columns.start ?? "none, each event is one instant")")
    if let resource = columns.resource { notes.append("resource: \(resource)") }
    if let lifecycle = columns.lifecycle { notes.append("lifecycle: \(lifecycle)") }
    for (name, count) in pairing.passedOver.sorted(by: { $0.key < $1.key }) { notes.append("\(count) transitions \(name) passed over") }
    return EventLogReading(
      log: EventLog(pairing.finished()), problems: problems.kept, refused: problems.count, read: rows, notes: notes)
  }

  private mutating func take(_ record: CSVScanner.Record) {
    if failure != nil { return }
    var fields: [String] = []
    for field in record.fields {
      guard let text = String(validating: field, as: UTF8.self) else {
        return refuse(record.line, nil, "not UTF-8 text", "save the file as UTF-8")
      }
      fields.append(text)
    }
    guard let columns else { return takeHeader(fields, record) }
    rows += 1
    if let flaw = record.flaw { return refuse(record.line, nil, flaw, "quote the field and double the quotes within it") }
    guard fields.count == header.count else {
      return refuse(record.line, nil, "\(fields.count) fields where the header has \(header.count)", "quote fields that hold a comma")
    }
    func value(_ column: String) -> String { fields[index[column]!] }
    let (caseID, activity) = (value(columns.caseID), value(columns.activity))
    if caseID.isEmpty { return refuse(record.line, columns.caseID, "no case", "every event needs the case that it belongs to") }
    if activity.isEmpty { return refuse(record.line, columns.activity, "no activity", "every event needs a name") }
    guard let complete = instant(value(columns.complete), columns.complete, record.line) else { return }
    var start: Instant?
    if let column = columns.start, !value(column).isEmpty {
      guard let begun = instant(value(column), column, record.line) else { return }
      guard begun <= complete else {
        return refuse(
          record.line, column, "it starts at \(value(column)), after its end \(value(columns.complete))", "swap or correct the two instants")
      }
      start = begun
    }
    var attributes: [String: String] = [:]
    let mapped = [columns.caseID, columns.activity, columns.complete, columns.start, columns.resource, columns.lifecycle]
    for (i, name) in header.enumerated() where !fields[i].isEmpty && !mapped.contains(name) { attributes[name] = fields[i] }
    let resource = columns.resource.map(value).flatMap { $0.isEmpty ? nil : $0 }
    let event = LogEvent(caseID: caseID, activity: activity, resource: resource, start: start, complete: complete, attributes: attributes)
    pairing.add(event, at: complete, transition: columns.lifecycle.map(value).flatMap { $0.isEmpty ? nil : $0 })
  }

  private mutating func takeHeader(_ fields: [String], _ record: CSVScanner.Record) {
    header = fields
    if fields.count == 1, fields[0].contains(";") {
      failure = .malformed(
        EventLogProblem(line: record.line, found: "columns are separated by ;", remedy: "save the file with commas between the columns"))
      return
    }
    do throws(EventLogError) {
      columns = try EventLogColumns(header: fields, given: given)
      for (i, name) in fields.enumerated() where index[name] == nil { index[name] = i }
    } catch { failure = error }
  }

  private mutating func instant(_ text: String, _ column: String, _ line: Int) -> Instant? {
    let plain = column.lowercased()
    let unit: LogTimestamp.Unit =
      plain.hasSuffix("ms") ? .milliseconds : plain.hasSuffix("_us") ? .microseconds : plain.hasSuffix("_ns") ? .nanoseconds : .seconds
    if let instant = LogTimestamp.instant(text, unit: unit) { return instant }
    refuse(line, column, text.isEmpty ? "no instant" : "\(text) is no instant", LogTimestamp.remedy)
    return nil
  }

  private mutating func refuse(_ line: Int, _ column: String?, _ found: String, _ remedy: String) {
    problems.add(EventLogProblem(line: line, column: column, found: found, remedy: remedy))
  }
}
