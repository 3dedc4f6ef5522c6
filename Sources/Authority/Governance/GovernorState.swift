internal import Crypto
public import Learning
public import PlantModel
public import Quantities

/// All that the governor durably knows: a fold over facts (see `apply`). Equal facts give an equal `hash`.
public struct GovernorState: Hashable, Sendable, Codable {
  /// How many facts were folded in; the index of the next one.
  public internal(set) var factCount: UInt64 = 0
  /// The plant revision in force, and the hash of its envelope; nil before the first was adopted.
  public internal(set) var revision: String?
  public internal(set) var envelope: String?
  /// The envelope in force, where it was recorded.
  public internal(set) var envelopeSpec: EnvelopeSpec?
  public internal(set) var mode: GovernorMode = .automatic
  /// The gateway's epoch, and the last sequence number intended in it.
  public internal(set) var epoch: UInt64 = 0
  public internal(set) var sequence: UInt64 = 0
  public internal(set) var twin: TwinStatus?
  /// What the plant was at commissioning; nil before a stream of it had begun.
  public internal(set) var reference: PlantReference?
  /// By name, sorted.
  public internal(set) var loops: [LoopRecord] = []
  /// Every change, in order of proposal.
  public internal(set) var changes: [ChangeRecord] = []
  /// Settled set-points, by tag: what a rollback returns to.
  public internal(set) var lastKnownGood: [String: Double] = [:]
  /// Writes that were intended and are neither confirmed nor failed, in order.
  public internal(set) var openIntents: [WriteIntent] = []
  /// What each tag was last known to have after a write of ours, by tag.
  public internal(set) var lastSeen: [String: Double] = [:]
  /// Tags whose last write's fate is not known: it may still land. Sorted.
  public internal(set) var unsure: [String] = []
  /// Tags of the open change that somebody else has moved. Sorted.
  public internal(set) var foreign: [String] = []
  /// Steps intended in the last hour, oldest first.
  public internal(set) var spent: [SpentStep] = []
  /// When a write to each tag was last refused or failed, by tag.
  public internal(set) var lastFailure: [String: Instant] = [:]
  /// How many changes were ever named.
  public internal(set) var named: UInt64 = 0
  /// Where people have last put each tag, or let it be put: what drift is measured from, by tag.
  public internal(set) var humanBaseline: [String: Double] = [:]
  /// Signed change plans, by name, sorted.
  public internal(set) var plans: [PlanRecord] = []
  /// Who has accepted which envelope (by hash) although it is wider than the one before.
  public internal(set) var accepted: [String: [Person]] = [:]
  /// Whether the last twenty decoys were caught, oldest first.
  public internal(set) var decoyAnswers: [Bool] = []
  /// How each loop's certificate stands, by name, sorted; nil before any was issued or refused.
  public internal(set) var certificates: [CertificateRecord]?
  /// The settled change whose claim is still being watched.
  public internal(set) var probation: ChangeID?

  public init() {}

  /// The state that facts lead to, from the first one on.
  public init(folding facts: some Sequence<Fact>) {
    for fact in facts { apply(fact) }
  }

  /// The change that occupies the line, if any.
  public var openChange: ChangeRecord? { changes.last { $0.status.isOpen } }

  /// A change of the whole record; nil where no fact named it.
  public func change(_ id: ChangeID) -> ChangeRecord? { changes.last { $0.id == id } }
  /// A loop that was registered; nil where none was.
  public func loop(_ name: String) -> LoopRecord? { loops.first { $0.name == name } }
  /// What is on record of a loop's certificate, whether it holds or not; nil where nothing is. `Governor.certificate(of:at:)` says how it stands.
  public func certificate(of loop: String) -> CertificateRecord? { certificates?.first { $0.loop == loop } }

  /// SHA-256 over the canonical JSON of the state, lower-case hex. `takt replay` reaches the same.
  public var hash: String { Self.digest(of: self) }

  static func digest(of value: some Encodable) -> String {
    do { return Hex.text(of: SHA256.hash(data: try CanonicalJSON.bytes(of: value))) } catch {
      preconditionFailure("a state holds a number that is not finite: \(error)")
    }
  }
}
