internal import Glibc
internal import Storage

/// The text files that make a plant folder: `plant.yaml`, `envelope.yaml`, `connections.yaml`, `loops/*.yaml`, and where they are there
/// `governance.yaml` and `historian.yaml`.
public enum PlantFolderFiles {
  private static let top = ["plant.yaml", "envelope.yaml", "connections.yaml", "governance.yaml", "historian.yaml"]

  /// Reads those that are there, by their path within the folder (`loops/setpoints.yaml`). Everything else is ignored.
  ///
  /// - Throws: `notFound` if there is no such folder, `notText` for a file that is not UTF-8, `failed`.
  public static func read(_ directory: String) throws(DiskError) -> [String: String] {
    guard unsafe access("\(directory)/.", F_OK) == 0 else { throw .notFound(path: directory) }
    var files: [String: String] = [:]
    for name in top + (try loopFiles(directory)) {
      guard let bytes = try bytes(of: name, in: directory) else { continue }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw .notText(path: "\(directory)/\(name)", line: lineOfFirstWrongByte(bytes))
      }
      files[name] = text
    }
    return files
  }

  private static func loopFiles(_ directory: String) throws(DiskError) -> [String] {
    do throws(StorageError) {
      return try FileStorage(folder: directory).list(prefix: "loops/").filter { $0.hasSuffix(".yaml") && $0.split(separator: "/").count == 2 }
    } catch { throw diskError(error, directory) }
  }

  /// Nil for a file that is not there.
  private static func bytes(of name: String, in directory: String) throws(DiskError) -> [UInt8]? {
    do throws(StorageError) {
      return try FileStorage(folder: directory).read(name)
    } catch .notFound {
      return nil
    } catch { throw diskError(error, directory) }
  }

  private static func diskError(_ error: StorageError, _ directory: String) -> DiskError {
    switch error {
    case .notFound(let name): .notFound(path: "\(directory)/\(name)")
    case .full(let name): .failed(path: "\(directory)/\(name)", reason: "the disk is full")
    case .failed(let name, let reason): .failed(path: "\(directory)/\(name)", reason: reason)
    }
  }

  private static func lineOfFirstWrongByte(_ bytes: [UInt8]) -> Int {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return 1 + (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0)
  }
}
