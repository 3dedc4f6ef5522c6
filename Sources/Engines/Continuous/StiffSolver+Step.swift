import Determinism

extension StiffSolver {
  /// Takes one step, not beyond `limit`.
  ///
  /// - Returns: the events that cut it short; empty when there were none.
  /// - Throws: `stepTooSmall`, `notFinite`.
  /// - Precondition: limit > context.time.
  public func step(_ context: inout SolverContext, until limit: Double) throws(ContinuousError) -> [Int] {
    precondition(limit > context.time, "no step leads from t = \(context.time) to \(limit)")
    try evaluate(&context)
    linearize(&context, limit)
    let remaining = limit - context.time
    let shortest = 16 * context.time.ulp
    var h = min(context.proposedStep, maximumStep)
    var isRejected = false
    var wasFinite = true
    while true {
      // A step that would leave a sliver is stretched over it; one that would leave less than itself takes half.
      let isLast = h >= remaining * 0.99
      if isLast { h = remaining } else if h > remaining / 2 { h = remaining / 2 }
      if h < shortest && !isLast {
        if wasFinite { throw .stepTooSmall(at: context.time) }
        throw .notFinite(at: context.time)
      }
      let error = attempt(&context, h)
      if error <= 1 {
        context.effort.acceptedSteps += 1
        let next = nextStep(&context, h, error, isRejected)
        // A step that was short only for want of room says nothing against the length proposed before.
        context.proposedStep = h < context.proposedStep && !isRejected ? max(next, context.proposedStep) : next
        return accept(&context, h, isLast ? limit : context.time + h)
      }
      context.effort.rejectedSteps += 1
      wasFinite = error.isFinite
      h = wasFinite ? h / max(1.1, min(5, Portable.pow(error, 0.2) / 0.9)) : h / 4
      isRejected = true
    }
  }

  /// ẋ at the head into `slope`.
  func evaluate(_ context: inout SolverContext) throws(ContinuousError) {
    derivative(at: context.time, context.state, into: &context.slope)
    context.effort.derivatives += 1
    for i in 0..<context.state.count where !context.slope[i].isFinite { throw .notFinite(at: context.time) }
  }

  /// J and ∂f/∂t at the head, by the equation or by forward differences.
  private func linearize(_ context: inout SolverContext, _ limit: Double) {
    let n = context.state.count
    let t = context.time
    context.effort.jacobians += 1
    let root = 0x1p-26
    if !jacobian(at: t, context.state, into: &context.jacobian) {
      context.trial = context.state
      for j in 0..<n {
        let x = context.state[j]
        let size = root * max(x.magnitude, tolerance.absolute(j) / tolerance.relative)
        let moved = context.slope[j] < 0 ? x - size : x + size
        context.trial[j] = moved
        derivative(at: t, context.trial, into: &context.stages)
        for i in 0..<n { context.jacobian[i * n + j] = (context.stages[i] - context.slope[i]) / (moved - x) }
        context.trial[j] = x
      }
      context.effort.derivatives += n
    }
    let later = t + min((0x1p-52 * max(1e-5, t.magnitude)).squareRoot(), limit - t)
    derivative(at: later, context.state, into: &context.timeSlope)
    context.effort.derivatives += 1
    for i in 0..<n { context.timeSlope[i] = (context.timeSlope[i] - context.slope[i]) / (later - t) }
  }

