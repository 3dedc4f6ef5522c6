public import FMUHost

/// Why a functional mock-up unit (FMU) cannot be used, or has failed.
public enum FMIError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The archive is not what an FMU is. Retrying cannot help.
  case archive(file: String, problem: String, remedy: String)
  /// modelDescription.xml is wrong: every fault that was found. Retrying cannot help.
  case description(file: String, faults: [DescriptionFault])
  /// It is a right FMU, and one that cannot be run here. Retrying cannot help.
  case unsupported(file: String, problem: String, remedy: String)
  /// There is no such variable; the nearest names. Retrying cannot help.
  case unknownVariable(file: String, name: String, nearest: [String])
  /// The variable cannot be used so. Retrying cannot help.
  case variable(file: String, name: String, problem: String, remedy: String)
  /// What is asked of it makes no sense. Retrying cannot help.
  case request(file: String, problem: String)
  /// The unit refused a call. Other values may work.
  case refused(file: String, call: String, status: FMUStatus, time: Double, messages: [String])
  /// Its process ended in a call. Other values may work.
  case ended(file: String, call: String, time: Double, reason: String, printed: String)
  /// A call took longer than it may; its process was ended. More patience may help.
  case late(file: String, call: String, time: Double, seconds: Double, printed: String)
  /// The process that runs units cannot be started or does not speak its language. Retrying may help where the system lacks memory.
  case host(problem: String)

  public var description: String {
    switch self {
    case .archive(let file, let problem, let remedy): "\(file): \(problem); \(remedy)"
    case .description(let file, let faults): faults.map { "\(file): modelDescription.xml:\($0)" }.joined(separator: "\n")
    case .unsupported(let file, let problem, let remedy): "\(file): \(problem); \(remedy)"
    case .unknownVariable(let file, let name, let nearest):
      "\(file): there is no variable \(name)" + (nearest.isEmpty ? "" : "; did you mean \(nearest.joined(separator: ", "))?")
    case .variable(let file, let name, let problem, let remedy): "\(file): \(name) \(problem); \(remedy)"
    case .request(let file, let problem): "\(file): \(problem)"
    case .refused(let file, let call, let status, let time, let messages):
      "\(file): \(call) answered \(status) at t = \(time)" + Self.told(messages)
    case .ended(let file, let call, let time, let reason, let printed):
      "\(file): its process \(reason) in \(call) at t = \(time)" + Self.told(printed.split(separator: "\n").suffix(5).map(String.init))
    case .late(let file, let call, let time, let seconds, let printed):
      "\(file): \(call) at t = \(time) took more than \(seconds) s and was ended"
        + Self.told(printed.split(separator: "\n").suffix(5).map(String.init))
    case .host(let problem): "the process that runs FMUs: \(problem)"
    }
  }

  private static func told(_ lines: [String]) -> String { lines.isEmpty ? "" : "; it said: " + lines.joined(separator: " | ") }
}

/// A fault of modelDescription.xml, with its remedy.
public struct DescriptionFault: Sendable, Hashable, CustomStringConvertible {
  /// Of modelDescription.xml, from 1.
  public var line: Int
  /// The XML element's name.
  public var element: String
  /// What is wrong with it.
  public var problem: String
  /// What would be right.
  public var remedy: String

  public init(line: Int, element: String, problem: String, remedy: String) {
    (self.line, self.element, self.problem, self.remedy) = (line, element, problem, remedy)
  }

  public var description: String { "\(line): <\(element)> \(problem); \(remedy)" }
}
