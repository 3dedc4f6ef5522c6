import FMUHost
import Foundation

/// A functional mock-up unit: a model with its solver in a zip archive, by the standard FMI 2.0 or 3.0, for co-simulation.
///
/// Opening reads its description alone. Nothing of the unit's own code runs in this process, ever: see `FMUSession`.
public struct FMU: Sendable, Hashable {
  /// Of the archive.
  public let path: String
  /// What the unit says of itself.
  public let description: ModelDescription

  /// - Throws: `archive`, `description`, `unsupported` for another version of the standard.
  public init(_ path: String) throws(FMIError) {
    self.path = path
    let archive = try ZipArchive(path)
    guard let xml = try archive.contents(of: "modelDescription.xml") else {
      throw .archive(file: path, problem: "it holds no modelDescription.xml", remedy: "the file must lie at the archive's root")
    }
    description = try ModelDescription(xml, file: path)
  }

  /// The folders in which a binary for this machine may lie, by version; the first is the standard's name.
  public static func platforms(_ major: Int) -> [String] {
    #if arch(x86_64)
      major == 2 ? ["linux64", "x86_64-linux"] : ["x86_64-linux"]
    #else
      ["aarch64-linux"]
    #endif
  }

  /// The variable of this name.
  ///
  /// - Throws: `unknownVariable` with the nearest names.
  public func variable(_ name: String) throws(FMIError) -> Variable {
    if let variable = description.variable(name) { return variable }
    let folded = name.lowercased()
    var near: [(name: String, distance: Int)] = []
    for other in description.variables.map(\.name) {
      let distance = Self.distance(other.lowercased(), folded)
      let isLike = distance <= 2 && min(other.count, folded.count) > 1 || distance == 0 || other.lowercased().contains(folded)
      if isLike { near.append((other, distance)) }
    }
    throw .unknownVariable(file: path, name: name, nearest: near.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(5).map(\.name))
  }

  /// Why this unit cannot be co-simulated; nil where nothing speaks against it.
  public func refusal() -> FMIError? {
    if description.coSimulation != nil { return nil }
    return .unsupported(
      file: path, problem: description.hasModelExchange ? "it has model exchange only" : "it has no <CoSimulation>",
      remedy: "export it for co-simulation, with its own solver")
  }

  /// Unpacks it into a folder of its own.
  ///
  /// - Throws: `archive`; `unsupported` where it has no co-simulation or no binary for this machine.
  func unpacked() throws(FMIError) -> UnpackedFMU {
    if let refusal = refusal() { throw refusal }
    let identifier = description.coSimulation?.modelIdentifier ?? ""
    let archive = try ZipArchive(path)
    let names = Set(archive.entries.map(\.name))
    let platforms = Self.platforms(description.major)
    guard let binary = platforms.map({ "binaries/\($0)/\(identifier).so" }).first(where: names.contains) else {
      let there = Set(names.filter { $0.hasPrefix("binaries/") }.compactMap { $0.split(separator: "/").dropFirst().first }).sorted()
      throw .unsupported(
        file: path,
        problem: "it has no binaries/\(platforms[0])/\(identifier).so" + (there.isEmpty ? "" : ", only for \(there.joined(separator: ", "))"),
        remedy: "export it for \(platforms[0])")
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("takt-fmu-\(UUID().uuidString)")
    let unpacked = UnpackedFMU(folder: folder, library: folder.appendingPathComponent(binary).path)
    try archive.unpack(to: folder)
    do {
      try FileManager.default.createDirectory(at: folder.appendingPathComponent("resources"), withIntermediateDirectories: true)
      try Data(count: CallRecord.size).write(to: unpacked.note)
    } catch { throw .archive(file: path, problem: "it cannot be unpacked (\(error.localizedDescription))", remedy: "is the disk full?") }
    return unpacked
  }

  /// How many letters differ (Levenshtein).
  private static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var row = Array(0...b.count)
    for i in a.indices {
      var corner = row[0]
      row[0] = i + 1
      for j in b.indices {
        let next = min(row[j] + 1, row[j + 1] + 1, corner + (a[i] == b[j] ? 0 : 1))
        (corner, row[j + 1]) = (row[j + 1], next)
      }
    }
    return row[b.count]
  }
}

/// A unit's files on disk, for as long as this object lives.
final class UnpackedFMU: Sendable {
  let folder: URL
  let library: String
  var note: URL { folder.appendingPathComponent(".takt-call") }
  var resources: String { folder.appendingPathComponent("resources").path }

  init(folder: URL, library: String) { (self.folder, self.library) = (folder, library) }
  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Which call the host is in.
  func call() -> CallRecord? {
    guard let data = FileManager.default.contents(atPath: note.path) else { return nil }
    return CallRecord([UInt8](data))
  }
}
