/// What is wrong with a place of an event log, and what would put it right.
public struct EventLogProblem: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The line on which the record or element begins, from 1.
  public var line: Int
  /// The column of a table by its name, or a place within the line; nil where the whole line is meant.
  public var column: String?
  /// What was found.
  public var found: String
  /// What to do about it.
  public var remedy: String

  public init(line: Int, column: String? = nil, found: String, remedy: String) {
    (self.line, self.column, self.found, self.remedy) = (line, column, found, remedy)
  }

  public var description: String { "line \(line)\(column.map { ", column \($0)" } ?? ""): \(found); \(remedy)" }
}
