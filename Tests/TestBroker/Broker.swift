import Foundation

/// A mosquitto of the test's own, on a free port of the loopback.
public final class Broker {
  public let port: Int
  private let folder: URL
  private var process: Process?
  private let program: URL

  /// Nil where the program is not installed.
  public init?() throws {
    let places = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto", "/opt/homebrew/sbin/mosquitto"]
    guard let found = places.first(where: FileManager.default.isExecutableFile) else { return nil }
    program = URL(filePath: found)
    folder = FileManager.default.temporaryDirectory.appending(path: "takt-broker-\(ProcessInfo.processInfo.globallyUniqueString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    port = freePort()
    try "listener \(port) 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest none\n"
      .write(to: folder.appending(path: "mosquitto.conf"), atomically: true, encoding: .utf8)
    try start()
  }

  public func start() throws {
    let process = Process()
    process.executableURL = program
    process.arguments = ["-c", folder.appending(path: "mosquitto.conf").path]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    self.process = process
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

/// A port that the system has just given out and taken back: another process may take it first, as nobody can keep one for a child.
private func freePort() -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
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
