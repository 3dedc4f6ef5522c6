import TestFMUs

@testable import FMI

extension TestUnits {
  /// A session of a test unit; nil where the machine cannot compile it.
  static func session(_ source: String, _ major: Int, patience: Double = 30, growthLimit: Int = 1 << 30) throws -> FMUSession? {
    guard let path = try fmu(source, major) else { return nil }
    return try FMUSession(try FMU(path), host: host, patience: patience, growthLimit: growthLimit)
  }
}
