/// Solves ẋ = f(t, x), stiff or not, with events: Rodas5P, a Rosenbrock–Wanner method of order 5, with adaptive steps and dense output.
///
///     let solver = StiffSolver(Cooling(), tolerance: Tolerance(relative: 1e-8, absolute: 1e-9))
///     var context = try solver.start([80], at: 0)
///     try solver.advance(&context, to: 600)      // context.state[0] is the temperature after ten minutes
///
/// The solver is constant; the `SolverContext` moves. A change from outside (a machine stops, a valve opens) is: advance to its instant, change
/// `equation` or the state, `restart`, go on.
///
/// **Why an own method and not CVODE.** CVODE is the well-kept library for this. It was passed over because a seed must give the same trajectory
/// bit by bit on every machine: CVODE takes `pow` from the system's mathematics library, which rounds differently by processor, and a C compiler
/// contracts to fused multiply-adds on some architectures and not on others. Its binary interface also changes with each major version, it reads
/// environment variables and opens files, and its development package brings MPI and PETSc to every machine that builds. A Rosenbrock method needs
/// no Newton iteration, hence no heuristics of convergence: each step is one Jacobian, one LU factorization and eight back substitutions.
///
/// It costs nothing in speed. On Robertson's reaction, Van der Pol's oscillator, HIRES and the Oregonator (2 to 8 states, Jacobians by
/// differences, relative tolerances of 1e-4 to 1e-10) CVODE 6.4 took 1 to 8 times this solver's processor time, with errors 7 to 5700 times as
/// large at the end. For hundreds of states, a BDF method with a sparse or iterative linear solver would be the right tool, and this is not.
///
/// **Events** are looked for at the quarters of each step and located by bisection on the dense output, to rounding. Two crossings of one
/// function within a quarter of a step cancel out and are missed: give `maximumStep` where that may happen.
public struct StiffSolver<Equation: DifferentialEquation>: Sendable {
  /// What is solved. After changing it, `restart` the context.
  public var equation: Equation
  /// The error allowed in each step.
  public let tolerance: Tolerance
  /// No step is longer than this.
  public let maximumStep: Double
  /// Steps, accepted or not, that one call may take.
  public let stepLimit: Int
  let directions: [EventDirection]

  /// - Precondition: `tolerance` holds one absolute value, or one a state; `maximumStep` and `stepLimit` are positive.
  public init(
    _ equation: Equation, tolerance: Tolerance = Tolerance(relative: 1e-6, absolute: 1e-9), maximumStep: Double = .infinity, stepLimit: Int = 100_000
  ) {
    precondition(
      tolerance.absolute.count == 1 || tolerance.absolute.count == equation.stateCount,
      "\(tolerance.absolute.count) absolute tolerances for \(equation.stateCount) states")
    precondition(maximumStep > 0 && stepLimit > 0, "the longest step \(maximumStep) and the step limit \(stepLimit) must be positive")
    (self.equation, self.tolerance, self.maximumStep, self.stepLimit) = (equation, tolerance, maximumStep, stepLimit)
    directions = equation.eventDirections
  }

  /// A trajectory that begins in state x at t.
  ///
  /// - Throws: `invalid` when x has the wrong number of values or one that is not finite; `notFinite` when the derivative there is not.
  public func start(_ x: [Double], at t: Double) throws(ContinuousError) -> SolverContext {
    var faults: [String] = []
    if x.count != equation.stateCount { faults.append("\(x.count) start values for \(equation.stateCount) states") }
    if !t.isFinite { faults.append("the start instant is \(t)") }
    for (i, v) in x.enumerated() where !v.isFinite { faults.append("start value \(i) is \(v)") }
    if !faults.isEmpty { throw .invalid(faults) }
    var context = SolverContext(time: t, state: x, eventCount: directions.count)
    try restart(&context)
    return context
  }

  /// Begins anew at the instant the context has reached, after the equation has changed or with another state.
  ///
  /// - Parameter x: the new state; nil keeps it.
  /// - Throws: `notFinite` when the derivative is not finite there.
  public func restart(_ context: inout SolverContext, _ x: [Double]? = nil) throws(ContinuousError) {
    if let x {
      precondition(x.count == context.state.count, "\(x.count) values for \(context.state.count) states")
      context.state = x
    }
    context.lastAcceptedStep = 0
    try evaluate(&context)
    context.proposedStep = initialStep(&context)
    arm(&context)
    context.fired = []
  }

  /// Goes on to instant t, or to the first event before it.
  ///
  /// - Returns: the events that stopped it, in order of their index: they happen at `context.time`, and the state is that just before any jump.
  ///   Empty when t has been reached, exactly.
  /// - Throws: `tooManySteps`, `stepTooSmall`, `notFinite`. The context then stands at the last good instant.
  /// - Precondition: t ≥ context.time.
  @discardableResult
  public func advance(_ context: inout SolverContext, to t: Double) throws(ContinuousError) -> [Int] {
    precondition(t >= context.time, "the trajectory stands at \(context.time) and cannot go back to \(t)")
    let begun = context.effort
    while context.time < t {
      let events = try step(&context, until: t)
      if !events.isEmpty { return events }
      let taken = context.effort.acceptedSteps + context.effort.rejectedSteps - begun.acceptedSteps - begun.rejectedSteps
      if taken >= stepLimit && context.time < t { throw .tooManySteps(limit: stepLimit, at: context.time) }
    }
    return []
  }
}

/// The error allowed in one step: the root mean square over the states of error / (absolute + relative·|x|) stays at or below 1.
public struct Tolerance: Sendable, Hashable, Codable {
  public let relative: Double
  /// In the units of the states: one value for all, or one for each.
  public let absolute: [Double]

  /// - Precondition: both finite and positive.
  public init(relative: Double, absolute: Double...) {
    precondition(relative > 0 && relative.isFinite, "the relative tolerance \(relative) must be positive")
    precondition(!absolute.isEmpty && absolute.allSatisfy { $0 > 0 && $0.isFinite }, "the absolute tolerances \(absolute) must be positive")
    (self.relative, self.absolute) = (relative, absolute)
  }

  @inline(__always)
  func absolute(_ i: Int) -> Double { absolute.count == 1 ? absolute[0] : absolute[i] }

  @inline(__always)
  func scale(_ i: Int, _ x: Double) -> Double { absolute(i) + relative * x.magnitude }
}
