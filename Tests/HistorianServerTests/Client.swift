import Foundation
import Glibc

/// A plain HTTP/1.1 client over one socket, so that a test says exactly which bytes go when.
final class Client {
  struct Answer {
    var status: Int
    var headers: [String: String]
    var body: String
  }
  struct Failure: Error { var reason: String }

  private let socket: Int32

  init(port: Int) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
    }
    guard status == 0 else { throw Failure(reason: "cannot connect to \(port): \(errno)") }
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(socket) }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { throw Failure(reason: "cannot send: \(errno)") }
      sent += count
    }
  }

  /// The head of a request, and as much of its body as is given; `length` is what the head promises.
  func begin(_ method: String, _ path: String, _ body: [UInt8] = [], length: Int? = nil, headers: [String: String] = [:]) throws {
    var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(length ?? body.count)\r\n"
    for (name, value) in headers.sorted(by: { $0.key < $1.key }) { head += "\(name): \(value)\r\n" }
    try send([UInt8]((head + "\r\n").utf8) + body)
  }

  func answer() throws -> Answer {
    var bytes: [UInt8] = []
    func more() throws {
      var part = [UInt8](repeating: 0, count: 65_536)
      let count = recv(socket, &part, part.count, 0)
      guard count > 0 else { throw Failure(reason: "the connection ended after \(bytes.count) bytes") }
      bytes += part[..<count]
    }
    let end = [UInt8]("\r\n\r\n".utf8)
    while bytes.firstRange(of: end) == nil { try more() }
    let cut = bytes.firstRange(of: end)!
    let lines = String(decoding: bytes[..<cut.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    let length = Int(headers["content-length"] ?? "0") ?? 0
    while bytes.count < cut.upperBound + length { try more() }
    return Answer(
      status: Int(lines[0].split(separator: " ")[1]) ?? 0, headers: headers, body: String(decoding: bytes[cut.upperBound...], as: UTF8.self))
  }

  func ask(_ method: String, _ path: String, _ text: String = "", headers: [String: String] = [:]) throws -> Answer {
    try begin(method, path, [UInt8](text.utf8), headers: headers)
    return try answer()
  }

  func write(_ text: String, _ path: String = "/write") throws -> Answer { try ask("POST", path, text) }
}
