internal import Attestation
public import Governance
internal import PlantModel
public import Quantities

/// Reads a ledger's facts once, in order, and keeps what the leaves of the argument ask about.
public struct LedgerAudit: Sendable {
  private let plan: GovernancePlan
  private let writes: WriteAudit
  private(set) var state = GovernorState()
  /// When the last fact came about.
  public private(set) var latest: Instant?

  // Writes
  private(set) var intents = 0
  /// Outcomes without an intent before them, and tokens that did not rise.
  private(set) var unintended: [String] = []
  private(set) var lastIntent: Instant?
  private var tokens: Set<WriteToken> = []
  private var lastToken = WriteToken(epoch: 0, sequence: 0)
  /// Intents that this plant folder's envelope can speak about, and those that it forbids.
  private(set) var auditedIntents = 0
  private(set) var outside: [String] = []

  // Takeovers and ways back
  private(set) var lastTakeover: Instant?
  private(set) var takeovers = 0
  private(set) var intentsUnderTakeover = 0
  private(set) var lastRestored: (at: Instant, took: Duration)?
  private(set) var slowestRestored: Duration = .zero
  private var rollingSince: [ChangeID: Instant] = [:]

  // The judge
  private(set) var settled = 0
  private(set) var undoneForHarm = 0
  private(set) var lastSettled: Instant?

  // The twin, and what people were called for
  private(set) var twinSince: Instant?
  private(set) var alarms: [Instant] = []

  /// An audit that has seen nothing yet.
  ///
  /// - Parameter plan: of the plant folder as it stands, against whose envelope writes are held.
  public init(_ plan: GovernancePlan) {
    self.plan = plan
    writes = WriteAudit(plan.check)
  }

  /// Takes the ledger's next fact in.
  public mutating func take(_ fact: Fact) {
    latest = max(latest ?? fact.at, fact.at)
    switch fact.what {
    case .writeIntended(let intent): take(intent, at: fact.at)
    case .writeConfirmed(let token, _), .writeFailed(let token, _), .writeRefused(let token, _):
      if !tokens.contains(token) { unintended.append("\(token)") }
    case .takenOver, .halted:
      takeovers += 1
      lastTakeover = fact.at
    case .rollbackStarted(let change, let reason, _):
      rollingSince[change] = fact.at
      alarms.append(fact.at)
      if reason == .harmOnProbation { undoneForHarm += 1 }
    case .changeRestored(let change):
      guard let since = rollingSince.removeValue(forKey: change) else { break }
      lastRestored = (fact.at, fact.at - since)
      slowestRestored = max(slowestRestored, fact.at - since)
    case .changeSettled:
      settled += 1
      lastSettled = fact.at
    case .twinStatusChanged: twinSince = fact.at
    default: break
    }
    state.apply(fact)
  }

  private mutating func take(_ intent: WriteIntent, at now: Instant) {
    intents += 1
    lastIntent = now
    if intent.token <= lastToken { unintended.append("\(intent.token) after \(lastToken)") }
    lastToken = max(lastToken, intent.token)
    tokens.insert(intent.token)
    if !state.mode.isAutomatic { intentsUnderTakeover += 1 }
    // Limits of another time are another folder's.
    guard state.envelope == plan.envelopeHash else { return }
    auditedIntents += 1
    if let flaw = writes.flaw(of: intent, in: state, at: now) { outside.append("\(intent.token): \(flaw)") }
  }

  /// Rollbacks that have begun and not ended, the oldest's start.
  var oldestRollback: Instant? { rollingSince.values.min() }
}
