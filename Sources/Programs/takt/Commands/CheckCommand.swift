import ArgumentParser
import Foundation
import PlantModel

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Find every error in a plant folder, in one pass.",
    discussion: "Prints FILE:LINE:COLUMN, what is wrong, and what would be right.\nExample: takt check examples/bottling")

  @Argument(help: "The plant folder.") var directory: String
  @Flag(help: "Print the issues as JSON.") var json = false

  func run() throws {
    let check = PlantFolder.check(files: try PlantDirectory(directory).files())
    if json {
      try JSONOutput.print(check.issues)
    } else {
      for issue in check.issues { print(Style.colour(issue.severity == .error ? .red : .yellow, "\(directory)/\(issue)")) }
      let errors = check.issues.count { $0.severity == .error }
      if let folder = check.folder, errors == 0 {
        print(
          "\(folder.plant.name): \(folder.plant.stations.count) stations, \(folder.plant.tags.count) tags, \(folder.loops.count) loops: no errors")
        print("revision \(folder.revision)")
      } else {
        print("\(errors) error\(errors == 1 ? "" : "s")")
      }
    }
    if check.folder == nil || check.issues.contains(where: { $0.severity == .error }) { throw ExitCode(1) }
  }
}

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema of a plant folder's file, for editors.",
    discussion: "Example: takt schema plant > plant.schema.json, then in plant.yaml: # yaml-language-server: $schema=plant.schema.json")

  @Argument(help: "Which file: plant, envelope, loop, connections, governance or historian.") var file: String

  func run() throws {
    guard let kind = PlantFileKind(rawValue: file) else {
      throw ValidationError("there is no file \"\(file)\" in a plant folder; there are: plant, envelope, loop, connections, governance, historian")
    }
    print(PlantFolder.schema(of: kind))
  }
}

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "What differs between two plant folders.", discussion: "Example: takt diff examples/bottling ../bottling-next")

  @Argument(help: "The folder before.") var before: String
  @Argument(help: "The folder after.") var after: String
  @Flag(help: "Print the differences as JSON.") var json = false

  func run() throws {
    let differences = PlantFolder.diff(from: try PlantDirectory(before).folder(), to: try PlantDirectory(after).folder())
    if json { return try JSONOutput.print(differences) }
    for difference in differences { print(difference) }
    if differences.isEmpty { print("no difference") }
  }
}
