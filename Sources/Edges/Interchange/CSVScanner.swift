/// Cuts a stream of bytes into records of fields, by RFC 4180: fields may be quoted, quotes are doubled within, a quoted field
/// may hold commas and line ends; lines end with LF or CRLF. A byte-order mark at the beginning is passed over.
///
/// Bytes come in portions of any size; memory is one record.
struct CSVScanner {
  struct Record {
    /// The line on which it begins, from 1.
    var line: Int
    var fields: [[UInt8]]
    /// What is wrong with its form, if anything.
    var flaw: String?
  }

  /// A longer record is a missing quote, not data.
  static let recordLimit = 1 << 20

  private enum Place { case fieldStart, plain, quoted, quoteInQuoted, afterFlaw }
  private var place = Place.fieldStart
  private var line = 1
  private var record = Record(line: 1, fields: [], flaw: nil)
  private var field: [UInt8] = []
  private var length = 0
  private var atBeginning = true
  private var held: [UInt8] = []

  init() {}

  mutating func scan(_ bytes: [UInt8], _ emit: (Record) -> Void) {
    if atBeginning {
      held += bytes
      guard held.count >= 3 else { return }
      atBeginning = false
      let start = held.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      for byte in held[start...] { take(byte, emit) }
      held = []
    } else {
      for byte in bytes { take(byte, emit) }
    }
  }

  /// The last record, if the stream does not end with a line end.
  mutating func finish(_ emit: (Record) -> Void) {
    for byte in held { take(byte, emit) }
    held = []
    if place == .quoted { record.flaw = record.flaw ?? "a quoted field is not closed" }
    if length > 0 { endRecord(emit) }
  }

  private mutating func take(_ byte: UInt8, _ emit: (Record) -> Void) {
    length += 1
    if byte == UInt8(ascii: "\n") { line += 1 }
    if length > Self.recordLimit, place != .afterFlaw { flaw("a record of more than \(Self.recordLimit) bytes; is a quote missing?") }
    switch (place, byte) {
    case (.quoted, UInt8(ascii: "\"")): place = .quoteInQuoted
    case (.quoted, _): field.append(byte)
    case (_, UInt8(ascii: "\n")): endRecord(emit)
    case (.afterFlaw, _): break
    case (_, UInt8(ascii: ",")): endField()
    case (.fieldStart, UInt8(ascii: "\"")): place = .quoted
    case (.quoteInQuoted, UInt8(ascii: "\"")):
      field.append(byte)
      place = .quoted
    case (.quoteInQuoted, UInt8(ascii: "\r")), (.plain, UInt8(ascii: "\r")), (.fieldStart, UInt8(ascii: "\r")):
      // Part of the line end, or of the field if something follows it.
      if place != .quoteInQuoted {
        field.append(byte)
        place = .plain
      }
    case (.quoteInQuoted, _): flaw("text behind a closing quote")
    case (_, UInt8(ascii: "\"")): flaw("a quote within an unquoted field")
    default:
      field.append(byte)
      place = .plain
    }
  }

  private mutating func flaw(_ reason: String) {
    record.flaw = record.flaw ?? reason
    field = []
    place = .afterFlaw
  }

  private mutating func endField() {
    record.fields.append(field)
    field = []
    place = .fieldStart
  }

  private mutating func endRecord(_ emit: (Record) -> Void) {
    if place == .plain, field.last == UInt8(ascii: "\r") { field.removeLast() }
    endField()
    // An empty line is no record.
    if record.fields != [[]] || record.flaw != nil { emit(record) }
    record = Record(line: line, fields: [], flaw: nil)
    length = 0
  }
}
