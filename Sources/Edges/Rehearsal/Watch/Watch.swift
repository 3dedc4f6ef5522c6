import Governance
import Ledger
import PlantModel
import Quantities
import Supervision
import Telemetry

/// Looks at the true plant, the disk and the facts after every step, and says what should never have been.
///
/// It knows what Takt cannot: what is true. It knows nothing of how Takt decides.
struct Watch {
  private(set) var violations: [Violation] = []
  let rules: GovernorRules
  /// The limits in force, with those of earlier revisions, and since when.
  private(set) var envelopes: [(from: Instant, spec: EnvelopeSpec)]

  /// The fold over the facts that were recorded, in step with the ledger.
  var state = GovernorState()
  /// Index of each intent's fact, until its write has left.
  var intended: [WriteToken: (index: Int, intent: WriteIntent, at: Instant)] = [:]
  var lastToken = WriteToken(epoch: 0, sequence: 0)
  var landedTokens: Set<WriteToken> = []
  /// Facts that were decided and that the ledger has not kept yet, by index, and since when: of two lives, one each.
  private var unkept: [UInt64: [(fact: Fact, at: Instant)]] = [:]
  /// True instants at which changes were proposed.
  var proposedAt: [ChangeID: Instant] = [:]
  /// Changes of which something has been written.
  var begun: Set<ChangeID> = []
  /// What each open change was armed with.
  var armed: [ChangeID: [String: Double]] = [:]
  /// Since when the open change's stage has truly stood, where that is known.
  var stoodSince: Instant?
  /// Where people have put each tag last, or let it be put.
  var placedByPeople: [String: Double] = [:]
  /// Where a way back ended that the limits of the day did not let go on to the last known good.
  var halfWayBack: [String: Double] = [:]
  /// A person has the plant, and was told so.
  var isTakenOver = false

  /// What each life was shown, by tag.
  private var shown: [Int: [String: Shown]] = [:]
  /// When each tag was last moved by a hand or by the wire, or its sensor last told what was not.
  private var disturbedAt: [String: Instant] = [:]
  /// Set-points that were never disturbed end where the ledger says.
  private(set) var everDisturbed: Set<String> = []
  private var steps: [(at: Instant, tag: String, size: Double)] = []
  private var deaths: [Int: Instant] = [:]
  /// Values of acknowledged samples, by tag and instant: the one that was acknowledged last, and those of the same instant that came after it and
  /// were not acknowledged, any of which may stand in its place (of one instant the one written last stays).
  var stored: [String: [Instant: [Double]]] = [:]

  // What was done, for the figures of a run
  var writes = 0
  var settled = 0
  var rolledBack = 0
  var stages = 0

  /// The newest of what a life was shown of a tag.
  struct Shown {
    var sample: Sample
    var measured: Instant
    var isTrue: Bool
    /// Stamps may be trusted: none was off within the last hours.
    var stampedRight: Bool
    /// The newest good one.
    var good: (measured: Instant, value: Double, isTrue: Bool)?
  }

  init(_ envelope: EnvelopeSpec, rules: GovernorRules, tags: [String]) {
    self.rules = rules
    envelopes = [(World.start, envelope)]
  }

  mutating func breach(_ invariant: Invariant, _ detail: String, at now: Instant) {
    violations.append(Violation(invariant: invariant, at: "+\(text(now - World.start))", detail: detail))
  }

  /// What a life has decided and the ledger has not kept yet.
  mutating func decided(_ facts: [(index: UInt64, fact: Fact)], at now: Instant) {
    for (index, fact) in facts where unkept[index]?.contains(where: { $0.fact == fact }) != true { unkept[index, default: []].append((fact, now)) }
  }

  /// When a fact that is kept now was truly decided: a ledger that refused rows may have kept it late.
  mutating func decision(on fact: Fact, _ index: Int, at now: Instant) -> Instant {
    guard !unkept.isEmpty, let known = unkept.removeValue(forKey: UInt64(index)) else { return now }
    return known.first { $0.fact == fact }?.at ?? now
  }

  mutating func envelope(_ spec: EnvelopeSpec, from now: Instant) { envelopes.append((now, spec)) }

  var envelope: EnvelopeSpec { envelopes[envelopes.count - 1].spec }

  func limit(_ tag: String) -> TagLimit? { envelope.limits.first { $0.tag == tag } }

