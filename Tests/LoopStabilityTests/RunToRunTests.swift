import Foundation
import LinearAlgebra
import Testing

@testable import LoopStability

/// The bounds of run-to-run loops: by formula, by the closed loop's eigenvalues, and by letting the controller run.
@Suite struct RunToRunTests {
  static let integral = [2, 1, 0.618, 0.445, 0.347, 0.285, 0.241]
  /// λ = 0.3: published for d = 0, 1, 2 and 5.
  static let matched: [Int: Double] = [0: 6.67, 1: 4.33, 2: 3.37, 5: 2.52]

  /// The deviation's growth per run of a controller that runs without noise, over the last half of many runs.
  private func growth(_ loop: RunToRunLoop, ratio: Double, runs: Int = 600) -> Double {
    var controller = RunToRunController(loop, gain: 2, target: 0, input: 1, intercept: 0)
    var outputs: [Double] = []
    for k in 0..<runs {
      let run = controller.startRun()
      outputs.append(2 * ratio * controller.inputs[run])
      // Lot k − d is known before run k + 1.
      if k >= loop.delay { controller.take(lot: k - loop.delay, measured: outputs[k - loop.delay]) }
    }
    func size(_ slice: ArraySlice<Double>) -> Double { slice.map(abs).max()! }
    let period = 4 * (2 * loop.delay + 1)
    let late = size(outputs.suffix(period))
    let early = size(outputs[(runs / 2 - period)..<(runs / 2)])
    return pow(late / early, 2 / Double(runs))
  }

