import Foundation
import PlantModel

/// The repository's own plant folders.
enum Examples {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let names = ["bottling", "bottling-4", "assembly-8", "job-shop", "assembly", "forge"]

  /// The YAML files of `examples/NAME`, by path inside it.
  static func files(_ name: String) throws -> [String: String] {
    let folder = root.appending(path: "examples/\(name)")
    var files: [String: String] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where path.hasSuffix(".yaml") {
      files[path] = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }
    return files
  }
}
