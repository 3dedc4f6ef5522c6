/// One thing wrong in a plant folder: where, what, and what would be right.
public struct PlantIssue: Hashable, Sendable, Codable {
  public enum Severity: String, Hashable, Sendable, Codable {
    /// The folder can be used, but probably does not say what was meant.
    case warning
    /// The folder cannot be used.
    case error
  }

  /// Path inside the plant folder, e.g. `loops/setpoints.yaml`.
  public var file: String
  /// From 1; columns count Unicode scalars, as YAML does.
  public var line: Int
  public var column: Int
  /// The field, e.g. `stations.Filler.cycle`; empty for the file as a whole.
  public var path: String
  /// What is wrong.
  public var problem: String
  /// What would be right.
  public var remedy: String
  public var severity: Severity

  public init(file: String, line: Int, column: Int, path: String, problem: String, remedy: String, severity: Severity = .error) {
    (self.file, self.line, self.column, self.path) = (file, line, column, path)
    (self.problem, self.remedy, self.severity) = (problem, remedy, severity)
  }
}

extension PlantIssue: CustomStringConvertible {
  /// As compilers write it, so that editors can jump there: `plant.yaml:12:5: error: problem: remedy`.
  public var description: String { "\(file):\(line):\(column): \(severity.rawValue): \(problem): \(remedy)" }
}

/// Every error (and warning) of a plant folder that cannot be used. A retry helps only after an edit.
public struct PlantFolderErrors: Error, Hashable, Sendable {
  /// In order of file, line and column; at least one of severity error.
  public var issues: [PlantIssue]
  public init(issues: [PlantIssue]) { self.issues = issues }
}

extension PlantFolderErrors: CustomStringConvertible {
  public var description: String { issues.map(\.description).joined(separator: "\n") }
}

/// Where something stands in a file.
struct Place: Hashable {
  var file: String
  var line: Int
  var column: Int
}

extension PlantIssue {
  init(_ place: Place, _ path: String, _ problem: String, _ remedy: String, _ severity: Severity = .error) {
    self.init(file: place.file, line: place.line, column: place.column, path: path, problem: problem, remedy: remedy, severity: severity)
  }
}
