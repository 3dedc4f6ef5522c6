/// Visits every state that a system can reach, nearest first, and checks every step on the way. The initial state is taken to keep every
/// invariant: it is what a system says of its steps that is looked at.
///
/// Breadth first, so the first broken invariant is found at the least number of steps: a counterexample that cannot be shortened.
/// Nothing is sampled and nothing hashed away: the visited set holds whole states, so "no violation" is a proof for the given scope.
///
/// - Source: C. Baier, J.-P. Katoen, Principles of Model Checking, MIT Press 2008, section 3.3 (checking invariants by search).
public struct Explorer: Sendable {
  /// More states than this end the search, undecided.
  public var mostStates: Int

  /// - Precondition: 0 < `mostStates` < 2³¹.
  public init(mostStates: Int = 20_000_000) {
    precondition(mostStates > 0 && mostStates < 1 << 31, "a search of \(mostStates) states")
    self.mostStates = mostStates
  }

  /// Explores from the initial state until every reachable state was visited or an invariant is broken. O(transitions) time, 30 to
  /// 60 bytes a state.
  ///
  /// - Returns: what was found up to the first broken invariant, if there is one.
  public func explore<System: TransitionSystem>(_ system: borrowing System) -> Exploration {
    var met = StateSet()
    var steps = StepBuffer()
    var result = Exploration(states: 1, transitions: 0, depth: 0, landmarks: Array(repeating: 0, count: 64), isComplete: true, violation: nil)
    let initial = system.initial
    _ = met.insert(initial, from: 0, by: 0)
    result.note(system.landmarks(of: initial))
    var next = 0
    var endOfDepth = 1
    while next < met.count {
      if next == endOfDepth {
        result.depth += 1
        endOfDepth = met.count
      }
      steps.removeAll()
      system.steps(from: met.word(next), into: &steps)
      result.transitions += steps.count
      var index = 0
      while index < steps.count {
        let label = steps.label(index)
        let word = steps.word(index)
        if label > 0xFF {
          result.states = met.count
          result.isComplete = false
          result.violation = Counterexample(of: met, from: next, step: (word, label), in: system)
          return result
        }
        if met.insert(word, from: next, by: UInt8(truncatingIfNeeded: label)) { result.note(system.landmarks(of: word)) }
        index += 1
      }
      next += 1
      if met.count > mostStates {
        result.isComplete = false
        break
      }
    }
    result.states = met.count
    return result
  }
}

/// What a search found.
public struct Exploration: Sendable, Hashable {
  /// Distinct states visited.
  public var states: Int
  /// Steps taken from them, those to known states included.
  public var transitions: Int
  /// Every state at this distance or less from the initial one was found; where the search is complete, the greatest there is.
  public var depth: Int
  /// For each of 64 landmarks the number of states that carry it: a search that reached nothing has proven nothing.
  public var landmarks: [Int]
  /// Every reachable state was visited: no invariant was found broken, and there was room for all.
  public var isComplete: Bool
  /// The shortest way to a broken invariant; nil where none is broken.
  public var violation: Counterexample?

  mutating func note(_ reached: UInt64) {
    var left = reached
    while left != 0 {
      landmarks[left.trailingZeroBitCount] += 1
      left &= left &- 1
    }
  }
}

/// A shortest run of a system that breaks an invariant, in the system's own words.
public struct Counterexample: Sendable, Hashable, CustomStringConvertible {
  /// One step: what was done, and the state that it led to.
  public struct Step: Sendable, Hashable {
    /// `TransitionSystem.name(ofAction:)`.
    public var action: String
    /// `TransitionSystem.text(of:)`.
    public var state: String
  }
  /// The name of the one that the last step breaks.
  public var invariant: String
  /// The state before the first step.
  public var initial: String
  /// In order; at least one.
  public var steps: [Step]

  init<System: TransitionSystem>(
    of met: borrowing StateSet, from last: Int, step: (word: UInt64, label: UInt16), in system: borrowing System
  ) {
    invariant = system.invariants[Int(step.label &>> 8) - 1]
    var reversed = [Step(action: system.name(ofAction: UInt8(truncatingIfNeeded: step.label)), state: system.text(of: step.word))]
    var index = last
    while index > 0 {
      let (parent, action) = met.origin(index)
      reversed.append(Step(action: system.name(ofAction: action), state: system.text(of: met.word(index))))
      index = parent
    }
    initial = system.text(of: met.word(0))
    steps = reversed.reversed()
  }

  /// One step a line.
  public var description: String {
    let lines = steps.enumerated().map {
      "\(String(repeating: " ", count: $0.offset < 9 ? 1 : 0))\($0.offset + 1). \($0.element.action)\n      \($0.element.state)"
    }
    return "broken after \(steps.count) steps: \(invariant)\n      \(initial)\n" + lines.joined(separator: "\n")
  }
}
