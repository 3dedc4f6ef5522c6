/// What a check of a historian's files found, and what its repair did.
public struct CheckReport: Sendable, Hashable, CustomStringConvertible {
  /// One thing that is not as it should be.
  public struct Finding: Sendable, Hashable, CustomStringConvertible {
    public var name: String
    /// In bytes from the file's beginning.
    public var offset: Int
    public var problem: String
    /// Samples that can no longer be read because of it; nil where nobody can tell.
    public var samplesLost: Int?
    /// What the repair did about it; nil where nothing was done.
    public var repair: String?

    public var description: String {
      let loss = samplesLost.map { $0 == 0 ? "no sample lost" : "\($0) samples lost" } ?? "unknown number of samples lost"
      return "\(name) at \(offset): \(problem); \(loss)" + (repair.map { "; \($0)" } ?? "")
    }
  }

  public var blockFiles = 0
  public var chunks = 0
  public var blockSamples = 0
  public var blockBytes = 0
  public var segments = 0
  public var records = 0
  public var logBytes = 0
  public var findings: [Finding] = []

  /// Whether every sample that was acknowledged can be read.
  public var isSound: Bool { findings.allSatisfy { $0.samplesLost == 0 } }

  public var description: String {
    let head =
      "\(blockFiles) block files (\(chunks) chunks, \(blockSamples) samples, \(blockBytes) bytes), "
      + "\(segments) log segments (\(records) records, \(logBytes) bytes): \(findings.isEmpty ? "all sound" : "\(findings.count) findings")"
    return ([head] + findings.map(\.description)).joined(separator: "\n")
  }
}
