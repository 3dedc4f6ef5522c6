import Governance
import PlantModel
import Quantities

/// Two mills of one kind that take from one buffer, behind the governor and the gateway as they are; and what their counters tell, minute by minute.
///
/// A mill's pace is its speed times a level that wanders, by itself and together with the other's. Of its parts a share is rejected, by its speed.
/// Where the supply is short, each gets its share of it, and waits for the rest of the minute.
final class Mills {
  static let names = ["MillA", "MillB"]
  static let spec = InterleaveSpec(
    calendar: SwitchbackSpec(pairs: 40, dwell: .minutes(20), washout: .minutes(10)),
    machines: names.map { LikeMachine(station: $0, tags: ["\($0)/MachSpeed"]) })

  struct Minute {
    var made: Double
    var rejected: Double
    var own: Double
    var down: Double
    var unknown: Double
    var broke: Bool
  }

  /// When the first minute begins.
  private static let origin = Instant(seconds: 1_000_000)

  let rig: Rig
  /// Parts an hour that come; what they gain by speed is theirs where it is more than they can take.
  var supply = Double.infinity
  /// Rejected share of the parts, by speed in per cent of 60.
  var rejects: (Double) -> Double = { _ in 0.02 }
  /// Whether a mill stands broken at an instant, whether it carries the move or not.
  var stands: (_ mill: Int, _ at: Instant, _ speed: Double) -> Bool = { _, _, _ in false }
  /// Telemetry that is lost.
  var isLost: (Instant) -> Bool = { _ in false }
  private(set) var minutes: [[Minute]] = [[], []]
  private var stood = [false, false]
  private var own: [Double] = [0, 0]
  private var common = 0.0
  private var dice: Dice

  init(seed: UInt64, steps: [Double] = [1], spec: InterleaveSpec = Mills.spec, edit: (inout GovernancePlan) -> Void = { _ in }) {
    var rollout = Rig.rollout
    (rollout.steps, rollout.interleave, rollout.alphaGain, rollout.alphaHarm) = (steps, spec, 0.05, 0.1)
    let tags = Self.names.map { "\($0)/MachSpeed" }
    rig = Rig(rollout: rollout, seed: seed, setpoints: [tags[0]: 60, tags[1]: 60]) {
      $0.envelope = EnvelopeSpec(
        limits: tags.map { TagLimit(tag: $0, unit: "1/min", low: 40, high: 90, maxStep: 10, maxPerHour: 120, hold: .keep) }, interlocks: [],
        authorityCeiling: .closedLoop)
      $0.loops[0].moves = tags
      edit(&$0)
    }
    dice = Dice(seed &+ 99)
    rig.live = { [unowned self] _ in pass() }
    rig.answer = { [unowned self] in evidence($0) }
  }

  /// How it ended, in the ledger's words: for a test that fails.
  var end: String {
    rig.facts.compactMap {
      switch $0.what {
      case .rollbackStarted(_, let reason, let detail): "\($0.at.seconds) back (\(reason)): \(detail)"
      case .changeHeld(_, let reason, let detail, _): "held (\(reason)): \(detail)"
      case .changeRejected(_, let refusal): "rejected: \(refusal)"
      case .proposalRefused(_, let refusal): "refused: \(refusal)"
      case .stageJudged(_, let step, let judgement):
        "stage \(step) \(judgement.verdict) by \(judgement.windows): \(judgement.estimate), \(judgement.reason)"
      default: nil
      }
    }.joined(separator: "; ")
  }

  func speed(_ mill: Int) -> Double { rig.plant["\(Self.names[mill])/MachSpeed"] ?? .nan }

  /// Proposes the same move on each of these mills; the claim is theirs together.
  func propose(_ speed: Double = 66, mills: [Int] = [0, 1], gain: Double) {
    let interval = ClaimInterval(lower: gain * 0.3, expected: gain, upper: gain * 1.7)
    rig.feed(
      .proposed(
        ProposalDraft(
          loop: "speed", moves: mills.map { Move(tag: "\(Self.names[$0])/MachSpeed", from: self.speed($0), to: speed) },
          claim: Claim(objective: .goodPartsPerHour, goodPerHour: interval, valuePerHour: interval, confidence: 0.9, horizon: .hours(8)),
          rationale: "the mills are the bottleneck", revision: "r1", calibration: "c1", expires: rig.now + .hours(4))))
  }

  /// A whole minute of the plant, when one is over.
  private func pass() {
    guard (rig.now - Self.origin).nanoseconds % 60_000_000_000 == 0 else { return }
    // An AR(1) whose memory is half an hour, two thirds of it common to both.
    func step(_ x: Double) -> Double { 0.97 * x + 0.243 * dice.normal() }
    common = step(common)
    let capacities = Self.names.indices.map { mill in
      own[mill] = step(own[mill])
      return speed(mill) / 60 * (1 + 0.05 * common + 0.03 * own[mill])
    }
    let broken = Self.names.indices.map { stands($0, rig.now, speed($0)) }
    let wanted = zip(capacities, broken).reduce(0) { $0 + ($1.1 ? 0 : $1.0) }
    let share = min(1, supply / 60 / max(wanted, 1e-9))
    for mill in Self.names.indices {
      let made = broken[mill] ? 0 : capacities[mill] * share
      let isLost = isLost(rig.now)
      minutes[mill].append(
        Minute(
          made: made, rejected: made * rejects(speed(mill)), own: isLost || broken[mill] ? 0 : 60 * share,
          down: broken[mill] && !isLost ? 60 : 0, unknown: isLost ? 60 : 0, broke: broken[mill] && !stood[mill]))
      stood[mill] = broken[mill]
    }
  }

  /// As the twin answers: what each mill's minutes say of the spans, as far as the record reaches.
  private func evidence(_ request: EvidenceRequest) -> Evidence {
    guard let question = request.machines else {
      return Evidence(change: request.change, step: request.step, since: request.since, windows: [], missingShare: 0, complete: true)
    }
    var windows: [MachineWindow] = []
    for span in question.spans {
      for machine in question.machines {
        guard let mill = Self.names.firstIndex(of: machine) else { continue }
        let from = Int((span.start - Self.origin).minutes.rounded(.up)), to = Int((span.end - Self.origin).minutes.rounded(.down))
        guard from < to, to <= minutes[mill].count else { continue }
        let inside = minutes[mill][from..<to]
        func sum(_ value: (Minute) -> Double) -> Double { inside.reduce(0) { $0 + value($1) } }
        // A hundredth of a part is counted as one: whole parts, without their rounding.
        windows.append(
          MachineWindow(
            machine: machine, start: span.start, end: span.end, made: sum { $0.made - $0.rejected }, good: Int(100 * sum { $0.made - $0.rejected }),
            rejected: Int(100 * sum { $0.rejected }), own: sum { $0.own }, waiting: sum { 60 - $0.own - $0.down - $0.unknown }, down: sum { $0.down },
            breakdowns: inside.count { $0.broke }, unknown: sum { $0.unknown }))
      }
    }
    let length = windows.reduce(0) { $0 + ($1.end - $1.start).seconds }
    return Evidence(
      change: request.change, step: request.step, since: request.since, windows: [],
      missingShare: length > 0 ? windows.reduce(0) { $0 + $1.unknown } / length : 0, complete: true, machines: windows, until: rig.now)
  }
}
