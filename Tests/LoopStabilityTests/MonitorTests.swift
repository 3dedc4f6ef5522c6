import Continuous
import Determinism
import LinearAlgebra
import Quantities
import Testing

@testable import LoopStability

/// Each monitor sees its fault in time, and keeps silent without it.
@Suite struct MonitorTests {
  /// A PI loop on e^{−3s}/(10s + 1) with Ti = 10: it turns once in 12 s, and its ultimate gain is 10π/6.
  private func alarm(gainShare: Double, disturbance: Double = 3, noise: Double = 0, until end: Double = 600) -> Double? {
    let interval = 0.1
    let kc = gainShare * 10 * .pi / 6
    var process = FirstOrderPlusDeadTime(gain: 1, timeConstant: 10, deadTime: 3)
    var stream = RandomStream(seed: 7, "oscillation")
    var monitor = OscillationMonitor(integralTime: 10, amplitude: 1)
    var integral = 0.0
    for k in 0..<Int(end / interval) {
      let t = Double(k) * interval
      process.advance(to: t)
      let error = -process.value + noise * stream.normal()
      integral += error * interval
      process.set(kc * (error + integral / 10) + (t >= 1 ? disturbance : 0), at: t)
      if monitor.take(error: error, interval: interval) { return t - 1 }
    }
    return nil
  }

