import CZip
import Foundation

/// A zip archive that is read: an FMU's container.
///
/// Names that would lead out of the folder into which it is unpacked are refused, as is an archive that would fill the disk.
@safe struct ZipArchive: ~Copyable {
  struct Entry {
    var index: UInt64
    /// With `/` between folders; a folder's ends with one.
    var name: String
    var size: Int
  }

  /// What all files together may have when unpacked.
  static let sizeLimit = 2 << 30
  static let countLimit = 100_000

  let path: String
  let entries: [Entry]
  private let handle: OpaquePointer

  /// - Throws: `archive`.
  init(_ path: String) throws(FMIError) {
    func refuse(_ problem: String, _ remedy: String) -> FMIError { .archive(file: path, problem: problem, remedy: remedy) }
    var code: Int32 = 0
    guard let handle = unsafe zip_open(path, Int32(ZIP_RDONLY), &code) else {
      var error = unsafe zip_error_t()
      unsafe zip_error_init_with_code(&error, code)
      defer { unsafe zip_error_fini(&error) }
      let words = unsafe zip_error_strerror(&error).map { unsafe String(cString: $0) } ?? "error \(code)"
      throw refuse("it cannot be read as a zip archive (\(words))", "an FMU is a zip archive with modelDescription.xml at its root")
    }
    var entries: [Entry] = []
    var flaw: FMIError?
    let count = unsafe zip_get_num_entries(handle, 0)
    if count > Self.countLimit { flaw = refuse("it has \(count) files", "at most \(Self.countLimit) are unpacked") }
    var total = 0
    for index in 0..<UInt64(max(0, count)) where flaw == nil {
      var stat = unsafe zip_stat_t()
      guard unsafe zip_stat_index(handle, index, 0, &stat) == 0, let raw = unsafe stat.name else {
        flaw = refuse("its file \(index) cannot be read", "make the archive again")
        break
      }
      // Some exporters on Windows write backslashes.
      let name = unsafe String(cString: raw).replacing("\\", with: "/")
      if !Self.isSafe(name) { flaw = refuse("the name \(name) leads out of the archive", "names must be relative and without ..") }
      let size = Int(clamping: unsafe stat.size)
      total = size > Self.sizeLimit ? Self.sizeLimit + 1 : total + size
      if total > Self.sizeLimit { flaw = refuse("it unpacks to more than \(Self.sizeLimit >> 20) MiB", "leave out what the unit does not need") }
      entries.append(Entry(index: index, name: name, size: size))
    }
    if let flaw {
      unsafe zip_discard(handle)
      throw flaw
    }
    (self.path, self.entries, unsafe self.handle) = (path, entries, unsafe handle)
  }

  deinit { unsafe zip_discard(handle) }

  /// Whether a name stays inside the folder into which it is unpacked.
  static func isSafe(_ name: String) -> Bool {
    if name.isEmpty || name.hasPrefix("/") || name.contains("\0") || name.dropFirst().first == ":" { return false }
    return !name.split(separator: "/").contains("..")
  }

  /// The whole file of this name; nil where there is none.
  ///
  /// - Throws: `archive` where it is damaged.
  func contents(of name: String) throws(FMIError) -> [UInt8]? {
    guard let entry = entries.first(where: { $0.name == name }) else { return nil }
    return try contents(of: entry)
  }

  private func contents(of entry: Entry) throws(FMIError) -> [UInt8] {
    let damaged = FMIError.archive(file: path, problem: "\(entry.name) is damaged or encrypted", remedy: "make the archive again, without a password")
    guard let file = unsafe zip_fopen_index(handle, entry.index, 0) else { throw damaged }
    defer { unsafe zip_fclose(file) }
    var bytes = [UInt8](repeating: 0, count: entry.size)
    var done = 0
    while done < entry.size {
      let got = unsafe bytes.withUnsafeMutableBytes { unsafe zip_fread(file, $0.baseAddress! + done, UInt64(entry.size - done)) }
      guard got > 0 else { throw damaged }
      done += Int(got)
    }
    // One byte beyond its end: only there does the library compare the checksum.
    var rest: UInt8 = 0
    guard unsafe zip_fread(file, &rest, 1) == 0 else { throw damaged }
    return bytes
  }

  /// Unpacks everything below a folder.
  ///
  /// - Throws: `archive` where a file is damaged or cannot be written.
  func unpack(to folder: URL) throws(FMIError) {
    for entry in entries {
      let place = folder.appendingPathComponent(entry.name)
      do {
        if entry.name.hasSuffix("/") {
          try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        } else {
          try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
          try Data(try contents(of: entry)).write(to: place)
        }
      } catch let error as FMIError { throw error } catch {
        throw .archive(file: path, problem: "\(entry.name) cannot be unpacked (\(error.localizedDescription))", remedy: "is the disk full?")
      }
    }
  }
}
