/// Where a trajectory stands: everything that a `StiffSolver` changes. A value, so a copy is a checkpoint that can be gone back to.
public struct SolverContext: Sendable {
  /// The instant that has been reached.
  public internal(set) var time: Double
  /// The state at `time`; just before the jump when an event has stopped there.
  public internal(set) var state: [Double]
  /// Where the last step began. From here to `time` the trajectory can be asked for at any instant.
  public internal(set) var stepStart: Double
  /// What the solver has done so far.
  public internal(set) var effort = Effort()

  /// Counts of work.
  public struct Effort: Sendable, Hashable {
    public internal(set) var acceptedSteps = 0
    public internal(set) var rejectedSteps = 0
    /// Derivatives, those for a Jacobian by differences included.
    public internal(set) var derivatives = 0
    public internal(set) var jacobians = 0
    public internal(set) var factorizations = 0
  }

  // The last step's polynomial: x(θ) from `startState` to `endState` over `stepLength`, which an event may have cut short.
  var stepLength = 0.0
  var startState: [Double]
  var endState: [Double]
  var dense: [Double]

  // Step-size control.
  var proposedStep: Double
  var lastAcceptedStep = 0.0
  var lastError = 0.01

  // On which side of zero each switching function is (0: not known yet), and how far into the step it was found.
  var sides: [Int8]
  var armedOffset = 0.0
  var switching: [Double]
  var fired: [Int] = []

  // Work space.
  var slope: [Double]
  var timeSlope: [Double]
  var jacobian: [Double]
  var trial: [Double]
  var stages: [Double]
  var matrix: DenseLU

  init(time: Double, state: [Double], eventCount: Int) {
    let n = state.count
    let zero = [Double](repeating: 0, count: n)
    (self.time, self.state, stepStart) = (time, state, time)
    (startState, endState, dense) = (state, state, [Double](repeating: 0, count: 3 * n))
    proposedStep = 0
    sides = Array(repeating: 0, count: eventCount)
    switching = Array(repeating: 0, count: eventCount)
    (slope, timeSlope, trial) = (zero, zero, zero)
    jacobian = [Double](repeating: 0, count: n * n)
    stages = [Double](repeating: 0, count: n * Rodas5P.stages)
    matrix = DenseLU(count: n)
  }

  /// The state at an instant of the last step, by its polynomial of order 4.
  ///
  /// - Precondition: stepStart ≤ t ≤ time.
  public func state(at t: Double) -> [Double] {
    precondition(t >= stepStart && t <= time, "t = \(t) lies outside the last step, \(stepStart) to \(time)")
    if t == time { return state }
    let theta = stepLength > 0 ? (t - stepStart) / stepLength : 0
    return state.indices.map { interpolated($0, theta) }
  }

  /// xᵢ(θ) of the last step, θ from 0 to 1; the end itself for θ = 1.
  func interpolated(_ i: Int, _ theta: Double) -> Double {
    let n = startState.count
    let rest = 1 - theta
    let p = dense[i] + theta * (dense[n + i] + theta * dense[2 * n + i])
    return rest * startState[i] + theta * (endState[i] + rest * p)
  }
}
