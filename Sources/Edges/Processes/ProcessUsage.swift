import Foundation

/// What a process has used, for `takt top`.
public struct ProcessUsage: Sendable, Hashable {
  /// User and system time since it started, in seconds.
  public var cpuSeconds: Double
  /// Resident memory, in bytes.
  public var residentBytes: Int

  /// Nil where the process does not exist (any more) or the system does not tell.
  public init?(pid: Int32) {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8), let close = stat.lastIndex(of: ")") else { return nil }
    // Fields after the name, which may hold blanks: state is the third of all, so utime, stime and rss are the 12th, 13th and 22nd from there.
    let fields = stat[stat.index(after: close)...].split(separator: " ")
    guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]), let pages = Int(fields[21]) else { return nil }
    cpuSeconds = (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    residentBytes = pages * sysconf(Int32(_SC_PAGESIZE))
  }
}