  @Test func theOscillationDetectorIsSilentBelowTheUltimateGainAndLoudAbove() throws {
    for share in [0.3, 0.6, 0.9, 0.95] { #expect(alarm(gainShare: share) == nil, "at \(share) of the ultimate gain") }
    for size in [1.0, 2, 3, 5] {
      let times = [0.9, 0.95, 1.02, 1.05, 1.1, 1.2].map { share in alarm(gainShare: share, disturbance: size).map { "\($0)" } ?? "silent" }
      print("oscillation after a load of \(size) %: " + times.joined(separator: ", "))
    }
    #expect(alarm(gainShare: 0.5, noise: 0.3) == nil)
    for share in [1.05, 1.1, 1.2] {
      let after = try #require(alarm(gainShare: share))
      print("oscillation at \(share)× the ultimate gain: alarm after \(after) s")
      #expect(after >= 60 && after <= 95, "\(after) s at \(share)")
    }
  }

  /// A run-to-run loop on a plant whose gain ratio jumps to `ratio` at run 60; the run at which the estimated gain leaves the certified range.
  private func leaves(_ ratio: Double, seed: Int) -> Int? {
    var stream = RandomStream(seed: 11, "gain").split(seed)
    var controller = RunToRunController(RunToRunLoop(.matched, weight: 0.3, delay: 0), gain: 1, target: 0, input: 0, intercept: 0)
    var monitor = GainMonitor(certified: GainRange(0.5, 1.5), gain: 1, deviation: 0.1)
    for k in 0..<200 {
      let run = controller.startRun()
      // The disturbance steps now and then, so that the input moves.
      let disturbance = Double((k / 15) % 2) * 2
      let y = disturbance + (k < 60 ? 1 : ratio) * controller.inputs[run] + 0.1 * stream.normal()
      controller.take(lot: run, measured: y)
      if monitor.take(input: controller.inputs[run], measured: y) { return k }
    }
    return nil
  }

  @Test func theGainMonitorAccusesOnlyAGainThatHasLeft() {
    let healthy = (0..<60).count { leaves(1, seed: $0) != nil }
    #expect(healthy <= 1, "\(healthy) of 60 healthy loops accused")
    let gone = (0..<60).compactMap { leaves(-1, seed: $0) }
    #expect(gone.count == 60 && gone.allSatisfy { $0 >= 60 && $0 <= 80 }, "\(gone)")
  }

  @Test func theSignMonitorNeedsOneClearMoveOrSeveralUnclearOnes() {
    var one = SignMonitor(leastRatio: 0.5)
    let (right, wrong) = (one.take(expected: 3, observed: 3, deviation: 1), one.take(expected: 3, observed: -3, deviation: 1))
    #expect(!right && wrong)
    var several = SignMonitor(leastRatio: 0.5)
    var moves = 0
    while !several.hasFlipped {
      _ = several.take(expected: 1, observed: -1, deviation: 1)
      moves += 1
    }
    #expect(moves == 7)
    // A healthy loop at the end of its range, moves of one deviation: at most one accusation in 1,000 moves.
    var stream = RandomStream(seed: 5, "sign")
    var (accusations, healthy) = (0, SignMonitor(leastRatio: 0.5))
    for _ in 0..<20_000 where healthy.take(expected: 1, observed: 0.5 + stream.normal(), deviation: 1) {
      accusations += 1
      healthy = SignMonitor(leastRatio: 0.5)
    }
    #expect(accusations <= 20, "\(accusations) in 20,000")
  }

  @Test func growthIsToldFromADisturbance() {
    var monitor = GrowthMonitor(floor: 0.4)
    // A step that is worked off, noise, a ramp that settles at an offset.
    var calm: [Double?] = []
    for k in 0..<40 { calm.append(monitor.take(5 * [1, 0.6, 0.36, 0.2, 0.1][min(k, 4)])) }
    for k in 0..<40 { calm.append(monitor.take(0.1 * (k % 3 == 0 ? -1 : 1))) }
    #expect(calm.allSatisfy { $0 == nil })
    // An oscillation that doubles in two half cycles.
    var seen: Int?
    for k in 0..<20 where seen == nil { if monitor.take(0.3 * [1, -1][k % 2] * [1, 1.4, 2, 2.8, 4, 5.6, 8][min(k, 6)]) != nil { seen = k } }
    #expect(seen.map { $0 <= 3 } == true)
    // A gain of the wrong sign: the error grows without turning.
    var flipped = GrowthMonitor(floor: 0.4)
    seen = nil
    for k in 0..<20 where seen == nil { if flipped.take(0.3 * [1, 1.4, 2, 2.8, 4][min(k, 4)]) != nil { seen = k } }
    #expect(seen == 3)
  }

  /// Moves of a declared loop from its integral form, u ← u − λξ·e with lots d runs late: what of them is read as growth.
  private func moves(_ gain: Double, delay: Int, noise: Double, walk: Double, runs: Int, from u: Double, _ stream: inout RandomStream) -> [Double] {
    var (u, drift, measured, moves): (Double, Double, [Double], [Double]) = (u, 0, [], [])
    for k in 0..<runs {
      drift += walk * stream.normal()
      measured.append(u + drift + noise * stream.normal())
      moves.append(k >= delay ? -gain * measured[k - delay] : 0)
      u += moves[k]
    }
    return moves
  }

  private func watch(_ delay: Int) -> DeclaredWatch { DeclaredWatch(gain: GainRange(0.5, 1.5), greatestDelay: delay, floors: ["T": 0.02]) }

  /// Past the bound the moves grow, also where a delay keeps them from turning each time; inside half of it that is hardly ever read into noise.
  @Test func aDeclaredLoopWhoseMovesGrowIsFoundWithoutItsError() {
    var stream = RandomStream(seed: 11, "declared growth")
    for delay in 0...2 {
      let bound = [2.0, 1, 0.618][delay]
      var found: [Int] = []
      for _ in 0..<20 {
        var watch = watch(delay)
        for (k, move) in moves(1.2 * bound, delay: delay, noise: 0.02, walk: 0, runs: 120, from: 0.1, &stream).enumerated() where watch.alarm == nil {
          watch.settle("T", move: move)
          if watch.alarm != nil { found.append(k) }
        }
      }
      #expect(found.count == 20 && found.sorted()[10] <= [6, 20, 32][delay], "delay \(delay): \(found.sorted())")

      var monitor = GrowthMonitor(floor: 0.04, factor: 3, values: 6)
      var alarms = 0
      for move in moves(0.5 * bound, delay: delay, noise: 0.1, walk: 0.02, runs: 10_000, from: 0, &stream) where monitor.take(move) != nil {
        alarms += 1
        monitor = GrowthMonitor(floor: 0.04, factor: 3, values: 6)
      }
      #expect(alarms <= 25, "delay \(delay): \(alarms) in 10,000 moves")
    }
  }

  /// Noise alone, ten thousand samples: growth is not read into it.
  @Test func growthIsNotReadIntoNoise() {
    var stream = RandomStream(seed: 3, "growth")
    var monitor = GrowthMonitor(floor: 4)
    var alarms = 0
    for _ in 0..<10_000 where monitor.take(stream.normal()) != nil { alarms += 1 }
    #expect(alarms == 0)
  }

  @Test func aCertificateIsVoidAtTheFirstLateLot() throws {
    let terms = CertificateTerms(loop: "etch", period: .hours(1), settling: .minutes(10), issued: Instant(seconds: 0), lifetime: .hours(1000))
    let certificate = try StabilityCertificate.runToRun(.integral, weight: 0.3, modelGain: 1, plantGain: GainRange(0.8, 1.2), delay: 0...1, terms)
    var watch = CertificateWatch(certificate, modelGain: 1, deviation: 0.1)
    for k in 0..<20 {
      let now = Instant(seconds: Double(k) * 3600)
      // Up to run 10 each lot is there one run later; then nothing comes.
      if k >= 2, k < 12 { watch.arrive(lot: k - 2, input: 0, measured: 0, error: 0) }
      let may = watch.mayMove(run: k, at: now)
      #expect(may == (k < 12), "run \(k)")
    }
    #expect(watch.alarm == .lateLot(run: 10, age: 2))
    // The clock alone voids it too.
    var idle = CertificateWatch(certificate, modelGain: 1, deviation: 0.1)
    let late = idle.mayMove(run: 0, at: Instant(seconds: 0) + .hours(1001))
    #expect(!late)
  }

  @Test func theHarrisIndexIsThatOfTheLoopThatWasSimulated() throws {
    // y = a + ψ₁·a(−1) + … with a pole at 0.9: under dead time 2 the best is 1 + 0.9² of 1/(1 − 0.9²).
    var stream = RandomStream(seed: 9, "harris")
    var y = [0.0]
    for _ in 0..<20_000 { y.append(0.9 * y[y.count - 1] + stream.normal()) }
    let index = try HarrisIndex.value(of: y, deadTime: 2)
    #expect(abs(index - (1 + 0.81) * (1 - 0.81)) < 0.02, "\(index)")
    let best = try HarrisIndex.value(of: (0..<20_000).map { _ in stream.normal() }, deadTime: 1)
    #expect(best > 0.98)
    #expect(throws: LoopStabilityError.self) { try HarrisIndex.value(of: [1, 2, 3], deadTime: 1) }
    #expect(throws: LoopStabilityError.self) { try HarrisIndex.value(of: Array(repeating: 1, count: 500), deadTime: 1) }
  }

  @Test func aBalanceOpensForALieAndForNothingElse() {
    var stream = RandomStream(seed: 21, "balance")
    var alarms = 0
    var balance = MassBalance(deviation: 1)
    for _ in 0..<50_000 where balance.take(stream.normal()) {
      alarms += 1
      balance = MassBalance(deviation: 1)
    }
    // 5.3 expected; Poisson's upper 99.9 % point is 14.
    #expect(alarms <= 14, "\(alarms) in 50,000")
    var delays: [Int] = []
    for _ in 0..<200 {
      var lied = MassBalance(deviation: 1)
      var n = 1
      while !lied.take(1 + stream.normal()) { n += 1 }
      delays.append(n)
    }
    let mean = Double(delays.reduce(0, +)) / 200
    #expect(abs(mean / 16.37 - 1) < 0.12, "\(mean) samples to find one deviation")
    let isOpen = balance.take(.nan)
    #expect(isOpen)
  }

  @Test func noSingleWitnessEnablesAMoveAndAnyOneStopsIt() {
    func seen(_ error: Double) -> Witness { Witness(error: error, deadband: 0.1, direction: 1) }
    #expect(seen(-1) == .enables && seen(0.05) == .abstains && seen(1) == .stops && seen(.nan) == .stops)
    #expect(Witness.allow([.enables, .enables]) && Witness.allow([.enables, .enables, .abstains]))
    #expect(
      !Witness.allow([.enables]) && !Witness.allow([.enables, .abstains]) && !Witness.allow([.enables, .enables, .stops]) && !Witness.allow([]))
  }

