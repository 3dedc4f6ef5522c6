import Foundation
import PlantModel
import Processes

/// Turns a loop's `program` into a process: `setpoints` is this very program, anything else a path inside the plant folder.
struct LoopRunner: Sendable {
  let plantDirectory: String
  /// This program's own file.
  let takt: String

  func start(_ loop: LoopSpec, onEvent: @escaping @Sendable (LineProcess.Event) -> Void) throws(LineProcess.StartError) -> LineProcess {
    if loop.program == "setpoints" {
      return try LineProcess(executable: takt, arguments: ["loop", "setpoints"] + loop.arguments, directory: nil, onEvent: onEvent)
    }
    let path = loop.program.hasPrefix("/") ? loop.program : "\(plantDirectory)/\(loop.program)"
    return try LineProcess(executable: path, arguments: loop.arguments, directory: plantDirectory, onEvent: onEvent)
  }
}
