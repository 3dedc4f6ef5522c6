/// What one segment file of the log holds, found record by record.
struct LogSegment {
  let bytes: [UInt8]
  private(set) var records: [LogRecord] = []
  /// Stretches that are no record but have whole records behind them: rot, or a write that did not reach the disk in order.
  private(set) var damage: [Range<Int>] = []
  /// From here to the end of the file stands no whole record: a torn tail. Equal to the file's length where it ends well.
  private(set) var goodLength = 0

  static let folder = "wal/"
  static let magic: [UInt8] = Array("TAKTWAL2".utf8)
  static let firstMagic: [UInt8] = Array("TAKTWAL1".utf8)

  static func name(_ number: Int) -> String { "\(folder)\(padded(number)).log" }

  static func number(ofName name: String) -> Int? {
    guard name.hasPrefix(folder), name.hasSuffix(".log") else { return nil }
    return Int(name.dropFirst(folder.count).dropLast(4))
  }

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var offset = bytes.starts(with: Self.magic) || bytes.starts(with: Self.firstMagic) ? Self.magic.count : 0
    goodLength = offset
    while offset < bytes.count {
      if let (record, end) = LogRecord.find(bytes, at: offset) {
        if offset > goodLength { damage.append(goodLength..<offset) }
        records.append(record)
        (offset, goodLength) = (end, end)
      } else {
        offset = Self.nextMagic(in: bytes, after: offset)
      }
    }
  }

  /// The last sequence in it; 0 for none.
  var lastSequence: UInt64 { records.map(\.sequence).max() ?? 0 }

  /// Where a record may begin next.
  private static func nextMagic(in bytes: [UInt8], after offset: Int) -> Int {
    let first = UInt8(truncatingIfNeeded: LogRecord.magic)
    var at = offset + 1
    while at < bytes.count, bytes[at] != first { at += 1 }
    return at
  }
}
