extension StiffSolver {
  /// Finds on which side of zero each switching function is as the trajectory leaves the head.
  ///
  /// A function that is zero there, or whose event has just been handled, is asked a moment later on the tangent: a ball that has bounced
  /// is above the ground, whatever rounding says.
  func arm(_ context: inout SolverContext) {
    if directions.isEmpty { return }
    let moment = max(0x1p-20 * context.proposedStep, 64 * context.time.ulp)
    context.armedOffset = 0
    for isLater in [false, true] {
      let t = isLater ? context.time + moment : context.time
      for i in 0..<context.state.count { context.trial[i] = context.state[i] + (isLater ? moment * context.slope[i] : 0) }
      switching(at: t, context.trial, into: &context.switching)
      for i in directions.indices where !isLater || context.sides[i] == 0 {
        context.sides[i] = side(context.switching[i])
        if !isLater && context.fired.contains(i) { context.sides[i] = 0 }
      }
      if !context.sides.contains(0) { return }
      context.armedOffset = moment
    }
  }

  /// Looks through the step just accepted for the first event; where there is one, the head moves back to it.
  func detect(_ context: inout SolverContext) -> [Int] {
    context.fired = []
    if directions.isEmpty { return [] }
    var left = min(context.armedOffset / context.stepLength, 0.25)
    context.armedOffset = 0
    for quarter in 1...4 {
      let right = Double(quarter) / 4
      ask(&context, right)
      if isAnyCrossed(context) { return stop(&context, between: left, and: right) }
      for i in directions.indices { if context.switching[i] != 0 { context.sides[i] = side(context.switching[i]) } }
      left = right
    }
    return []
  }

  /// Bisects for the first place where any event has happened, and puts the head there.
  private func stop(_ context: inout SolverContext, between left: Double, and right: Double) -> [Int] {
    var (low, high) = (left, right)
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { break }
      ask(&context, middle)
      if isAnyCrossed(context) { high = middle } else { low = middle }
    }
    ask(&context, high)
    for i in directions.indices {
      let g = context.switching[i]
      if directions[i].isCrossed(from: context.sides[i], to: g) {
        context.fired.append(i)
        context.sides[i] = g == 0 ? -context.sides[i] : side(g)
      } else if g != 0 {
        context.sides[i] = side(g)
      }
    }
    if high < 1 {
      context.time = min(context.stepStart + high * context.stepLength, context.time)
      for i in context.state.indices { context.state[i] = context.interpolated(i, high) }
    }
    return context.fired
  }

  /// g at x(θ) of the last step.
  private func ask(_ context: inout SolverContext, _ theta: Double) {
    for i in context.trial.indices { context.trial[i] = context.interpolated(i, theta) }
    switching(at: context.stepStart + theta * context.stepLength, context.trial, into: &context.switching)
  }

  private func isAnyCrossed(_ context: SolverContext) -> Bool {
    for i in directions.indices where directions[i].isCrossed(from: context.sides[i], to: context.switching[i]) { return true }
    return false
  }

  private func side(_ g: Double) -> Int8 { g > 0 ? 1 : g < 0 ? -1 : 0 }
}
