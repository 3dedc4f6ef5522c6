import Foundation
import PlantModel

extension PlantFolder {
  /// The plant of a folder of this repository.
  static func inRepository(_ path: String) throws -> PlantFolder {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let folder = root.appendingPathComponent(path)
    var files: [String: String] = [:]
    for file in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where file.hasSuffix(".yaml") {
      files[file] = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
    }
    return try PlantFolder.read(files: files)
  }
}
