/// Reads an event log whose format shows in its first bytes: XML begins with `<` and is XES or, where object types are
/// declared, OCEL; OCEL in JSON begins with `{`; anything else is a table.
public enum EventLogFile {
  /// - Parameters: columns: for a table, names that are not to be guessed; caseType: for OCEL, the object type that is the case.
  /// - Throws: `EventLogError`.
  public static func read(_ bytes: [UInt8], columns: EventLogColumns.Given = .init(), caseType: String? = nil) throws(EventLogError)
    -> EventLogReading
  {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let plain = bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes
    switch plain.first(where: { !" \t\r\n".utf8.contains($0) }) {
    case UInt8(ascii: "<"):
      return OCELDocument.isObjectCentric(plain) ? try EventLogOCEL.readXML(plain, caseType: caseType) : try EventLogXES.read(plain)
    case UInt8(ascii: "{"): return try EventLogOCEL.read(plain, caseType: caseType)
    default: return try EventLogCSV.read(plain, columns: columns)
    }
  }
}
