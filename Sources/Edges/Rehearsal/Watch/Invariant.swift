/// What must always be true of the plant and the records, whatever goes wrong. Numbers are those of the governor's list of twenty.
public enum Invariant: Int, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  /// 1. A write reaches the plant only inside limits, step, hourly allowance and interlocks, from a fresh good reading.
  case insideTheEnvelope = 1
  /// 2. Tokens rise strictly, whatever crashes.
  case tokensRise = 2
  /// 3. The intent, and the fence that holds its token, are durable before the write leaves.
  case intentBeforeWrite = 3
  /// 4. After a start: seal, read back, reconcile, and only then act.
  case sealedBeforeActing = 4
  /// 5. After a takeover no write leaves until a person re-arms.
  case takeoverHolds = 5
  /// 6. A stage follows the one before it, with its dwell and a verdict on complete evidence.
  case stagesInOrder = 6
  /// 7. What goes back comes back: `restored` is said only when the plant stands there.
  case rollbackEnds = 7
  /// 8. When Takt is dead or cut off, its commands stop within their lifetime.
  case quietWhenDead = 8
  /// 9. The last known good was settled or in force before, lies inside the envelope, and does not change while a change is open.
  case lastKnownGood = 9
  /// 10. At most one change is open.
  case oneOpenChange = 10
  /// 11. An approval binds what was shown, is given by who may, before it expires, and is used once.
  case approvalsBind = 11
  /// 12. Software never widens the envelope.
  case envelopeNeverWidens = 12
  /// 13. A change that was built on another revision is not carried further.
  case revisionRevokes = 13
  /// 14. No step of a clock makes a reading, a permit, an allowance or a proposal last longer. A proposal's life is judged twice by true time: an approval is
  /// decided within it, and the first write of a change leaves within it. When the ledger keeps what was decided is not judged: a disk that refuses rows
  /// for an hour keeps an approval late, and what is wrong is only if something comes of it after the expiry.
  case clocksExtendNothing = 14
  /// 15. What is not finite or not good never passes for good, and never enters a fact.
  case notANumberNeverPasses = 15
  /// 16. The state is a fold over the ledger, and every movement of an actuator by us has its intent there.
  case replayEqualsState = 16
  /// 17. Authority rises by people alone.
  case authorityRisesByPeople = 17
  /// 18. Many small changes are bounded like one large one.
  case noSalami = 18
  /// 19. Taking over and handing back move nothing by themselves.
  case bumpless = 19
  /// 20. Only tags that a loop may move, and that have limits, are ever written.
  case onlyWhatMayMove = 20
  /// What was acknowledged (a sample, a fact, a command) survives.
  case nothingAcknowledgedIsLost = 21
  /// When faults stop, the plant comes to rest in a declared state.
  case comesToRest = 22

  public var description: String {
    switch self {
    case .insideTheEnvelope: "1 inside the envelope"
    case .tokensRise: "2 tokens rise"
    case .intentBeforeWrite: "3 intent before write"
    case .sealedBeforeActing: "4 sealed before acting"
    case .takeoverHolds: "5 takeover holds"
    case .stagesInOrder: "6 stages in order"
    case .rollbackEnds: "7 rollback ends"
    case .quietWhenDead: "8 quiet when dead"
    case .lastKnownGood: "9 last known good"
    case .oneOpenChange: "10 one open change"
    case .approvalsBind: "11 approvals bind"
    case .envelopeNeverWidens: "12 envelope never widens"
    case .revisionRevokes: "13 revision revokes"
    case .clocksExtendNothing: "14 clocks extend nothing"
    case .notANumberNeverPasses: "15 not a number never passes"
    case .replayEqualsState: "16 replay equals state"
    case .authorityRisesByPeople: "17 authority rises by people"
    case .noSalami: "18 no salami"
    case .bumpless: "19 bumpless"
    case .onlyWhatMayMove: "20 only what may move"
    case .nothingAcknowledgedIsLost: "nothing acknowledged is lost"
    case .comesToRest: "comes to rest"
    }
  }
}

/// An invariant that was broken, when, and by what.
public struct Violation: Sendable, Hashable, CustomStringConvertible {
  public var invariant: Invariant
  public var at: String
  public var detail: String
  public var description: String { "\(invariant) (\(at)): \(detail)" }
}