  /// The eight stages of a step of length h; the new state is left in `trial`.
  ///
  /// - Returns: the error in units of the tolerance; infinite when the step cannot be made.
  private func attempt(_ context: inout SolverContext, _ h: Double) -> Double {
    let n = context.state.count
    for i in 0..<n * n { context.matrix.a[i] = -context.jacobian[i] }
    let diagonal = 1 / (h * Rodas5P.gamma)
    for i in 0..<n { context.matrix.a[i * n + i] += diagonal }
    context.effort.factorizations += 1
    guard context.matrix.factor() else { return .infinity }
    let count = Rodas5P.stages
    for s in 0..<count {
      let base = s * n
      if s == 0 {
        for i in 0..<n { context.stages[i] = context.slope[i] }
      } else {
        combine(&context.trial, context.state, Rodas5P.a[s], context.stages)
        // The stage's derivative goes through `dense`, which this step has not filled yet.
        derivative(at: context.time + Rodas5P.nodes[s] * h, context.trial, into: &context.dense)
        for i in 0..<n { context.stages[base + i] = context.dense[i] }
      }
      let row = Rodas5P.c[s]
      for j in 0..<s {
        let weight = row[j] / h
        for i in 0..<n { context.stages[base + i] += weight * context.stages[j * n + i] }
      }
      let timeWeight = Rodas5P.timeWeights[s] * h
      if timeWeight != 0 { for i in 0..<n { context.stages[base + i] += timeWeight * context.timeSlope[i] } }
      context.matrix.solve(&context.stages, from: base)
    }
    context.effort.derivatives += count - 1
    var sum = 0.0
    for i in 0..<n {
      let error = context.stages[(count - 1) * n + i]
      let x = context.trial[i] + error
      context.trial[i] = x
      let ratio = error / tolerance.scale(i, max(x.magnitude, context.state[i].magnitude))
      sum += ratio * ratio
    }
    let error = n == 0 ? 0 : (sum / Double(n)).squareRoot()
    return error.isNaN ? .infinity : error
  }

  /// x ← from + Σ weightⱼ·kⱼ.
  private func combine(_ x: inout [Double], _ from: [Double], _ weights: [Double], _ stages: [Double]) {
    let n = from.count
    for i in 0..<n { x[i] = from[i] }
    for j in weights.indices {
      let weight = weights[j]
      for i in 0..<n { x[i] += weight * stages[j * n + i] }
    }
  }

  /// The length for the next step: the smaller of what the error asks for and what its trend foretells.
  ///
  /// - Source: K. Gustafsson 1994, doi:10.1145/198429.198437, as in E. Hairer, G. Wanner, Solving ODEs II, section IV.8.
  private func nextStep(_ context: inout SolverContext, _ h: Double, _ error: Double, _ isRejected: Bool) -> Double {
    var factor = max(1.0 / 6, min(5, Portable.pow(error, 0.2) / 0.9))
    if context.lastAcceptedStep > 0 {
      let trend = context.lastAcceptedStep / h * Portable.pow(error * error / context.lastError, 0.2) / 0.9
      factor = max(factor, max(1.0 / 6, min(5, trend)))
    }
    (context.lastAcceptedStep, context.lastError) = (h, max(0.01, error))
    return isRejected ? min(h, h / factor) : h / factor
  }

  /// Moves the head to the end of an accepted step, or to the first event in it.
  private func accept(_ context: inout SolverContext, _ h: Double, _ end: Double) -> [Int] {
    let n = context.state.count
    for (m, row) in Rodas5P.dense.enumerated() {
      for i in 0..<n {
        var sum = 0.0
        for j in 0..<Rodas5P.stages { sum += row[j] * context.stages[j * n + i] }
        context.dense[m * n + i] = sum
      }
    }
    (context.stepStart, context.stepLength) = (context.time, h)
    swap(&context.startState, &context.state)
    for i in 0..<n {
      context.state[i] = context.trial[i]
      context.endState[i] = context.trial[i]
    }
    context.time = end
    return detect(&context)
  }

  /// A first step from the sizes of x, ẋ and ẍ.
  ///
  /// - Source: E. Hairer, S. P. Nørsett, G. Wanner, Solving ODEs I, section II.4.
  func initialStep(_ context: inout SolverContext) -> Double {
    let n = context.state.count
    if n == 0 { return .infinity }
    func norm(_ v: (Int) -> Double) -> Double {
      var sum = 0.0
      for i in 0..<n {
        let ratio = v(i) / tolerance.scale(i, context.state[i])
        sum += ratio * ratio
      }
      return (sum / Double(n)).squareRoot()
    }
    let (size, speed) = (norm { context.state[$0] }, norm { context.slope[$0] })
    let guess = size < 1e-5 || speed < 1e-5 ? 1e-6 : min(0.01 * size / speed, maximumStep)
    for i in 0..<n { context.trial[i] = context.state[i] + guess * context.slope[i] }
    derivative(at: context.time + guess, context.trial, into: &context.stages)
    context.effort.derivatives += 1
    let bend = norm { context.stages[$0] - context.slope[$0] } / guess
    let largest = max(speed, bend)
    let byError = largest <= 1e-15 ? max(1e-6, guess * 1e-3) : Portable.pow(0.01 / largest, 0.2)
    return byError.isFinite ? min(100 * guess, byError) : guess
  }
}