  @Test func aHealthySensorsLongestRunOfEqualReadings() {
    #expect([0.5, 1, 2, 3].map { FrozenRunLimit.readings(resolution: $0) } == [9, 15, 37, 97])
  }

  @Test func aLoopThatHuntsTurnsItsMovesOverWithoutMakingThemSmaller() {
    func turnsUntilAlarm(_ slope: Double) -> Int? {
      var monitor = HuntingMonitor(floor: 1e-3)
      var move = 1.0
      for k in 0..<40 {
        if monitor.take(move: move) { return k }
        move *= slope
      }
      return nil
    }
    #expect(turnsUntilAlarm(-1) == 4 && turnsUntilAlarm(-1.2) == 4)
    // A loop inside its certificate, one that walks to its optimum, and one that runs away in one direction (growth's business).
    #expect(turnsUntilAlarm(-0.5) == nil && turnsUntilAlarm(0.5) == nil && turnsUntilAlarm(1.2) == nil)
  }

  /// Each move's e-value has mean at most 1 while moves do no harm: log-normal ones here, with mean exactly 1.
  @Test func movesThatDoNoHarmAreRarelyAccusedAndHarmfulOnesSoon() {
    var stream = RandomStream(seed: 5, "harm")
    var alarms = 0
    var monitor = HarmMonitor(level: 0.01)
    for _ in 0..<20_000 {
      let spread = 1.5
      if monitor.take(logEvidence: spread * stream.normal() - 0.5 * spread * spread) {
        alarms += 1
        monitor = HarmMonitor(level: 0.01)
      }
    }
    // At most one in 100 moves in the mean; Poisson's upper 99.9 % point of 200 is 245.
    #expect(alarms <= 245, "\(alarms) in 20,000")
    #expect(alarms > 0, "a monitor that never speaks sees nothing")
    var accused = HarmMonitor()
    let three = (0..<3).map { _ in accused.take(logEvidence: 2.4) }
    #expect(three == [false, false, true], "three moves that each went back as harmful at one in ten")
    let unheard = accused.take(logEvidence: .nan)
    #expect(unheard)
  }

