/// What opening the historian found and did.
public struct RecoveryReport: Sendable, Hashable, CustomStringConvertible {
  /// A stretch of a file.
  public struct Stretch: Sendable, Hashable {
    public var name: String
    public var offset: Int
    public var length: Int
  }

  /// Block files that are in use.
  public var blockFiles = 0
  /// Block files whose directory is damaged: they are left where they are, and their samples cannot be read.
  public var damagedBlockFiles: [String] = []
  /// Block files removed because a merged file holds their samples.
  public var supersededBlockFiles: [String] = []
  /// Segments of the log that were read.
  public var segments = 0
  /// Log records taken into the head, and their samples.
  public var records = 0
  public var samples = 0
  /// Log records passed over because they are in a block file, or in an older segment as well.
  public var repeatedRecords = 0
  /// Ends of segments that held no whole record. They are cut off: nothing in them was acknowledged, unless the disk lost it.
  public var tornTails: [Stretch] = []
  /// Stretches in the middle of a segment that are no record: acknowledged samples may be lost. The segment is kept until sealed.
  public var damage: [Stretch] = []
  /// Sequences that are missing between records: acknowledged samples may be lost.
  public var missingRecords: UInt64 = 0

  /// False if anything acknowledged may be lost.
  public var isSound: Bool { damagedBlockFiles.isEmpty && damage.isEmpty && missingRecords == 0 }

  public var description: String {
    var parts = ["\(blockFiles) block files, \(samples) samples from \(records) log records in \(segments) segments"]
    if repeatedRecords > 0 { parts.append("\(repeatedRecords) records already sealed") }
    for name in supersededBlockFiles { parts.append("removed \(name), merged into another") }
    for tail in tornTails { parts.append("cut a torn tail of \(tail.length) bytes off \(tail.name)") }
    for stretch in damage { parts.append("DAMAGED: \(stretch.length) bytes at \(stretch.offset) of \(stretch.name)") }
    for name in damagedBlockFiles { parts.append("DAMAGED: \(name)") }
    if missingRecords > 0 { parts.append("MISSING: \(missingRecords) log records") }
    return parts.joined(separator: "; ")
  }
}
