public import Determinism
public import PlantModel
public import Quantities

/// Decides everything that may happen to the plant; touches nothing.
///
/// Two rules make it replayable and crash-proof:
/// - **State changes only by facts that are durable.** A decision emits `.record(fact)`; the state takes the fact in when the shell
///   answers `.recorded`. While a fact is on its way, other inputs wait in line.
/// - **What to do next is a function of state, readings and time** (`advance`), asked again at each input. After a crash the folded
///   state leads on from where it was; nothing needs to be remembered but facts.
///
/// So no write is emitted before its `writeIntended` fact is durable, and `GovernorState(folding:)` reaches the same hash.
public struct Governor: StateMachine, Sendable {
  public let plan: GovernancePlan
  /// What durably is. Only facts change it.
  public internal(set) var state: GovernorState
  /// What is known for the moment: readings, questions under way. Lost in a crash, and not missed.
  var moment = Moment()
  /// Facts emitted and not yet durable, oldest first.
  private var inFlight: [Fact] = []
  var waiting: [GovernorInput] = []
  let check: EnvelopeCheck
  let envelopeHash: String

  /// - Parameter state: `GovernorState(folding:)` of the ledger's facts.
  public init(plan: GovernancePlan, state: GovernorState = GovernorState()) {
    (self.plan, self.state) = (plan, state)
    (check, envelopeHash) = (plan.check, plan.envelopeHash)
    if !plan.envelope.properties.isEmpty { moment.watch = EnvelopeWatch(check) }
  }

  /// What a clock that cannot be set showed last; nil before it was told.
  public var elapsed: Duration? { moment.elapsed }

  public mutating func handle(_ input: GovernorInput, at now: Instant) -> [GovernorEffect] {
    var turn = Turn(instant: now)
    switch input {
    case .recorded(let index, let fact):
      take(fact, index: index, &turn)
      launch(&turn)
    case .reading(let tag, let given):
      let reading = moment.doubt.believed(given, of: tag, at: now, check)
      moment.take(reading, of: tag)
      moment.watch?.observe(reading, of: tag, at: now)
    case .command(.takeOver, _), .command(.halt, _):
      // Stops first, is recorded after.
      moment.stopped = true
      turn.effects.append(.setGatewayMode(.manual))
      waiting.append(input)
    case .tick: break
    case .elapsed(let span):
      moment.elapsed = max(span, moment.elapsed ?? span)
      moment.open.pass(to: span)
    case .awoke(let clockIsBehind):
      moment.ageless = state.changes.last?.id
      if clockIsBehind { moment.distrusted = Set((state.certificates ?? []).compactMap { $0.certificate?.hash }) }
    case .timeStandsStill: moment.ageless = state.changes.last?.id
    default: waiting.append(input)
    }
    if let newest = state.changes.last?.proposal { moment.follow(newest, at: now) }
    if let records = state.certificates { moment.follow(records) }
    moment.properties = moment.watch?.advance(to: now) ?? []
    while inFlight.isEmpty, !waiting.isEmpty {
      decide(waiting.removeFirst(), &turn)
      launch(&turn)
    }
    if inFlight.isEmpty {
      advance(&turn)
      launch(&turn)
    }
    return turn.effects
  }

  /// What one call decides.
  struct Turn {
    let instant: Instant
    var facts: [Fact.What] = []
    var effects: [GovernorEffect] = []
    mutating func record(_ what: Fact.What) { facts.append(what) }
  }

  private mutating func launch(_ turn: inout Turn) {
    for what in turn.facts {
      let fact = Fact(at: turn.instant, what)
      turn.effects.append(.record(index: state.factCount + UInt64(inFlight.count), fact))
      inFlight.append(fact)
    }
    turn.facts = []
  }

  /// Late and doubled answers are for other indices, and are dropped.
  private mutating func take(_ fact: Fact, index: UInt64, _ turn: inout Turn) {
    guard index == state.factCount, let expected = inFlight.first, expected == fact else { return }
    inFlight.removeFirst()
    if let (tag, readBack) = closes(fact) { moment.see(readBack, of: tag, at: turn.instant) }
    state.apply(fact)
    follow(fact, &turn)
  }
}

extension Governor {
  /// The tag whose write a fact closes, and what was read back.
  private func closes(_ fact: Fact) -> (tag: String, readBack: Double)? {
    let found: (token: WriteToken, readBack: Double?)
    switch fact.what {
    case .writeConfirmed(let token, let readBack): found = (token, readBack)
    case .writeFailed(let token, let failure): found = (token, failure.readBack)
    default: return nil
    }
    guard let readBack = found.readBack, let intent = state.openIntents.first(where: { $0.token == found.token }) else { return nil }
    return (intent.tag, readBack)
  }
}

/// The constants of a run: what the governor is held to.
public struct GovernancePlan: Sendable, Hashable {
  public var envelope: EnvelopeSpec
  /// Sorted by name.
  public var loops: [LoopSpec]
  /// The plant folder's revision.
  public var revision: String
  public var rules: GovernorRules
  /// Who decides, and what authority costs.
  public var governance: GovernanceSpec
  /// What tells decoys from real proposals; nil where nobody is tested.
  public var decoySecret: DecoySecret?
  /// What identifies each loop's program (SHA-256 of its file, or the version of the built-in one), by loop.
  public var programs: [String: String] = [:]
  /// No loop closes without a certificate. So it is for every plant folder; a plan that is put together otherwise decides for itself.
  public var asksForCertificates = false
  /// How long each tag may be silent, where it differs from `rules.freshness`.
  public var freshness: [String: Duration]

  public init(
    envelope: EnvelopeSpec, loops: [LoopSpec], revision: String, rules: GovernorRules = GovernorRules(),
    governance: GovernanceSpec = GovernanceSpec(), freshness: [String: Duration] = [:]
  ) {
    (self.envelope, self.revision, self.rules, self.freshness) = (envelope, revision, rules, freshness)
    self.governance = governance
    self.loops = loops.sorted { $0.name < $1.name }
  }

  /// Of a plant folder: freshness is each tag's `staleAfter`.
  public init(_ folder: PlantFolder, rules: GovernorRules = GovernorRules()) {
    self.init(
      envelope: folder.envelope, loops: folder.loops, revision: folder.revision, rules: rules, governance: folder.governance,
      freshness: Dictionary(folder.plant.tags.map { ($0.path, $0.staleAfter) }, uniquingKeysWith: min))
    asksForCertificates = true
  }

  public func loop(_ name: String) -> LoopSpec? { loops.first { $0.name == name } }
  /// The highest authority that the envelope allows a loop: for all, and for the tags that it moves.
  public func ceiling(of name: String) -> Authority { envelope.authorityCeiling(of: loop(name)?.moves ?? []) }
  public var check: EnvelopeCheck { EnvelopeCheck(envelope: envelope, rules: rules, freshness: freshness) }
  /// SHA-256 of the envelope, lower-case hex.
  public var envelopeHash: String { GovernorState.digest(of: envelope) }
}
