public import Quantities

/// What stands behind the console: it answers questions and carries commands to the core.
///
/// The console asks `snapshot()` about four times a second for all its clients together; every other call follows one request. By the time
/// `perform` is called the console has checked that the person may do this (see `Right`); the backend decides whether it can be done.
public protocol ConsoleBackend: Sendable {
  func snapshot() async -> ConsoleSnapshot

  /// Carries out a command, or says why not. Answers when the intent is durable, not when the plant has followed.
  func perform(_ command: ConsoleCommand, by person: Person) async -> CommandResult

  /// Checks a password (slowly, by a salted key derivation). Nil for an unknown name and for a wrong password alike.
  func signIn(name: String, password: String) async -> Account?

  func history(_ query: HistoryQuery) async -> HistoryAnswer

  func ledger(_ query: LedgerQuery) async -> [FactView]

  /// Recomputes the whole chain.
  func verifyLedger() async -> LedgerVerification

  /// What a loop said and what happened to it, oldest first; nil for an unknown loop.
  func log(of loop: String) async -> [LogLineView]?

  /// The law of each activity as calibrated, with pictures. It changes with each calibration, so the pages ask then.
  func posterior() async -> PosteriorView

  /// Residuals, tests for change, and scored forecasts.
  func residuals() async -> ResidualsView

  /// What the historian holds, tag by tag. It may take long and must hold up nothing else: the console asks one at a time, and not at once again.
  func tags() async -> TagsView

  /// Takes telemetry in InfluxDB line protocol; checks the token itself.
  func ingest(_ request: IngestRequest) async -> IngestAnswer
}

/// What people may ask of the core.
public enum ConsoleCommand: Sendable, Hashable {
  /// `binding` is the hash of what was shown, or nil for what stands now.
  case approve(change: String, binding: String? = nil, signature: SignedWord? = nil)
  case reject(change: String, reason: String)
  case rollback(change: String)
  /// A person takes the line: nothing is written any more, set-points stay.
  case takeOver
  /// The loops get the line back after a takeover.
  case rearm
  /// Nothing is written any more but what the envelope's hold policy asks for.
  case halt(reason: String)
  /// Back from a halt.
  case resume
  case killLoop(String)
  case resumeLoop(String)
  /// One step up in authority, never above the envelope's ceiling.
  case promoteLoop(String)
  /// Signs a change plan as it stands in the folder.
  case signPlan(String, binding: String?, signature: SignedWord?)
  /// The plan holds no longer.
  case withdrawPlan(String)
  /// Accepts an envelope that is wider than the one before.
  case acceptEnvelope(binding: String, signature: SignedWord?)
  /// Proposes a change by hand; answered by `proposed`.
  case propose(ProposalBody)
  /// Ends the twin's quarantine: what the plant is now is what it shall be held to.
  case acceptDrift(because: String)
  /// Ends it the other way: the cause is gone, and the old reference holds.
  case mendDrift(because: String)
}

/// A person's signature, made where the person's key is and carried here by whoever sends the command.
public struct SignedWord: Sendable, Hashable, Codable {
  public var person: String
  public var role: String
  /// Nanoseconds of plant time since 1970 until which it counts.
  public var expires: Int64
  /// Ed25519 signature, 128 hex digits.
  public var bytes: String
  public init(person: String, role: String, expires: Int64, bytes: String) {
    (self.person, self.role, self.expires, self.bytes) = (person, role, expires, bytes)
  }
}

/// What became of a command. A refusal is an answer, not an error.
public enum CommandResult: Sendable, Hashable {
  case done
  /// Taken up as the change of this name.
  case proposed(change: String)
  case refused(reason: String)
}

/// Somebody with a name and roles.
public struct Account: Sendable, Hashable, Codable {
  public var name: String
  public var roles: [Role]
  public init(name: String, roles: [Role]) { (self.name, self.roles) = (name, roles) }
}

