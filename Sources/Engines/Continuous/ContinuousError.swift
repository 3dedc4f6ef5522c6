/// Why a continuous model was not run, or not run to its end.
public enum ContinuousError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The model or its start makes no sense; one sentence for each fault, all of them.
  case invalid([String])
  /// The solver took `limit` steps in one call and came as far as `at`. The context stands there: calling again goes on.
  case tooManySteps(limit: Int, at: Double)
  /// No step is short enough for the tolerance: a jump that no event announces, a singularity, or a tolerance below rounding.
  case stepTooSmall(at: Double)
  /// The equation gives an infinite or undefined derivative.
  case notFinite(at: Double)
  /// More discrete events than the budget allows: some duration of the model is far too short for its horizon.
  case tooManyEvents(limit: Int, at: Double)

  /// Whether the same call again, from where the context now stands, can come further.
  public var retryHelps: Bool {
    switch self {
    case .tooManySteps: true
    case .invalid, .stepTooSmall, .notFinite, .tooManyEvents: false
    }
  }

  public var description: String {
    switch self {
    case .invalid(let faults): "the model cannot be run: " + faults.joined(separator: "; ")
    case .tooManySteps(let limit, let at): "\(limit) steps led no further than t = \(at)"
    case .stepTooSmall(let at): "no step is short enough at t = \(at): a jump without an event, a singularity, or too strict a tolerance"
    case .notFinite(let at): "the derivative is infinite or undefined at t = \(at)"
    case .tooManyEvents(let limit, let at): "more than \(limit) events by t = \(at): a duration of the model is far too short"
    }
  }
}