  @Test func aLoopThatMovesSeldomIsWatchedByItsMovesAndTheirVerdicts() {
    func alarm(_ slope: Double, floors: [String: Double] = ["a": 0.01]) -> StabilityAlarm? {
      var watch = IterationWatch(floors: floors)
      var move = 1.0
      for _ in 0..<8 {
        watch.settle("a", move: move)
        watch.settle("b", move: -move)
        watch.judge(harmLogE: -1)
        move *= slope
      }
      return watch.alarm
    }
    #expect(alarm(-1) == .hunting(tag: "a") && alarm(-0.5) == nil && alarm(1) == nil)
    #expect(alarm(-1, floors: [:]) == nil && alarm(-1, floors: ["a": 2]) == nil)
    var watch = IterationWatch(floors: [:])
    for _ in 0..<4 { watch.judge(harmLogE: 2.5) }
    guard case .signFlipped(let evidence)? = watch.alarm else { return #expect(Bool(false), "no alarm") }
    #expect(evidence >= 6.9 && watch.alarm?.description.contains("wrong sign") == true)
  }

  @Test func theRealPartsOfEigenvaluesSayWhichSignALoopGainHas() {
    // A rotation by 2 about a slope of 0.5: eigenvalues 0.5 ± 2i; and a triangle with 1.1 and −3.
    let turning = Matrix([[0.5, -2], [2, 0.5]]), leaning = Matrix([[1.1, 7], [0, -3]])
    #expect(abs(turning.realParts.lowerBound - 0.5) < 1e-3 && abs(turning.realParts.upperBound - 0.5) < 1e-3)
    #expect(abs(leaning.realParts.lowerBound + 3) < 1e-3 && abs(leaning.realParts.upperBound - 1.1) < 1e-3)
  }
}