  func same(_ tag: String, _ a: Double, _ b: Double) -> Bool {
    guard let limit = limit(tag) else { return a == b }
    return abs(a - b) <= 1.01 * rules.sameWithin * (limit.high - limit.low)
  }

  // MARK: - What Takt is shown

  mutating func delivered(_ delivery: World.SentReading, to life: Int, tag: String, at now: Instant) {
    let sample = delivery.sample
    let isGood = sample.quality == .good && sample.value.number?.isFinite == true
    var known = shown[life]?[tag] ?? Shown(sample: sample, measured: delivery.measured, isTrue: delivery.isTrue, stampedRight: true)
    if delivery.measured >= known.measured { (known.sample, known.measured, known.isTrue) = (sample, delivery.measured, delivery.isTrue) }
    if sample.instant != delivery.measured { known.stampedRight = false }
    if isGood, known.good.map({ delivery.measured >= $0.measured }) ?? true {
      known.good = (delivery.measured, sample.value.number ?? .nan, delivery.isTrue)
    }
    shown[life, default: [:]][tag] = known
    if !delivery.isTrue { disturbed(tag, at: now) }
  }

  func shown(to life: Int, _ tag: String) -> Shown? { shown[life]?[tag] }

  mutating func disturbed(_ tag: String, at now: Instant) {
    disturbedAt[tag] = now
    everDisturbed.insert(tag)
  }

  func isDisturbed(_ tag: String, since instant: Instant) -> Bool { disturbedAt[tag].map { $0 >= instant } ?? false }

  /// Takt has told the sender of a sample that it is on disk.
  mutating func acknowledged(_ sample: Sample, of tag: String) {
    guard let value = sample.value.number else { return }
    stored[tag, default: [:]][sample.instant] = [value]
  }

  /// Takt has a sample, and has not told its sender that it is on disk: it may get there.
  mutating func taken(_ sample: Sample, of tag: String) {
    guard let value = sample.value.number else { return }
    stored[tag]?[sample.instant]?.append(value)
  }

  // MARK: - Lives

  mutating func died(_ life: Int, at now: Instant) {
    deaths[life] = now
    shown[life] = nil
  }

  func isDead(_ life: Int, at now: Instant, longerThan span: Duration) -> Bool { deaths[life].map { now - $0 > span } ?? false }

  /// The ledger is what it was when its facts were acknowledged, and perhaps more.
  mutating func expectPrefix(_ facts: [Fact], of rows: [LedgerEntry], at now: Instant) {
    guard rows.count >= facts.count else {
      return breach(.nothingAcknowledgedIsLost, "\(facts.count) facts were acknowledged, the ledger has \(rows.count)", at: now)
    }
    if let index = facts.indices.first(where: { rows[$0].kind != facts[$0].kind || rows[$0].instant != facts[$0].at }) {
      breach(.nothingAcknowledgedIsLost, "fact \(index) is \(rows[index].kind), and was \(facts[index].kind)", at: now)
    }
  }

  /// A new life folds what the disk has, which may be more than was acknowledged.
  mutating func started(_ life: Life, facts: [Fact], in world: World) {
    for index in Int(state.factCount)..<max(facts.count, Int(state.factCount)) { recorded(facts[index], by: life, in: world) }
  }

  mutating func opened(_ life: Life, at now: Instant) {
    if isTakenOver, life.runtime.gatewayMode != .manual { breach(.takeoverHolds, "a restart has opened the gateway after a takeover", at: now) }
  }

  // MARK: - Orders

  mutating func ordered(
    _ command: OperatorCommand, refusal: String?, by life: Life, in world: World
  ) {
    switch command {
    case .takeOver, .halt:
      life.isStoppedByPerson = true
      life.stopsUnderWay += 1
      if refusal == nil { isTakenOver = true }
      if world.options.mutant == nil, life.runtime.gatewayMode != .manual {
        breach(.takeoverHolds, "the gateway stands open after \(command)", at: world.now)
      }
    default: break
    }
  }

  /// The true size of what we moved, in the hour before `now`.
  mutating func spend(_ size: Double, _ tag: String, at now: Instant) -> Double {
    steps.removeAll { now - $0.at >= .hours(1) }
    steps.append((now, tag, size))
    return steps.reduce(0) { $1.tag == tag ? $0 + $1.size : $0 }
  }

  mutating func pressureChanged(isHigh: Bool, at now: Instant) { pressureSince = isHigh ? now : nil }
  var pressureSince: Instant?
}
