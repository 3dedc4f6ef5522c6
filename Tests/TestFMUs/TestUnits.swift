public import Foundation
import Synchronization

/// FMUs that are compiled from the sources in Tests/FMIUnits when a test first needs them. Nil where the machine has no C compiler.
public enum TestUnits {
  public static let host: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    // The bundle lies beside the programs; a runner that loads it lies elsewhere and names the bundle in its arguments.
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? own
    return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("takt-fmu-host").path
  }()

  public static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
    "FMIUnits")

  /// The folder of this machine's binaries, by the standard.
  public static func platform(_ major: Int) -> String {
    #if arch(x86_64)
      major == 2 ? "linux64" : "x86_64-linux"
    #else
      "aarch64-linux"
    #endif
  }

  /// Where this run's files lie: the folder that TAKT_FMUS names, for whoever wants the archives, or one that goes when the run ends.
  public static let folder: URL = {
    let kept = ProcessInfo.processInfo.environment["TAKT_FMUS"].map { URL(fileURLWithPath: $0) }
    let folder =
      kept ?? FileManager.default.temporaryDirectory.appendingPathComponent("takt-fmi-tests-\(ProcessInfo.processInfo.processIdentifier)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    if kept == nil { atexit { try? FileManager.default.removeItem(at: TestUnits.folder) } }
    return folder
  }()

  /// A C compiler and what packs the archives.
  private static let hasTools = (try? run("sh", ["-c", "command -v cc >/dev/null && command -v python3 >/dev/null"])) ?? false

  /// A source that does not compile, though the tools are there.
  struct BuildFailure: Error { var source: String }

  private static let built = Mutex<[String: String]>([:])

  /// The path of the FMU of a source, for FMI 2 or 3.
  public static func fmu(_ source: String, _ major: Int) throws -> String? {
    guard hasTools else {
      print("skipped: no C compiler or no python3 on this machine")
      return nil
    }
    let key = "\(source)\(major)"
    return try built.withLock { built in
      if let known = built[key] { return known }
      let path = try build(source, major, key, platform(major))
      built[key] = path
      return path
    }
  }

  private static func build(_ source: String, _ major: Int, _ key: String, _ platform: String) throws -> String {
    let root = folder.appendingPathComponent("\(key)-files")
    let binaries = root.appendingPathComponent("binaries/\(platform)")
    try FileManager.default.createDirectory(at: binaries, withIntermediateDirectories: true)
    try Descriptions.xml(source, major).write(to: root.appendingPathComponent("modelDescription.xml"), atomically: true, encoding: .utf8)
    let code = sources.appendingPathComponent("\(source).c").path
    guard
      try run(
        "cc", ["-shared", "-fPIC", "-O1", "-w", "-DFMI=\"fmi\(major).h\"", "-o", binaries.appendingPathComponent("\(source).so").path, code, "-lm"])
    else { throw BuildFailure(source: source) }
    let archive = folder.appendingPathComponent("\(key).fmu").path
    guard try zip(root, archive) else { throw BuildFailure(source: source) }
    return archive
  }

  /// Packs a folder's files.
  public static func zip(_ root: URL, _ archive: String) throws -> Bool {
    try run("sh", ["-c", "cd \"$0\" && python3 -m zipfile -c \"$1\" *", root.path, archive])
  }

  private static func run(_ program: String, _ arguments: [String]) throws -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