  /// The ratio at which simulated loops go from shrinking to growing.
  private func simulatedBound(_ form: RunToRunLoop.Form, weight: Double, delay: Int) -> Double {
    let loop = RunToRunLoop(form, weight: weight, delay: delay)
    var (low, high) = (0.5 / weight * 0.2, 3 / weight)
    for _ in 0..<12 {
      let middle = (low + high) / 2
      if growth(loop, ratio: middle) < 1 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  @Test(arguments: 0...6)
  func theIntegralFormsBoundIsExact(delay: Int) {
    let formula = RunToRunLoop.integralBound(delay: delay)
    #expect(abs(formula - Self.integral[delay]) < 0.001)
    let loop = RunToRunLoop(.integral, weight: 0.5, delay: delay)
    #expect(abs(loop.radius(at: loop.bound) - 1) < 1e-9)
    #expect(loop.radius(at: 0.999 * loop.bound) < 1 && loop.radius(at: 1.001 * loop.bound) > 1)
    let simulated = 0.5 * simulatedBound(.integral, weight: 0.5, delay: delay)
    #expect(abs(simulated / formula - 1) < 0.01, "simulated \(simulated), formula \(formula)")
    print("integral d \(delay): formula \(formula), simulated \(simulated)")
  }

  @Test(arguments: 0...6)
  func theMatchedFormsBoundIsExact(delay: Int) {
    let loop = RunToRunLoop(.matched, weight: 0.3, delay: delay)
    if let published = Self.matched[delay] { #expect(abs(loop.bound - published) < 0.006) }
    #expect(abs(loop.radius(at: loop.bound) - 1) < 1e-6)
    #expect(loop.radius(at: 0.999 * loop.bound) < 1 && loop.radius(at: 1.001 * loop.bound) > 1)
    let simulated = simulatedBound(.matched, weight: 0.3, delay: delay)
    #expect(abs(simulated / loop.bound - 1) < 0.01, "simulated \(simulated), formula \(loop.bound)")
    print("matched d \(delay): formula \(loop.bound), simulated \(simulated)")
  }

  /// 0 < ξ < 2 is enough for the matched form, whatever λ and d.
  @Test func theMatchedFormIsStableForEveryWeightAndDelayUpToRatioTwo() {
    for weight in [0.01, 0.1, 0.5, 0.9, 1] {
      for delay in [0, 1, 3, 7, 15] {
        let loop = RunToRunLoop(.matched, weight: weight, delay: delay)
        for ratio in [0.05, 0.5, 1, 1.5, 1.99] { #expect(loop.radius(at: ratio) < 1, "λ \(weight), d \(delay), ξ \(ratio)") }
        #expect(loop.bound >= 2 - 1e-9)
      }
    }
  }

  @Test func theFastestGainMakesTwoRootsOne() {
    for (delay, published) in [1, 0.25, 0.148, 0.105].enumerated() {
      let fastest = RunToRunLoop.fastestGain(delay: delay)
      #expect(abs(fastest - published) < 0.001)
      // No other gain settles faster.
      let loop = RunToRunLoop(.integral, weight: 1, delay: delay)
      #expect(loop.radius(at: 0.9 * fastest) > loop.radius(at: fastest) && loop.radius(at: 1.1 * fastest) > loop.radius(at: fastest))
    }
  }

  @Test func aFifthBeyondTheBoundTheAmplitudeDoublesWithinThePublishedRuns() {
    for (delay, published) in [2.1, 7.6, 13.1, 18.5].enumerated() {
      let loop = RunToRunLoop(.integral, weight: 0.5, delay: delay)
      #expect(abs(loop.doublingTime(at: 1.2 * loop.bound) / published - 1) < 0.02, "d \(delay): \(loop.doublingTime(at: 1.2 * loop.bound))")
      #expect(loop.doublingTime(at: 0.9 * loop.bound) == .infinity)
    }
  }

  /// At its bound the loop turns once in 2(2d + 1) runs.
  @Test func theLimitCyclesPeriodNamesTheDelay() {
    for delay in 0...3 {
      var controller = RunToRunController(RunToRunLoop(.integral, weight: 1, delay: delay), gain: 1, target: 0, input: 1, intercept: 0)
      let ratio = RunToRunLoop.integralBound(delay: delay)
      var outputs: [Double] = []
      for k in 0..<400 {
        let run = controller.startRun()
        outputs.append(ratio * controller.inputs[run])
        if k >= delay { controller.take(lot: k - delay, measured: outputs[k - delay]) }
      }
      let tail = Array(outputs.suffix(240))
      let crossings = zip(tail, tail.dropFirst()).count { $0 < 0 && $1 >= 0 }
      #expect(abs(240 / Double(crossings) / Double(RunToRunLoop.cyclePeriod(delay: delay)) - 1) < 0.06)
    }
    #expect((0...3).map(RunToRunLoop.cyclePeriod) == [2, 6, 10, 14])
  }

  /// What half of the integral form's bound is also good for: a delay that changes from lot to lot.
  @Test func halfOfTheBoundIsBelowTheLimitForChangingDelays() {
    for delay in 0...60 {
      let changing = (1.5 + 1 / Double(2 * (delay + 1))) / Double(delay + 1)
      #expect(StabilityCertificate.share * RunToRunLoop.integralBound(delay: delay) < changing)
    }
  }

  @Test func theSpectralRadiusIsThatOfTheEigenvalues() {
    // 2e^{±iπ/3}, and a defective pair.
    #expect(abs(Matrix([[1, -Double(3).squareRoot()], [Double(3).squareRoot(), 1]]).spectralRadius - 2) < 1e-12)
    #expect(abs(Matrix([[0.9, 1], [0, 0.9]]).spectralRadius - 0.9) < 1e-12)
    #expect(Matrix([[0, 1], [0, 0]]).spectralRadius == 0)
    #expect(Matrix([[.nan, 1], [0, 0]]).spectralRadius.isNaN)
    #expect(abs(Matrix([[1e-9, 0, 0], [0, -3e4, 0], [0, 0, 7]]).spectralRadius / 3e4 - 1) < 1e-12)
  }

  /// A matched loop compares a lot with its own input: out of order, doubled and lost lots do it no harm; a frozen one does not move.
  @Test func theControllerTakesEachLotOnceWithItsOwnInput() {
    var controller = RunToRunController(RunToRunLoop(.matched, weight: 0.5, delay: 2), gain: 1, target: 10, input: 10, intercept: 0)
    for _ in 0..<40 {
      let k = controller.startRun()
      // Pairs of lots arrive in reverse order, every fifth is lost, all are sent twice.
      if k % 2 == 1 {
        for lot in [k, k - 1] where lot % 5 != 0 { for _ in 0..<2 { controller.take(lot: lot, measured: 3 + controller.inputs[lot]) } }
      }
    }
    #expect(abs(controller.input - 7) < 1e-3)
    let before = controller.inputs[controller.inputs.count - 1]
    controller.freeze()
    let k = controller.startRun()
    controller.take(lot: k, measured: 99)
    #expect(controller.input == before)
  }
}
