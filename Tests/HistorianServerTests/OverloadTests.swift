import Foundation
import HistorianServer
import Testing

@Suite struct OverloadTests {
  /// Many senders, each with half a body sent, hold all the memory that there may be: the next is told to come again, and the others finish.
  @Test func whatIsHeldIsBoundedAndTheRestIsToldToComeAgain() async throws {
    var fixture = ServerFixture()
    fixture.configuration.openBytes = 40_000
    defer { fixture.remove() }
    let body = [UInt8](String(repeating: "cpu v=1 1767592800000000000\n", count: 300).utf8)
    try await fixture.serve { server in
      let holders = try (0..<4).map { _ in try Client(port: server.port) }
      for holder in holders { try holder.begin("POST", "/write", Array(body[..<4_000]), length: body.count) }
      // Each holds 8,400 bytes; that they do shows in the figures.
      let asker = try Client(port: server.port)
      while try !asker.ask("GET", "/metrics").body.contains("takt_historian_open_bytes 33600.0\n") {}
      let late = try asker.write(String(decoding: body, as: UTF8.self))
      #expect(late.status == 429 && late.headers["retry-after"] == "1")
      #expect(try asker.write("cpu v=2").status == 204, "a small one still fits")
      for holder in holders { try holder.send(Array(body[4_000...])) }
      for holder in holders { #expect(try holder.answer().status == 204) }
      #expect(try asker.write(String(decoding: body, as: UTF8.self)).status == 204, "and now there is room again")
      let figures = try asker.ask("GET", "/metrics").body
      #expect(figures.contains("takt_historian_open_bytes 0.0\n") && figures.contains("takt_historian_too_busy_total 1\n"))
      let most = figures.split(separator: "\n").first { $0.hasPrefix("takt_historian_open_bytes_most ") }!.split(separator: " ")[1]
      #expect(Double(most)! <= 40_000)
    }
  }

  @Test func connectionsBeyondTheLimitAreClosed() async throws {
    var fixture = ServerFixture()
    fixture.configuration.connectionLimit = 2
    defer { fixture.remove() }
    try await fixture.serve { server in
      let inside = try (0..<2).map { _ in try Client(port: server.port) }
      for client in inside { #expect(try client.write("cpu v=1").status == 204) }
      #expect(throws: (any Error).self) { try Client(port: server.port).write("cpu v=1") }
      #expect(try inside[0].write("cpu v=1").status == 204)
    }
  }

  /// A sender that dies in the middle of a body leaves nothing behind.
  @Test func aBrokenConnectionGivesBackWhatItHeld() async throws {
    let fixture = ServerFixture()
    defer { fixture.remove() }
    try await fixture.serve { server in
      var dying: Client? = try Client(port: server.port)
      try dying?.begin("POST", "/write", [UInt8]("cpu v=1".utf8), length: 5_000)
      let asker = try Client(port: server.port)
      while try !asker.ask("GET", "/metrics").body.contains("takt_historian_open_bytes 5000.0\n") {}
      dying = nil
      while try !asker.ask("GET", "/metrics").body.contains("takt_historian_open_bytes 0.0\n") {}
      #expect(try asker.write("cpu v=1").status == 204)
    }
  }
}
