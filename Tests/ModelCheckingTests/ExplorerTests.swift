import Determinism
import ModelChecking
import Testing

/// Two processes with one flag each: Peterson's algorithm, or one that looks at the other's flag before it raises its own.
private struct MutualExclusion: TransitionSystem {
  var looksFirst: Bool
  let invariants = ["one at a time"]
  var initial: UInt64 { 0 }

  // Two bits a process (0 outside, 1 asks, 2 inside, 3 has looked), one flag each at bits 4 and 5, the turn at bit 6.
  func steps(from state: UInt64, into steps: inout StepBuffer) {
    for me in 0..<2 as Range<UInt64> {
      let other = 1 - me
      let flag = UInt64(1) << (4 + me)
      let isFree = state >> (4 + other) & 1 == 0
      func moved(_ to: UInt64) -> UInt64 { state & ~(3 << (me * 2)) | to << (me * 2) }
      func add(_ next: UInt64) { steps.add(next, action: UInt16(me), breaking: next & 15 == 10 ? 1 : 0) }
      switch state >> (me * 2) & 3 {
      case 0: add(looksFirst ? moved(1) : (moved(1) | flag) & ~(1 << 6) | other << 6)
      case 1 where looksFirst: if isFree { add(moved(3)) }
      case 1: if isFree || state >> 6 & 1 == me { add(moved(2)) }
      case 3: add(moved(2) | flag)
      default: add(moved(0) & ~flag)
      }
    }
  }
  func name(ofAction action: UInt8) -> String { "process \(action)" }
  func text(of state: UInt64) -> String { String(state, radix: 2) }
  func landmarks(of state: UInt64) -> UInt64 { state & 3 == 2 ? 1 : 0 }
}

/// A counter from 1 that adds 1 or doubles, up to a bound: its distances are known.
private struct Counter: TransitionSystem {
  var bound: UInt64
  var forbidden: UInt64?
  let invariants = ["never reached"]
  var initial: UInt64 { 1 }
  func steps(from state: UInt64, into steps: inout StepBuffer) {
    for (action, next) in [(UInt16(0), state + 1), (1, state * 2)] where next <= bound {
      steps.add(next, action: action, breaking: next == forbidden ? 1 : 0)
    }
  }
  func name(ofAction action: UInt8) -> String { action == 0 ? "+1" : "·2" }
  func text(of state: UInt64) -> String { "\(state)" }
}

@Suite struct ExplorerTests {
  @Test func everyStateAndEveryStepIsCountedOnce() {
    let found = Explorer().explore(Counter(bound: 100_000))
    // n has the step +1 unless it is the bound, and ·2 up to half of it.
    #expect(found.states == 100_000 && found.transitions == 99_999 + 50_000 && found.violation == nil && found.isComplete)
  }

  @Test func theCounterexampleIsShortest() throws {
    // 100 = 0b1100100: six doublings and two additions on the way from 1.
    let found = Explorer().explore(Counter(bound: 1000, forbidden: 100))
    let violation = try #require(found.violation)
    #expect(violation.steps.map(\.state).last == "100" && violation.steps.count == 8)
    #expect(violation.initial == "1" && violation.invariant == "never reached")
    #expect("\(violation)".contains("broken after 8 steps") && !found.isComplete)
  }

  @Test func petersonsAlgorithmLetsOneInAndLookingFirstLetsBoth() {
    let right = Explorer().explore(MutualExclusion(looksFirst: false))
    #expect(right.violation == nil && right.isComplete && right.landmarks[0] > 0)
    #expect(Explorer().explore(MutualExclusion(looksFirst: true)).violation?.steps.count == 6)
  }

  @Test func aSearchThatRunsOutOfRoomSaysSo() {
    let found = Explorer(mostStates: 1000).explore(Counter(bound: 100_000))
    #expect(!found.isComplete && found.violation == nil)
  }

  @Test func aWalkFollowsStepsAndItsSeed() {
    let system = MutualExclusion(looksFirst: false)
    func walk(_ seed: UInt64) -> [RandomWalk.Step] {
      var random = RandomStream(seed: seed)
      return RandomWalk.steps(of: system, length: 50, choosing: &random)
    }
    let walked = walk(7)
    #expect(walked.count == 50 && walked == walk(7) && walked != walk(8))
    for (step, next) in zip(walked, walked.dropFirst()) { #expect(step.after == next.before) }
  }
}
