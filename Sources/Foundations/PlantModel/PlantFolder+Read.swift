internal import Crypto
import Quantities

/// What a look at a plant folder found: the folder, where it can be used, and every issue.
public struct PlantFolderCheck: Sendable, Hashable {
  /// Nil where there is an error.
  public var folder: PlantFolder?
  /// In order of file, line and column. Without a folder at least one is an error; with one all are warnings.
  public var issues: [PlantIssue]
}

extension PlantFolder {
  /// Reads a plant folder.
  ///
  /// - Parameter files: content by path inside the folder (`plant.yaml`, `loops/setpoints.yaml`), as text; only the YAML files need be given.
  /// - Throws: `PlantFolderErrors` with every error and warning, found in one pass; a retry helps only after an edit.
  public static func read(files: [String: String]) throws(PlantFolderErrors) -> PlantFolder {
    let check = check(files: files)
    guard let folder = check.folder else { throw PlantFolderErrors(issues: check.issues) }
    return folder
  }

  /// Reads a plant folder and tells everything there is to say of it, warnings too.
  public static func check(files: [String: String]) -> PlantFolderCheck {
    var reader = FolderReader(files: files)
    let folder = reader.read()
    let rank = ["plant.yaml": 0, "envelope.yaml": 1, "governance.yaml": 3, "connections.yaml": 4, "historian.yaml": 5]
    func order(_ i: PlantIssue) -> (Int, String, Int, Int, String) { (rank[i.file] ?? 2, i.file, i.line, i.column, i.problem) }
    let issues = Set(reader.issues.all).sorted { order($0) < order($1) }
    return PlantFolderCheck(folder: reader.issues.hasErrors ? nil : folder, issues: issues)
  }

  /// The revision's name: SHA-256 over the files in order of path, each as path, NUL, length in bytes, NUL, content; lower-case hex.
  public static func revision(of files: [String: String]) -> String {
    var hash = SHA256()
    for (path, text) in files.sorted(by: { $0.key < $1.key }) {
      hash.update(data: Array("\(path)\u{0}\(text.utf8.count)\u{0}".utf8))
      hash.update(data: Array(text.utf8))
    }
    return Hex.text(of: hash.finalize())
  }
}

/// Reads the folder file by file, the plant first, because the others refer to it.
private struct FolderReader {
  let files: [String: String]
  var issues = Issues()

  init(files: [String: String]) { self.files = files }

  mutating func read() -> PlantFolder? {
    checkNames()
    let plantRoot = root("plant.yaml", Shapes.plant)
    let broken = issues.all.filter { $0.file == "plant.yaml" }.map(\.path)
    var plant: Plant?
    if let plantRoot {
      var resolver = PlantResolver(plantRoot, broken: broken)
      plant = resolver.resolve()
      issues.append(resolver.issues.all)
    }
    let brokenStations = Set(
      issues.all.filter { $0.file == "plant.yaml" && $0.path.hasPrefix("stations.") }.compactMap {
        $0.path.split(separator: ".").dropFirst().first.map(String.init)
      })
    // Without stations no tag is known: references would all seem to lead nowhere.
    var control = ControlResolver(plant: plantRoot?.values["stations"] == nil ? nil : plant, brokenStations: brokenStations)

    let envelopeRoot = root("envelope.yaml", Shapes.envelope)
    let envelope = envelopeRoot.map { control.envelope($0) }
    // Nil where the limits could not be read: what they would allow is then not reported.
    let limited = envelopeRoot.flatMap { $0.has("limits") && $0.values["limits"] == nil ? nil : $0.entries("limits").map(\.key) }
    let loops = loopFiles().compactMap { name, path in
      root(path, Shapes.loop).map { loop in
        control.loop(
          name, loop, limited: limited, irreversible: envelope?.limits.filter(\.isIrreversible).map(\.tag) ?? [],
          ceiling: envelopeRoot?.text("authority_ceiling").flatMap(Authority.init(name:)))
      }
    }
    let connections = root("connections.yaml", Shapes.connections).map { control.connections($0) }
    let governance =
      files["governance.yaml"] == nil
      ? GovernanceSpec()
      : root("governance.yaml", Shapes.governance).map { control.governance($0, loops: loops.map(\.name), limits: envelope?.limits ?? []) }
    let historian = files["historian.yaml"] == nil ? HistorianSpec() : root("historian.yaml", Shapes.historian).map { control.historian($0) }
    issues.append(control.issues.all)
    guard let plant, let envelope, let connections, let governance, let historian else { return nil }
    return PlantFolder(
      plant: plant, envelope: envelope, loops: loops.sorted { $0.name < $1.name }, connections: connections, governance: governance,
      historian: historian, revision: PlantFolder.revision(of: files)
    )
  }

  private mutating func root(_ file: String, _ shape: Shape) -> ObjectReading? {
    guard let text = files[file] else {
      let near = files.keys.sorted().first { $0.lowercased() == file || $0.lowercased() == file.replacingSuffix(".yaml", with: ".yml") }
      issues.error(
        Place(file: file, line: 1, column: 1), "", "the file `\(file)` is missing",
        near.map { "rename `\($0)`" } ?? "write it; docs/plant-folder.md tells how")
      return nil
    }
    let (object, found) = ShapeReader.read(file: file, text: text, as: shape)
    issues.append(found)
    return object
  }

  /// Loops by name, sorted; a loop with more than one file is an error.
  private mutating func loopFiles() -> [(name: String, path: String)] {
    var seen: [String: String] = [:]
    var result: [(String, String)] = []
    for path in files.keys.sorted() where path.hasPrefix("loops/") {
      guard let stem = path.removingSuffix(".yaml") ?? path.removingSuffix(".yml"), let name = stem.split(separator: "/").last.map(String.init) else {
        continue
      }
      let here = Place(file: path, line: 1, column: 1)
      if let other = seen[name.lowercased()] {
        issues.error(here, "", "the loop `\(name)` has more than one file", "keep one of `\(other)` and `\(path)`")
        continue
      }
      seen[name.lowercased()] = path
      guard path == "loops/\(name).yaml" else {
        issues.error(here, "", "this file is not read", "name it `loops/\(name).yaml`")
        continue
      }
      guard ShapeReader.isName(name) else {
        issues.error(here, "", "`\(name)` is no name for a loop", "begin with a letter; then letters, digits, `_` and `-`")
        continue
      }
      result.append((name, path))
    }
    return result
  }

  /// YAML files at the top that nobody reads are probably misnamed.
  private mutating func checkNames() {
    let known = ["plant.yaml", "envelope.yaml", "connections.yaml", "governance.yaml", "historian.yaml"]
    for path in files.keys.sorted() where !path.contains("/") && (path.hasSuffix(".yaml") || path.hasSuffix(".yml")) && !known.contains(path) {
      let near = Spelling.nearest(to: path, among: known)
      issues.warning(
        Place(file: path, line: 1, column: 1), "", "this file is not read",
        near.map { "did you mean `\($0)`?" } ?? "the folder's files are \(known.joined(separator: ", ")) and loops/*.yaml")
    }
  }
}

extension String {
  fileprivate func removingSuffix(_ suffix: String) -> String? { hasSuffix(suffix) ? String(dropLast(suffix.count)) : nil }
  fileprivate func replacingSuffix(_ suffix: String, with other: String) -> String { (removingSuffix(suffix) ?? self) + other }
}
