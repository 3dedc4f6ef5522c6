import Governance
import LoopStability
import PlantModel
import Quantities
import Testing
import Twin

@testable import Supervision

/// A program of the user's own is certified by what its owner declares of it, and loses that by what it does.
@Suite struct DeclaredLoopTests {
  private let start = Instant(seconds: 1_800_000_000)
  private static let tag = "Filler/MachSpeed"

  /// A plant folder with a program that is a run-to-run loop.
  private static func folder(_ feedback: String, builtIn: String? = nil) throws -> PlantFolder {
    var files = [
      "plant.yaml": """
      plant: small
      path: acme/lyon/packaging/small
      prices: {currency: EUR, good: 1, scrap: 0.5}
      buffers:
        B0: {capacity: 100}
        B1: {capacity: 20, transit: 6 s}
      sources:
        Bottles: {into: B0, lot: 10, interval: {exponential: 25 s}}
      stations:
        Filler:
          in: {B0: 1}
          out: B1
          cycle: {gamma: {mean: 2.5 s, cv: 0.1}}
          speed: {rated: 24 1/min, low: 15 1/min, high: 30 1/min}
        Packer: {in: {B1: 1}, out: sink, cycle: 2.4 s, speed: {rated: 25 1/min, low: 15 1/min, high: 30 1/min}}
      """,
      "envelope.yaml": """
      authority_ceiling: closed_loop
      limits:
        Filler/MachSpeed: {low: 18 1/min, high: 28 1/min, max_step: 2 1/min, max_per_hour: 6 1/min}
        Packer/MachSpeed: {low: 18 1/min, high: 28 1/min, max_step: 2 1/min, max_per_hour: 6 1/min}
      """,
      "loops/tune.yaml": loop("loops/tune.py", "[Filler/MachSpeed]", feedback),
      "connections.yaml": "clock: system\nline_protocol: {}\n",
    ]
    if let builtIn { files["loops/other.yaml"] = loop("loops/other.py", builtIn, Self.sound) }
    return try PlantFolder.read(files: files)
  }

  private static func loop(_ program: String, _ moves: String, _ feedback: String) -> String {
    """
    program: \(program)
    moves: \(moves)
    objective: good_parts_per_hour
    cadence: 60 min
    deadline: 3 min
    authority: closed_loop
    owner: eve
    rollout: {shadow: 5 min, steps: [0.5, 1], dwell: 15 min, timeout: 60 min}
    \(feedback)
    """
  }

  private static let sound =
    "feedback: {form: matched, weight: 0.3, gain: {low: 0.6, high: 1.4}, delay: {low: 0, high: 1}, period: 60 min, settling: 10 min}"

  private static func feedback(
    form: String = "matched", weight: Double = 0.3, gain: (Double, Double) = (0.6, 1.4), delay: Int = 1, settling: String = "10 min"
  ) -> String {
    "feedback: {form: \(form), weight: \(weight), gain: {low: \(gain.0), high: \(gain.1)}, delay: {low: 0, high: \(delay)}, "
      + "period: 60 min, settling: \(settling)}"
  }

  /// What the kernel writes down once the folder's loops have been looked at.
  private func facts(_ folder: PlantFolder, state: GovernorState = GovernorState(), at now: Instant) -> [Fact.What] {
    var kernel = PlantKernel(folder: folder, state: state, seed: 1)
    let job = CertificateJob(twin: Twin(plant: folder.plant, seed: 1), loops: folder.loops, limits: folder.envelope.limits, now: now)
    var effects = kernel.handle(.finished(.certificates(job.run(), calibration: "c")), at: now)
    var facts: [Fact.What] = []
    while !effects.isEmpty {
      guard case .record(let index, let fact) = effects.removeFirst() else { continue }
      facts.append(fact.what)
      effects += kernel.handle(.recorded(index: index, fact), at: now)
    }
    return facts
  }

