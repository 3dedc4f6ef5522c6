/// The equation's functions on arrays: an equation sees spans alone, and cannot keep or resize the context's buffers.
extension StiffSolver {
  /// The first n values of `dx` ← f(t, x).
  func derivative(at t: Double, _ x: [Double], into dx: inout [Double]) {
    var out = dx.mutableSpan
    equation.derivative(at: t, x.span, into: &out)
  }

  func jacobian(at t: Double, _ x: [Double], into j: inout [Double]) -> Bool {
    var out = j.mutableSpan
    return equation.jacobian(at: t, x.span, into: &out)
  }

  func switching(at t: Double, _ x: [Double], into g: inout [Double]) {
    var out = g.mutableSpan
    equation.switching(at: t, x.span, into: &out)
  }

  func reset(_ event: Int, at t: Double, _ x: inout [Double]) -> Bool {
    var state = x.mutableSpan
    return equation.reset(event, at: t, &state)
  }
}
