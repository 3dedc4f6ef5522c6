import Attestation
import Foundation
import Ledger

/// Evidence bundles as folders.
enum BundleFolder {
  /// Into a new folder; never over one that is there.
  static func write(_ bundle: EvidenceBundle, to place: String) throws {
    guard !FileManager.default.fileExists(atPath: place) else { throw CommandFailure("\(place) is there already") }
    for (path, bytes) in bundle.files.sorted(by: { $0.key < $1.key }) {
      let url = URL(filePath: "\(place)/\(path)")
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
  }

  /// Every file below the folder, whatever it is called: what nobody signed is found out.
  static func read(_ place: String) throws -> EvidenceBundle {
    guard let walk = FileManager.default.enumerator(atPath: place) else { throw CommandFailure("there is no folder \(place)") }
    var files: [String: [UInt8]] = [:]
    while let path = walk.nextObject() as? String {
      var isFolder = ObjCBool(false)
      guard unsafe FileManager.default.fileExists(atPath: "\(place)/\(path)", isDirectory: &isFolder), !isFolder.boolValue else { continue }
      guard let content = FileManager.default.contents(atPath: "\(place)/\(path)") else { throw CommandFailure("\(place)/\(path) cannot be read") }
      files[path] = [UInt8](content)
    }
    guard !files.isEmpty else { throw CommandFailure("\(place) is empty, or no folder") }
    return EvidenceBundle(files: files)
  }

  /// What facts name by hash, kept in `inputs/` of the data folder under its SHA-256.
  static func inputs(of data: String) -> [String: [UInt8]] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(data)/inputs")) ?? []
    var inputs: [String: [UInt8]] = [:]
    for name in names where LedgerHash(hex: name) != nil {
      if let content = FileManager.default.contents(atPath: "\(data)/inputs/\(name)") { inputs[name] = [UInt8](content) }
    }
    return inputs
  }
}
