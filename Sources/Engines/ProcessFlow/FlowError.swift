/// A statement of a model, as errors name it.
public struct Place: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The kind of process that it belongs to.
  public var process: String
  /// Its place among the statements of the process, from 1, as they stand in the program.
  public var statement: Int
  /// What it does, e.g. `Seize(server)`.
  public var text: String

  public init(process: String, statement: Int, text: String) { (self.process, self.statement, self.text) = (process, statement, text) }
  public var description: String { "process '\(process)', statement \(statement), \(text)" }
}

/// A process that waits, for an error that tells who waits for whom.
public struct WaitingProcess: Sendable, Hashable, Codable, CustomStringConvertible {
  /// Kind and number, e.g. "philosopher 3".
  public var process: String
  /// Where it waits.
  public var place: Place
  /// Who holds what it waits for; empty where nobody does.
  public var heldBy: [String]

  public init(process: String, place: Place, heldBy: [String]) { (self.process, self.place, self.heldBy) = (process, place, heldBy) }

  public var description: String {
    let holders = heldBy.isEmpty ? "which nobody can give" : "held by " + heldBy.joined(separator: ", ")
    return "\(process) waits at statement \(place.statement), \(place.text), \(holders)"
  }
}

/// Why a model was not compiled or not run to its end. Retrying with the same values cannot help in any case.
public enum FlowError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The model makes no sense; one sentence for each fault, all of them.
  case invalidModel(name: String, faults: [String])
  /// The end of a run that cannot be: a negative number, a name that the model does not have.
  case invalidStop(String)
  /// A formula gave a number that its statement cannot use, such as a negative delay.
  case badNumber(Place, value: Double, at: Double)
  /// A process released units that it does not hold.
  case releasedWithoutSeize(Place, resource: String, holds: Int, at: Double)
  /// A process left while it held units.
  case leftHolding(process: String, resource: String, units: Int, at: Double)
  /// Processes go on and on while no time passes.
  case endlessInstant(Place, at: Double)
  /// Processes wait for each other, or for what nobody can give any more.
  case deadlock([WaitingProcess], at: Double)
  /// Nothing can happen any more, and the run has not reached the point where it should end.
  case ranDry(at: Double)
  /// More events than the budget allows: the end of the run cannot be reached, or some time of the model is far too short.
  case tooManyEvents(budget: Int, at: Double)
  /// More processes at once than a run can hold.
  case tooManyProcesses(limit: Int, at: Double)

  public var description: String {
    switch self {
    case .invalidModel(let name, let faults): "the model '\(name)' cannot be run: " + faults.joined(separator: "; ")
    case .invalidStop(let why): why
    case .badNumber(let place, let value, let at): "\(place): cannot use the number \(value), at time \(at)"
    case .releasedWithoutSeize(let place, let resource, let holds, let at): "\(place): it holds \(holds) of '\(resource)', at time \(at)"
    case .leftHolding(let process, let resource, let units, let at): "\(process) left while it held \(units) of '\(resource)', at time \(at)"
    case .endlessInstant(let place, let at): "\(place): processes go on while no time passes, at time \(at)"
    case .deadlock(let waits, let at): "deadlock at time \(at): " + waits.map(\.description).joined(separator: "; ")
    case .ranDry(let at): "nothing can happen after time \(at), and the run has not reached its end"
    case .tooManyEvents(let budget, let at): "more than \(budget) events by time \(at)"
    case .tooManyProcesses(let limit, let at): "more than \(limit) processes at time \(at)"
    }
  }
}
