public import Governance

/// What only the shell can know and the governor needs: what each loop's program is, and the secret that tells decoys from real proposals.
public struct LoopKeys: Sendable, Hashable {
  /// SHA-256 of each loop's program file, or the version of the built-in one, by loop. An approval binds to it.
  public var programs: [String: String]
  public var decoySecret: DecoySecret?
  public init(programs: [String: String] = [:], decoySecret: DecoySecret? = nil) { (self.programs, self.decoySecret) = (programs, decoySecret) }
}
