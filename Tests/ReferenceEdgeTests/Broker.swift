import Foundation

/// A mosquitto of the test's own, on a free port of the loopback; nil where the program is not installed.
final class Broker {
  let port: Int
  private let program: String
  private let configuration: URL
  private var process: Process?

  init?() throws {
    let places = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto"]
    guard let program = places.first(where: FileManager.default.isExecutableFile) else { return nil }
    self.program = program
    port = Self.freePort()
    let name = "takt-plant-\(port)-\(ProcessInfo.processInfo.processIdentifier).conf"
    configuration = FileManager.default.temporaryDirectory.appending(path: name)
    let text = "listener \(port) 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest none\n"
    try text.write(to: configuration, atomically: true, encoding: .utf8)
    try start()
  }

  func start() throws {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = ["-c", configuration.path]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    self.process = process
  }

  /// Killed, not asked: a child of a dispatch thread has SIGTERM blocked.
  func stop() {
    if let process { kill(process.processIdentifier, SIGKILL) }
    process?.waitUntilExit()
    process = nil
  }

  deinit {
    stop()
    try? FileManager.default.removeItem(at: configuration)
  }

  /// A port that the system has just given out and taken back.
  private static func freePort() -> Int {
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
}
