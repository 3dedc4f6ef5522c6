import LineModel
import Optimization
import PlantModel
import Quantities
import Supervision
import Testing

@Suite struct LoopSupervisorTests {
  let start = Instant(seconds: 1_800_000_000)

  static let spec = LoopSpec(
    name: "setpoints", program: "setpoints", arguments: [], moves: ["A/MachSpeed"], objective: .goodPartsPerHour, cadence: .minutes(10),
    deadline: .minutes(3), authority: .closedLoop,
    rollout: RolloutSpec(
      shadow: .minutes(5), steps: [0.5, 1], dwell: .minutes(15), timeout: .hours(1), keepShare: 0.5, alphaGain: 0.05, alphaHarm: 0.1))

  static let plant = Plant(
    name: "p", path: "e/s/a/l", stations: [], buffers: [], sources: [], tags: [], prices: Prices(currency: "EUR", good: 1, scrap: 0, escape: 0),
    idealCycle: nil)

  func supervisor() -> LoopSupervisor {
    LoopSupervisor(
      loop: Self.spec, hello: LoopHello(version: 1, loop: "setpoints", plant: Self.plant, limits: [], objective: .goodPartsPerHour))
  }

  func observation(_ request: Int) -> LoopObservation {
    LoopObservation(request: request, now: start, setpoints: [:], calibration: "c", draws: [], openShare: 1, takenBack: [], seed: 1)
  }

  /// A loop that runs and has said that it is ready.
  func running() -> LoopSupervisor {
    var s = supervisor()
    _ = s.handle(.tick(uptime: .zero), at: start)
    _ = s.handle(.spawned(pid: 7, uptime: .zero), at: start)
    _ = s.handle(.line(MessageFromLoop.ready(version: 1).line(), uptime: .zero), at: start)
    return s
  }

  @Test func aLoopIsStartedGreetedAndAskedOnItsCadence() {
    var s = supervisor()
    #expect(s.handle(.tick(uptime: .zero), at: start).contains { if case .spawn = $0 { true } else { false } })
    let greeting = s.handle(.spawned(pid: 7, uptime: .zero), at: start)
    #expect(greeting.contains { if case .send(.hello) = $0 { true } else { false } })
    #expect(s.pid == 7)
    #expect(s.handle(.tick(uptime: .seconds(1)), at: start).isEmpty, "it is not asked before it is ready")
    _ = s.handle(.line(MessageFromLoop.ready(version: 1).line(), uptime: .seconds(1)), at: start)
    guard case .observationDue(let first)? = s.handle(.tick(uptime: .seconds(1)), at: start).first else {
      Issue.record("not asked")
      return
    }
    _ = s.observe(observation(first))
    let proposal = LoopProposal(
      request: first, moves: ["A/MachSpeed": 25],
      gain: PredictedGain(
        good: GainInterval(lower: 1, expected: 2, upper: 3), value: GainInterval(lower: 1, expected: 2, upper: 3), probability: 0.9),
      horizon: .hours(4), reason: "faster")
    let answer = s.handle(.line(MessageFromLoop.proposal(proposal).line(), uptime: .seconds(2)), at: start + .minutes(1))
    #expect(answer.contains { if case .proposed(let p) = $0 { p.moves == ["A/MachSpeed": 25] } else { false } })
    #expect(s.handle(.tick(uptime: .seconds(3)), at: start + .minutes(9)).isEmpty, "not before its cadence")
    #expect(!s.handle(.tick(uptime: .seconds(4)), at: start + .minutes(10)).isEmpty)
  }

  @Test func anAnswerToNoOpenRequestIsMisbehaviourAndNeverAProposal() {
    var s = running()
    let effects = s.handle(.line(MessageFromLoop.stay(request: 99, reason: "x").line(), uptime: .zero), at: start)
    #expect(effects.contains { if case .note(.misbehaved) = $0 { true } else { false } })
    #expect(!effects.contains { if case .proposed = $0 { true } else { false } })
  }

  @Test func aMissedDeadlineIsCountedAndTheLateAnswerRefused() {
    var s = running()
    guard case .observationDue(let request)? = s.handle(.tick(uptime: .seconds(1)), at: start).first else {
      Issue.record("not asked")
      return
    }
    _ = s.observe(observation(request))
    let late = s.handle(.tick(uptime: .seconds(5)), at: start + .minutes(4))
    #expect(late.contains { if case .note(.missedDeadline) = $0 { true } else { false } })
    #expect(s.missedDeadlines == 1)
    let answer = s.handle(.line(MessageFromLoop.stay(request: request, reason: "x").line(), uptime: .seconds(6)), at: start + .minutes(5))
    #expect(!answer.contains { if case .stayed = $0 { true } else { false } })
  }

  @Test func aSilentLoopIsEndedByForceAndStartedAgain() {
    var s = running()
    let effects = s.handle(.tick(uptime: .seconds(11)), at: start)
    #expect(effects.contains { if case .terminate(7, true) = $0 { true } else { false } })
    _ = s.handle(.exited(reason: "ended by signal 9", uptime: .seconds(11)), at: start)
    #expect(s.handle(.tick(uptime: .seconds(11.5)), at: start).isEmpty, "it pauses first")
    #expect(s.handle(.tick(uptime: .seconds(12)), at: start).contains { if case .spawn = $0 { true } else { false } })
    #expect(s.restarts == 1)
  }

  @Test func pausesGrowAndAfterFiveCrashesItStaysDownUntilResumed() {
    var s = supervisor()
    var uptime = Duration.zero
    var pauses: [Duration] = []
    for _ in 0..<5 {
      while !s.handle(.tick(uptime: uptime), at: start).contains(where: { if case .spawn = $0 { true } else { false } }) { uptime += .seconds(0.5) }
      for effect in s.handle(.spawnFailed(reason: "no such file", uptime: uptime), at: start) {
        if case .note(.crashed(_, let pause)) = effect { pauses.append(pause) }
      }
    }
    #expect(pauses == [.seconds(1), .seconds(2), .seconds(4), .seconds(8)])
    #expect(s.status == .gaveUp)
    #expect(s.handle(.tick(uptime: uptime + .hours(1)), at: start).isEmpty)
    _ = s.handle(.resume, at: start)
    #expect(!s.handle(.tick(uptime: uptime), at: start).isEmpty)
  }

  @Test func aKilledLoopStaysDownThroughHaltAndResumeOfThePlant() {
    var s = running()
    #expect(s.handle(.kill, at: start).contains { if case .terminate(7, true) = $0 { true } else { false } })
    _ = s.handle(.exited(reason: "ended by signal 9", uptime: .seconds(1)), at: start)
    _ = s.handle(.halt, at: start)
    #expect(s.status == .stopped(.person))
    #expect(s.handle(.tick(uptime: .hours(1)), at: start).isEmpty)
  }

  @Test(arguments: ["", "{", "null", "[]", #"{"type":"proposal"}"#, #"{"type":"ready"}"#, #"{"type":"fly"}"#, "\u{0}\u{1}"])
  func aLineThatIsNoMessageIsReportedAndTheLoopGoesOn(line: String) {
    var s = running()
    let effects = s.handle(.line(Array(line.utf8), uptime: .zero), at: start)
    #expect(effects.contains { if case .note(.misbehaved) = $0 { true } else { false } })
    #expect(s.pid == 7)
  }
}
