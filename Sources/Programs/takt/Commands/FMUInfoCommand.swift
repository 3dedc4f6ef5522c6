import ArgumentParser
import FMI
import FMUHost
import Foundation

struct FMUInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "What an FMU says of itself: version, abilities, parameters, inputs, outputs, states.",
    discussion: """
      Nothing of the unit's own code runs.
      Example: takt fmu info heater.fmu --all
      """)
  @OptionGroup var place: FMUPlace
  @Flag(help: "Local variables too.") var all = false
  @Flag(help: "Print JSON.") var json = false

  private struct Answer: Encodable {
    struct Entry: Encodable {
      var name: String
      var type: String
      var causality: String
      var variability: String
      var initial: String?
      var start: [Double]
      var unit: String?
      var min: Double?
      var max: Double?
      var size: Int
      var isState: Bool
      var isSettable: Bool
      var description: String?
    }
    var modelName: String
    var fmiVersion: String
    var generationTool: String?
    var description: String?
    var canBeCoSimulated: Bool
    var hasModelExchange: Bool
    var canGetAndSetState: Bool
    var canHandleVariableStep: Bool
    var startTime: Double?
    var stopTime: Double?
    var stepSize: Double?
    var variables: [Entry]
  }

  func run() throws {
    try orExplain {
      let fmu = try place.fmu()
      let answer = Self.answer(fmu.description, all)
      if json { return try JSONOutput.print(answer) }
      print("\(answer.modelName), FMI \(answer.fmiVersion)" + (answer.generationTool.map { ", made by \($0)" } ?? ""))
      if let words = answer.description { print(words) }
      if let refusal = fmu.refusal() { print("\(refusal)") }
      print(
        "state \(answer.canGetAndSetState ? "can be saved" : "cannot be saved"), step \(answer.canHandleVariableStep ? "may vary" : "must be constant")"
          + (answer.stepSize.map { ", step \($0) s" } ?? "") + (answer.stopTime.map { ", from \(answer.startTime ?? 0) s to \($0) s" } ?? ""))
      print("")
      TextTable(
        header: ["VARIABLE", "ROLE", "TYPE", "START", "UNIT", "MIN", "MAX", ""],
        rows: answer.variables.map { entry in
          let start = entry.start.isEmpty ? "—" : entry.start.prefix(3).map { "\($0)" }.joined(separator: " ") + (entry.start.count > 3 ? " …" : "")
          let role = entry.isState ? "state" + (entry.causality == "local" ? "" : ", \(entry.causality)") : entry.causality
          return [
            entry.name + (entry.size > 1 ? "[\(entry.size)]" : ""), role, entry.type, start, entry.unit ?? "—", entry.min.map { "\($0)" } ?? "—",
            entry.max.map { "\($0)" } ?? "—", entry.description ?? "",
          ]
        }
      ).print()
      let hidden = fmu.description.variables.count - answer.variables.count
      if hidden > 0 { print("\n\(hidden) local variables more: --all") }
    }
  }

  private static func answer(_ model: ModelDescription, _ all: Bool) -> Answer {
    let states = Set(model.states)
    let shown = model.variables.indices.filter { all || states.contains($0) || ![.local, .independent].contains(model.variables[$0].causality) }
    return Answer(
      modelName: model.modelName, fmiVersion: model.version, generationTool: model.generationTool, description: model.words,
      canBeCoSimulated: model.coSimulation != nil, hasModelExchange: model.hasModelExchange,
      canGetAndSetState: model.coSimulation?.canGetAndSetState ?? false, canHandleVariableStep: model.coSimulation?.canHandleVariableStep ?? false,
      startTime: model.experiment.startTime, stopTime: model.experiment.stopTime, stepSize: model.experiment.stepSize,
      variables: shown.map { place in
        let variable = model.variables[place]
        return Answer.Entry(
          name: variable.name, type: "\(variable.slot.type)", causality: variable.causality.rawValue, variability: variable.variability.rawValue,
          initial: variable.initial?.rawValue, start: variable.start, unit: variable.unit, min: variable.minimum, max: variable.maximum,
          size: variable.slot.count, isState: states.contains(place), isSettable: variable.isSettable, description: variable.words)
      })
  }
}
