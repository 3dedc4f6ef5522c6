public import ProcessMining

/// What reading an event log gave: the log, what was refused, and what was understood.
public struct EventLogReading: Sendable {
  public var log: EventLog
  /// The first refused places, at most `EventLogReading.problemLimit`.
  public var problems: [EventLogProblem]
  /// How many rows or elements were refused, those beyond the list included.
  public var refused: Int
  /// How many rows or events were read, refused ones included.
  public var read: Int
  /// How the file was understood, for people: which column is the case, which transitions were passed over.
  public var notes: [String]

  /// How many problems are kept by name; the rest are counted.
  public static let problemLimit = 100

  public init(log: EventLog, problems: [EventLogProblem], refused: Int, read: Int, notes: [String]) {
    (self.log, self.problems, self.refused, self.read, self.notes) = (log, problems, refused, read, notes)
  }
}

/// Collects problems: the first by name, all by count.
struct ProblemList {
  private(set) var kept: [EventLogProblem] = []
  private(set) var count = 0

  mutating func add(_ problem: EventLogProblem) {
    count += 1
    if kept.count < EventLogReading.problemLimit { kept.append(problem) }
  }
}

/// Why an event log cannot be read at all. Trying again with the same file and mapping cannot help.
public enum EventLogError: Error, Hashable, Sendable {
  /// The file's form is broken beyond this place.
  case malformed(EventLogProblem)
  /// No column was found for a part of an event that is needed; the header, and how to name the column.
  case unmapped(part: String, header: [String])
  /// A column that the mapping names is not in the header.
  case noSuchColumn(String, meant: String?, header: [String])
  /// No object type of this name, or none at all.
  case noSuchObjectType(String, known: [String])
}

extension EventLogError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .malformed(let problem): problem.description
    case .unmapped(let part, let header):
      "no column looks like the \(part); the header has \(header.joined(separator: ", ")); name the column in the mapping"
    case .noSuchColumn(let name, let meant, let header):
      "there is no column \(name)" + (meant.map { "; did you mean \($0)?" } ?? "; the header has \(header.joined(separator: ", "))")
    case .noSuchObjectType(let name, let known): "there is no object type \(name); the log has \(known.joined(separator: ", "))"
    }
  }
}