  @Test func aDeclaredLoopIsCertifiedInsideHalfOfTheBoundAndSaysWhoDeclaredIt() throws {
    let folder = try Self.folder(Self.sound)
    #expect(
      folder.loops[0].feedback
        == FeedbackSpec(form: .matched, weight: 0.3, gain: 0.6...1.4, delay: 0...1, period: .minutes(60), settling: .minutes(10)))
    guard case .certificateIssued(let certificate)? = facts(folder, at: start).first else {
      Issue.record("no certificate")
      return
    }
    #expect(certificate.source == "declared by eve" && certificate.isSound && certificate.isLive(at: start))
    // Matched, λ = 0.3, one run late: ξ < 4.333.
    #expect(abs(certificate.bound - 4.3333) < 1e-3 && certificate.worst == 1.4 && certificate.gainLow == 0.6 && certificate.delayHigh == 1)
  }

  /// Each way to have none, and what is said.
  @Test func aDeclarationOutsideHalfOfTheBoundIsRefusedForItsReason() throws {
    let cases: [(String, part: String)] = [
      (Self.feedback(gain: (-0.2, 1)), "is not known"), (Self.feedback(gain: (0, 1)), "is not known"),
      (Self.feedback(gain: (-2, -1)), "with errors"), (Self.feedback(gain: (0.6, 2.5)), "gain margin of two"),
      (Self.feedback(gain: (0.6, 5)), "may run away"), (Self.feedback(form: "integral", weight: 0.8, delay: 2), "may run away"),
      (Self.feedback(settling: "20 min"), "faster than the plant settles"),
    ]
    for (feedback, part) in cases {
      guard case .certificateRefused(let loop, let reason)? = facts(try Self.folder(feedback), at: start).first else {
        Issue.record("certified: \(feedback)")
        continue
      }
      #expect(loop == "tune" && reason.contains(part), "\(feedback): \(reason)")
    }
    guard case .certificateRefused(_, let reason)? = facts(try Self.folder(""), at: start).first else {
      Issue.record("a program of which nothing is declared was certified")
      return
    }
    #expect(reason.contains("its owner can declare it"))
  }

  @Test func twoDeclaredLoopsOnOneStationAreNotBothCertified() throws {
    func certified(_ moves: String) throws -> [String] {
      facts(try Self.folder(Self.sound, builtIn: moves), at: start).compactMap {
        if case .certificateIssued(let certificate) = $0 { certificate.loop } else { nil }
      }
    }
    #expect(try certified("[Packer/MachSpeed]") == ["other", "tune"])
    #expect(try certified("[Filler/MachSpeed]") == ["other"])
  }

  // MARK: - What the moves show

  /// A change of the loop, from its proposal to its end.
  private func story(_ k: Int, _ folder: PlantFolder, realised: Double?, claimed: Double = 10, by half: Double = 4, to: Double? = nil) -> [Fact] {
    let id = ChangeID(number: UInt64(k), seed: 0)
    let at = start + .hours(Double(k) + 1)
    let gain = ClaimInterval(lower: 0.5 * claimed, expected: claimed, upper: 1.5 * claimed)
    let move = Move(tag: Self.tag, from: 22, to: to ?? 22.5)
    let proposal = Proposal(
      id: id, loop: "tune", created: at, moves: [move],
      claim: Claim(objective: .goodPartsPerHour, goodPerHour: gain, valuePerHour: gain, confidence: 0.9, horizon: .hours(1)), rationale: "",
      revision: folder.revision, calibration: "c", expires: at + .hours(1))
    var what: [Fact.What] = [
      .changeProposed(proposal: proposal), .changeArmed(change: id, lastKnownGood: [Self.tag: 22]),
      .stageStarted(change: id, step: 1, share: 1, full: true), .stageReached(change: id, step: 1),
    ]
    guard let realised else { return (what + [.changeRestored(change: id)]).map { Fact(at: at, $0) } }
    let judgement = Judgement(
      verdict: .keep, reason: "", estimate: realised, lower: realised - half, upper: realised + half, gainLogE: 0, harmLogE: -1, shortfallLogE: 0,
      windows: 9, autocorrelation: 0)
    what += [
      .stageJudged(change: id, step: 1, judgement: judgement),
      .claimScored(
        loop: "tune",
        score: ScoredClaim(
          change: id, at: at, claimed: gain, realised: ClaimInterval(lower: realised - half, expected: realised, upper: realised + half),
          verdict: .keep
        )), .changeSettled(change: id, setpoints: [Self.tag: move.to]),
    ]
    return what.map { Fact(at: at, $0) }
  }

  /// Why the certificate is void after these; nil where it holds.
  private func voids(_ stories: [[Fact]], _ folder: PlantFolder, next: Fact? = nil) throws -> String? {
    guard case .certificateIssued(let certificate)? = facts(folder, at: start).first else { return "never certified" }
    let before: [Fact] = [
      Fact(at: start, .revisionAdopted(revision: folder.revision, envelope: GovernancePlan(folder).envelopeHash, limits: nil)),
      Fact(at: start, .loopRegistered(loop: "tune", authority: .closedLoop)), Fact(at: start, .certificateIssued(certificate: certificate)),
    ]
    let facts = before + stories.flatMap { $0 } + [next].compactMap { $0 }
    guard let last = facts.last else { return nil }
    var kernel = PlantKernel(folder: folder, state: GovernorState(folding: facts), seed: 1)
    for effect in kernel.handle(.recorded(index: 0, last), at: last.at) {
      if case .record(_, let fact) = effect, case .certificateVoided(_, _, let reason, _) = fact.what { return reason }
    }
    return nil
  }

  @Test func whatALoopDoesIsHeldAgainstWhatWasDeclaredOfIt() throws {
    let folder = try Self.folder(Self.sound)
    func walk(_ ratio: Double, _ moves: Int) -> [[Fact]] { (0..<moves).map { story($0, folder, realised: 10 * ratio) } }
    for ratio in [0.7, 1, 1.3] { #expect(try voids(walk(ratio, 12), folder) == nil, "ξ = \(ratio) lies inside") }
    #expect(try voids(walk(3, 6), folder)?.contains("outside the certified 0.6…1.4") == true)
    #expect(try voids(walk(-1, 6), folder)?.contains("wrong sign") == true)
    let back = (0..<8).map { story($0, folder, realised: 10, to: $0.isMultiple(of: 2) ? 24 : 20) }
    #expect(try voids(back, folder)?.contains("back and forth") == true)
    // Each move a third larger than the one before: a loop whose error shrank would move less and less.
    let growing = [0.3, 0.4, 0.53, 0.71, 0.95, 1.26].enumerated().map { story($0, folder, realised: 10, to: 22 + $1) }
    #expect(try voids(growing, folder)?.contains("its error grows: by 4.2") == true)
    #expect(try voids(Array(growing.dropLast()), folder) == nil)
  }

  /// A move of which nothing was measured is a late lot once more moves follow than the delay declares.
  @Test func aMoveThatWasNeverMeasuredIsALateLot() throws {
    let folder = try Self.folder(Self.sound)
    let (unseen, seen) = (story(0, folder, realised: nil), story(1, folder, realised: 10))
    #expect(try voids([unseen], folder, next: story(1, folder, realised: 10)[0]) == nil, "one move may follow")
    #expect(try voids([unseen, seen], folder, next: story(2, folder, realised: 10)[0])?.contains("has not been measured after 2 runs") == true)
  }

  /// An alarm refutes the declaration: the same one is not believed again, another is.
  @Test func aRefutedDeclarationIsNotBelievedAgain() throws {
    let folder = try Self.folder(Self.sound)
    guard case .certificateIssued(let certificate)? = facts(folder, at: start).first else { return }
    let state = GovernorState(folding: [
      Fact(at: start, .revisionAdopted(revision: folder.revision, envelope: GovernancePlan(folder).envelopeHash, limits: nil)),
      Fact(at: start, .certificateIssued(certificate: certificate)),
      Fact(at: start + .hours(1), .certificateVoided(loop: "tune", certificate: certificate.hash, reason: "x", barredUntil: start + .hours(4))),
    ])
    #expect(facts(folder, state: state, at: start + .hours(9)).isEmpty)
    let edited = try Self.folder(Self.feedback(gain: (0.5, 2)))
    let anew = facts(edited, state: state, at: start + .hours(9))
    #expect(anew.contains { if case .certificateIssued(let it) = $0 { it.gainHigh == 2 } else { false } })
  }
}
