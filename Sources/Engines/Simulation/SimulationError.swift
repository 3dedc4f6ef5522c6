/// Why a simulation was not run. Retrying with the same values cannot help in any case.
public enum SimulationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The line makes no sense; one sentence for each fault, all of them.
  case invalidLine([String])
  /// The start state does not fit the line; one sentence for each fault.
  case invalidState([String])
  /// Horizon, warm-up or recording instants that are not finite, negative or out of order.
  case invalidHorizon(String)
  /// More events than the budget allows before the horizon: some time of the line is far too short for it.
  case tooManyEvents(budget: Int, at: Double)

  /// The max-plus recursion was asked for; one sentence for each thing that it does not know.
  case noMaxPlus([String])

  public var description: String {
    switch self {
    case .invalidLine(let faults): "the line cannot be simulated: " + faults.joined(separator: "; ")
    case .invalidState(let faults): "the start state does not fit the line: " + faults.joined(separator: "; ")
    case .invalidHorizon(let why): why
    case .tooManyEvents(let budget, let at): "more than \(budget) events by \(at) s: a time of the line is far too short"
    case .noMaxPlus(let reasons): "the max-plus recursion does not hold here: " + reasons.joined(separator: "; ")
    }
  }
}
