/// What a source says about a value besides how good it is. Either keeps a write from passing.
public enum SourceRemark: String, Sendable, Hashable, Codable {
  /// The device made another value of what was asked: a write did not take effect as written.
  case clamped
  /// A person has overridden the value at the machine: it is theirs.
  case localOverride
}

/// A source's status code as quality and remark.
///
/// | code | OPC UA | OPC classic, Sparkplug | quality | remark |
/// |---|---|---|---|---|
/// | Good | severity 00 | 192 … 255 | good | |
/// | Good_Clamped | 0x0030 | | uncertain | clamped |
/// | Good_LocalOverride | 0x0096 | 216 … 219 | uncertain | local override |
/// | Uncertain_LastUsableValue | 0x4090 | 68 … 71 | stale | |
/// | Uncertain | severity 01 | 64 … 127 | uncertain | |
/// | Bad | severity 10, 11 | 0 … 63 | bad | |
/// | Sparkplug's STALE | | 500 | stale | |
///
/// What is good for a person and not for a machine (clamped, overridden) has quality `uncertain`, so that it never passes as good where the
/// remark is lost on the way.
/// - Sources: OPC 10000-4, 7.38, and OPC 10000-8, 6.3; OPC Data Access 3.0, 6.8; Sparkplug 3.0, 6.4.9.
public struct SourceStatus: Sendable, Hashable {
  public var quality: Quality
  public var remark: SourceRemark?

  public init(quality: Quality, remark: SourceRemark? = nil) { (self.quality, self.remark) = (quality, remark) }

  /// Of an OPC UA status code, 32 bits.
  public init(opcUA code: UInt32) {
    switch code >> 16 & 0xFFFF {
    case 0x0030: self.init(quality: .uncertain, remark: .clamped)
    case 0x0096: self.init(quality: .uncertain, remark: .localOverride)
    case 0x4090: self.init(quality: .stale)
    default:
      switch code >> 30 {
      case 0: self.init(quality: .good)
      case 1: self.init(quality: .uncertain)
      default: self.init(quality: .bad)
      }
    }
  }

  /// Of an OPC classic quality byte, as Sparkplug and line protocol carry it, or Sparkplug's 500. What is in no table is bad.
  public init(opcClassic code: Int) {
    switch code {
    case 216...219: self.init(quality: .uncertain, remark: .localOverride)
    case 192...255: self.init(quality: .good)
    case 68...71, 500: self.init(quality: .stale)
    case 64..<192: self.init(quality: .uncertain)
    default: self.init(quality: .bad)
    }
  }
}