/// Who asks, as the ledger should name them.
public struct Person: Sendable, Hashable {
  public enum Means: String, Sendable, Hashable {
    /// Signed in at a page.
    case session
    /// The command's token.
    case token
    /// At the local panel, not signed in.
    case panel
    /// From elsewhere, not signed in.
    case stranger
  }
  /// `panel` where nobody is signed in.
  public var name: String
  public var roles: [Role]
  public var means: Means
  /// True for a connection from this machine.
  public var isLocal: Bool
  public init(name: String, roles: [Role], means: Means, isLocal: Bool) {
    (self.name, self.roles, self.means, self.isLocal) = (name, roles, means, isLocal)
  }
}

/// Values of a tag over a span of plant time.
public struct HistoryQuery: Sendable, Hashable {
  public var tag: String
  /// Inclusive; nil means from an hour before the end.
  public var from: Instant?
  /// Exclusive; nil means the present.
  public var to: Instant?
  /// More than these are thinned by the backend so that extremes survive; 1 … 20 000.
  public var maxPoints: Int
  public init(tag: String, from: Instant?, to: Instant?, maxPoints: Int) {
    (self.tag, self.from, self.to, self.maxPoints) = (tag, from, to, maxPoints)
  }
}

/// The answer to a `HistoryQuery`: columns of equal length, or why there are none.
public enum HistoryAnswer: Sendable, Hashable {
  case series(HistorySeries)
  case unknownTag
  case failed(reason: String)
}

public struct HistorySeries: Sendable, Hashable, Codable {
  public var tag: String
  public var unit: String
  public var instants: [Instant]
  /// Nil where the sample has no number (bad quality, text).
  public var values: [Double?]
  public var qualities: [QualityView]
  /// True where samples were thinned.
  public var thinned: Bool
  public init(tag: String, unit: String, instants: [Instant], values: [Double?], qualities: [QualityView], thinned: Bool) {
    precondition(instants.count == values.count && values.count == qualities.count, "columns of unequal length")
    (self.tag, self.unit, self.instants, self.values) = (tag, unit, instants, values)
    (self.qualities, self.thinned) = (qualities, thinned)
  }
}

/// A stretch of the ledger, oldest first.
public struct LedgerQuery: Sendable, Hashable {
  /// First sequence number; nil means the newest `count`.
  public var from: Int?
  /// 1 … 1 000.
  public var count: Int
  /// Only facts of this kind.
  public var kind: String?
  /// Only facts of this change.
  public var change: String?
  public init(from: Int?, count: Int, kind: String? = nil, change: String? = nil) {
    (self.from, self.count, self.kind, self.change) = (from, count, kind, change)
  }
}

/// What verifying the chain found.
public struct LedgerVerification: Sendable, Hashable, Codable {
  public var intact: Bool
  /// Facts looked at.
  public var count: Int
  /// The first fact whose hash does not follow; nil when intact.
  public var brokenAt: Int?
  public var head: String?
  public init(intact: Bool, count: Int, brokenAt: Int?, head: String?) {
    (self.intact, self.count, self.brokenAt, self.head) = (intact, count, brokenAt, head)
  }
}

/// One body of InfluxDB line protocol.
public struct IngestRequest: Sendable, Hashable {
  public enum Precision: String, Sendable, Hashable, CaseIterable {
    case nanoseconds = "ns"
    case microseconds = "us"
    case milliseconds = "ms"
    case seconds = "s"
  }
  public var body: [UInt8]
  public var precision: Precision
  /// `bucket` of version 2, `db` of version 1.
  public var bucket: String?
  public var organisation: String?
  /// From `Authorization: Token …` or `Bearer …`, or version 1's `p`; nil when the sender gave none.
  public var token: String?
  public init(body: [UInt8], precision: Precision, bucket: String?, organisation: String?, token: String?) {
    (self.body, self.precision, self.bucket) = (body, precision, bucket)
    (self.organisation, self.token) = (organisation, token)
  }
}

/// What InfluxDB would answer.
public struct IngestAnswer: Sendable, Hashable {
  /// 204 when everything was taken, 400 for what cannot be read, 401, 503 when it is worth trying again.
  public var status: Int
  /// A JSON object, `{"code": …, "message": …}`; nil with 204.
  public var body: String?
  public init(status: Int, body: String? = nil) { (self.status, self.body) = (status, body) }
}
