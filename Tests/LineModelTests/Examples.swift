import Foundation
import PlantModel

/// The repository's own plants.
enum Examples {
  static let all = ["bottling", "bottling-4", "assembly-8", "job-shop", "assembly", "forge"]

  static func plant(_ name: String) throws -> Plant { try PlantFolder.read(files: files(name)).plant }

  /// The YAML files of `examples/NAME`, by path inside it.
  static func files(_ name: String) throws -> [String: String] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let folder = root.appending(path: "examples/\(name)")
    var files: [String: String] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where path.hasSuffix(".yaml") {
      files[path] = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }
    return files
  }
}
