import Determinism
import Foundation
import Testing

@testable import Filtering

/// Gain, time constant and dead time against the Cramér–Rao bound, over 200 data sets.
///
/// **Loop**: K = 2, τ = 20, θ = 7.35 (not a multiple of the sample, 1) under PI by SIMC (τc = θ: Kc = τ/(2Kθ), Ti = min(τ, 8θ)).
/// **Excitation**: the set-point alternates between 0 and 2 every 60 samples, 1500 samples.
/// **Noise**: Ornstein–Uhlenbeck, deviation 0.1, correlation time 10, plus white, deviation 0.05.
/// The bound counts offset, initial state and the noise's three parameters as unknown.
///
/// The Cramér–Rao bound of θ is local: it knows nothing of the kinks that the likelihood has at multiples of the sample. Where it is not small
/// beside the distance to them (steps of 1: 0.18 against 0.35) the estimate errs by more. That row is printed, and not held to 1.1.
@Suite(.enabled(if: studiesRun)) struct DeadTimeStudy {
  static let sets = 200

  struct Tally {
    var z: [[Double]] = [[], [], []]
    var covered = [0, 0, 0]
    var widths: [[Double]] = [[], [], []]
    var unidentified = 0
    var seconds = 0.0

    mutating func add(_ estimate: DeadTimeEstimate, _ loop: SimulatedLoop, _ bound: [Double]) {
      let truths = [loop.gain, loop.timeConstant, loop.deadTime]
      let found = [estimate.gain, estimate.timeConstant, estimate.deadTime]
      if !estimate.isIdentified { unidentified += 1 }
      for j in 0..<3 {
        if found[j].interval.contains(truths[j]) { covered[j] += 1 }
        guard let value = found[j].value else { continue }
        // The bound of τ is of its logarithm.
        let error = j == 1 ? Portable.log(value / truths[1]) : value - truths[j]
        z[j].append(error / bound[j])
        let (low, high) = (found[j].interval.lowerBound, found[j].interval.upperBound)
        widths[j].append((j == 1 ? Portable.log(high / low) : high - low) / (2 * 1.645 * bound[j]))
      }
    }

    func report(_ name: String) {
      func row(_ value: (Int) -> String) -> String { (0..<3).map(value).joined(separator: " ") }
      print(
        name.padding(toLength: 34, withPad: " ", startingAt: 0) + "RMSE/CRB " + row { column(rootMeanSquare(z[$0]), 3, width: 6) } + "   coverage "
          + row { column(Double(covered[$0]) / Double(DeadTimeStudy.sets), 3, width: 6) } + "   width/CRB "
          + row { column(widths[$0].reduce(0, +) / Double(max(1, widths[$0].count)), 2, width: 5) }
          + "   unidentified \(unidentified)   \(column(seconds * 1e3 / Double(DeadTimeStudy.sets), 1, width: 6)) ms")
    }
  }

  enum Method { case direct, instrument }

  static func study(
    _ name: String, _ search: DeadTimeSearch, count: Int = 1500, method: Method = .direct, loop make: (Int) -> SimulatedLoop
  ) throws -> Tally {
    var tally = Tally()
    for set in 0..<sets {
      let loop = make(set)
      let run = try loop.run(count, RandomStream(seed: 501, name).split(set))
      let begun = processorSeconds()
      let estimate =
        try method == .direct
        ? DeadTimeIdentification.direct(run.record, search) : DeadTimeIdentification.closedLoopSafe(run.record, search)
      tally.seconds += processorSeconds() - begun
      tally.add(estimate, loop, try loop.bound(run, search))
    }
    tally.report(name)
    return tally
  }

  static let search = DeadTimeSearch(deadTimes: 0...20, timeConstants: 4...100)

  static func loop(amplitude: Double) -> SimulatedLoop {
    var loop = SimulatedLoop()
    loop.setpoint = { ($0 / 60) % 2 == 0 ? 0 : amplitude }
    return loop
  }

  private func expectAcceptance(_ tally: Tally) {
    for j in 0..<3 {
      #expect(rootMeanSquare(tally.z[j]) <= 1.1)
      let coverage = Double(tally.covered[j]) / Double(Self.sets)
      #expect(coverage >= 0.85 && coverage <= 0.95)
    }
  }

  @Test func closedLoopDirect() throws {
    expectAcceptance(try Self.study("closed loop, direct", Self.search) { _ in Self.loop(amplitude: 2) })
  }

  @Test func closedLoopWeaker() throws {
    let tally = try Self.study("closed loop, steps of 1, direct", Self.search) { _ in Self.loop(amplitude: 1) }
    for j in 0..<3 { #expect(Double(tally.covered[j]) / Double(Self.sets) >= 0.85) }
  }

  /// Another plant in each set: K 0.5 to 3, τ 10 to 35, θ 3 to 12, each against its own bound.
  @Test func closedLoopOverPlants() throws {
    expectAcceptance(
      try Self.study("closed loop, 200 plants, direct", Self.search) { set in
        var stream = RandomStream(seed: 502, "plants").split(set)
        var loop = Self.loop(amplitude: 2)
        (loop.gain, loop.timeConstant, loop.deadTime) = (stream.uniform(0.5, 3), stream.uniform(10, 35), stream.uniform(3, 12))
        return loop
      })
  }

  /// The instrument has wider intervals: no bound to reach, but coverage to keep.
  @Test func closedLoopInstrument() throws {
    let tally = try Self.study("closed loop, instrument", Self.search, method: .instrument) { _ in Self.loop(amplitude: 2) }
    for j in 0..<3 { #expect(Double(tally.covered[j]) / Double(Self.sets) >= 0.82) }
  }

  @Test func openLoopSteps() throws {
    expectAcceptance(
      try Self.study("open loop, steps, direct", Self.search) { _ in
        var loop = Self.loop(amplitude: 2)
        loop.isClosed = false
        return loop
      })
  }

  /// Regulation alone: the set-point stands still and only noise moves the loop.
  @Test func withoutSetpointChangesNothingIsClaimed() throws {
    let tally = try Self.study("closed loop, no excitation", Self.search, count: 300) { _ in
      var loop = SimulatedLoop()
      loop.setpoint = { _ in 0 }
      return loop
    }
    #expect(tally.unidentified >= Self.sets * 9 / 10)
  }
}
