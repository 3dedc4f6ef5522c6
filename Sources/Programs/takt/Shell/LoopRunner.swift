import Crypto
import Foundation
import Governance
import PlantModel
import Processes

/// Turns a loop's `program` into a process: `setpoints` is this very program, anything else a path inside the plant folder.
struct LoopRunner: Sendable {
  let plantDirectory: String
  /// This program's own file.
  let takt: String

  /// What each loop's program is: SHA-256 of its file, so that an approval of one program is not an approval of the next.
  func programs(_ loops: [LoopSpec]) throws -> [String: String] {
    var programs: [String: String] = [:]
    for loop in loops {
      let path = loop.isBuiltIn ? takt : path(of: loop)
      // A program that is not there yet is said when it is started.
      guard let content = try? Data(contentsOf: URL(filePath: path), options: .mappedIfSafe) else { continue }
      programs[loop.name] = Hex.text(of: SHA256.hash(data: content))
    }
    return programs
  }

  private func path(of loop: LoopSpec) -> String { loop.program.hasPrefix("/") ? loop.program : "\(plantDirectory)/\(loop.program)" }

  func start(_ loop: LoopSpec, onEvent: @escaping @Sendable (LineProcess.Event) -> Void) throws(LineProcess.StartError) -> LineProcess {
    if loop.isBuiltIn {
      return try LineProcess(executable: takt, arguments: ["loop", LoopSpec.builtIn] + loop.arguments, directory: nil, onEvent: onEvent)
    }
    return try LineProcess(executable: path(of: loop), arguments: loop.arguments, directory: plantDirectory, onEvent: onEvent)
  }
}
