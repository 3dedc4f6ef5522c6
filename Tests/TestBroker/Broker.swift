import Foundation

/// A mosquitto of the test's own, on a free port of the loopback.
public final class Broker {
  /// What the broker said instead of listening.
  public struct Refusal: Error, CustomStringConvertible {
    public let description: String
  }

  public private(set) var port = 0
  private let folder: URL
  private var process: Process?
  private let program: URL
  private var logFile: URL { folder.appending(path: "mosquitto.log") }

  /// What it printed since its last start.
  public var log: String { (try? String(contentsOf: logFile, encoding: .utf8)) ?? "" }

  /// Listens when it returns; nil where the program is not installed.
  public init?() throws {
    let places = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto", "/opt/homebrew/sbin/mosquitto"]
    guard let found = places.first(where: FileManager.default.isExecutableFile) else { return nil }
    program = URL(filePath: found)
    folder = FileManager.default.temporaryDirectory.appending(path: "takt-broker-\(ProcessInfo.processInfo.globallyUniqueString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // Nobody can keep a port for a child: another process may have taken it first.
    for _ in 1..<5 { if (try? listen(on: freePort())) != nil { return } }
    try listen(on: freePort())
  }

  private func listen(on port: Int) throws {
    self.port = port
    try "listener \(port) 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest stderr\n"
      .write(to: folder.appending(path: "mosquitto.conf"), atomically: true, encoding: .utf8)
    try start()
  }

  /// Returns once it listens.
  public func start() throws {
    try Data().write(to: logFile)
    let process = Process()
    process.executableURL = program
    process.arguments = ["-c", folder.appending(path: "mosquitto.conf").path]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: logFile)
    try process.run()
    self.process = process
    for _ in 0..<2_000 where process.isRunning {
      if log.contains(" running") { return }
      usleep(5_000)
    }
    stop()
    throw Refusal(description: "mosquitto does not listen on \(port): \(log)")
  }

  /// Kills the broker. A gentle SIGTERM would not do: a child started from a dispatch thread inherits that thread's blocked signals.
  public func stop() {
    guard let process else { return }
    kill(process.processIdentifier, SIGKILL)
    while process.isRunning { usleep(10_000) }
    self.process = nil
  }

  deinit {
    stop()
    try? FileManager.default.removeItem(at: folder)
  }
}

/// A port that the system has just given out and taken back. No child that another test starts meanwhile inherits it.
private func freePort() -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  return withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
      precondition(bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0, "no free port")
    }
    return Int(UInt16(bigEndian: pointer.pointee.sin_port))
  }
}
