public import Determinism

/// Runs of a system that pick each step at random, by seed: what a real implementation is replayed against.
public enum RandomWalk {
  /// One step of a walk: its label and both ends.
  public struct Step: Sendable, Hashable {
    /// The state that it was taken from.
    public var before: UInt64
    /// As `StepBuffer.add` was given it.
    public var action: UInt8
    /// The state that it led to.
    public var after: UInt64
  }

  /// Walks at most `length` steps, fewer where a state has none.
  ///
  /// - Parameter weight: how likely an action is against the others that are possible, by its label; positive.
  /// - Precondition: no step breaks an invariant (the system was explored before).
  public static func steps<System: TransitionSystem>(
    of system: borrowing System, length: Int, choosing random: inout RandomStream, weight: (UInt8) -> Double = { _ in 1 }
  ) -> [Step] {
    var walk: [Step] = []
    var state = system.initial
    var buffer = StepBuffer()
    while walk.count < length {
      buffer.removeAll()
      system.steps(from: state, into: &buffer)
      guard buffer.count > 0 else { break }
      let weights = (0..<buffer.count).map { weight(buffer.action($0)) }
      var left = random.uniform() * weights.reduce(0, +)
      var pick = 0
      while pick < buffer.count - 1, left >= weights[pick] {
        left -= weights[pick]
        pick += 1
      }
      precondition(buffer.broken(pick) == 0, "a walk through a broken invariant")
      walk.append(Step(before: state, action: buffer.action(pick), after: buffer.state(pick)))
      state = buffer.state(pick)
    }
    return walk
  }
}
