import Foundation
import Historian
import HistorianServer
import Quantities
import Telemetry
import Testing

@Suite struct WriteTests {
  @Test func whatIsAcknowledgedIsOnTheDisk() async throws {
    let fixture = ServerFixture()
    defer { fixture.remove() }
    try await fixture.serve { server in
      let client = try Client(port: server.port)
      #expect(try client.write("cpu,host=a usage=1.5 1767592800000000000\ncpu,host=a usage=2.5 1767592801000000000").status == 204)
      #expect(try client.write("cpu,host=b note=\"on\" 1767592800", "/api/v2/write?bucket=b&org=o&precision=s").status == 204)
      // Before the server has closed: as after a crash.
      let found = try fixture.found()
      #expect(found.tags == [#"cpu_note{host="b"}"#, #"cpu_usage{host="a"}"#])
      #expect(found.last(of: #"cpu_usage{host="a"}"#)?.value == .number(2.5))
      #expect(found.last(of: #"cpu_note{host="b"}"#)?.value == .text("on"))
      #expect(found.last(of: #"cpu_note{host="b"}"#)?.arrival == wall)
    }
  }

  @Test func writesTakenTogetherAreAllThere() async throws {
    let fixture = ServerFixture()
    defer { fixture.remove() }
    try await fixture.serve { server in
      let port = server.port
      try await withThrowingTaskGroup(of: Int.self) { group in
        for sender in 0..<4 {
          group.addTask {
            let client = try Client(port: port)
            var taken = 0
            for body in 0..<12 {
              let lines = (0..<50).map { "m,sender=\(sender) v=\($0) \(1_767_592_800_000_000_000 + body * 50 + $0)" }
              if try client.write(lines.joined(separator: "\n")).status == 204 { taken += 50 }
            }
            return taken
          }
        }
        var taken = 0
        while let count = try await group.next() { taken += count }
        #expect(taken == 2_400)
      }
      let statistics = try fixture.found().statistics()
      #expect(statistics.map(\.count) == [600, 600, 600, 600])
    }
  }

  @Test func errorsAreToldInTheWordsOfEachVersion() async throws {
    let fixture = ServerFixture()
    defer { fixture.remove() }
    try await fixture.serve { server in
      let client = try Client(port: server.port)
      let first = try client.write("cpu v=1\nbad\ncpu v=x")
      #expect(first.status == 400)
      #expect(
        first.body
          == "{\"error\":\"partial write: unable to parse 'bad': missing fields\\nunable to parse 'cpu v=x': invalid number: x dropped=0\"}\n")
      #expect(first.headers["x-influxdb-error"]?.hasPrefix("partial write") == true)
      let second = try client.write("cpu v=1\nbad", "/api/v2/write?precision=s")
      #expect(second.status == 400 && second.body.contains("\"code\":\"invalid\"") && second.body.contains("line 2: unable to parse 'bad'"))
      #expect(second.body.contains("\"accepted\":1") && second.body.contains("\"rejected\":1"))
      #expect(try client.write("bad").body == "{\"error\":\"unable to parse 'bad': missing fields\"}\n")
      #expect(try client.write("cpu v=1", "/write?precision=d").status == 400)
      #expect(try client.write("cpu v=1", "/api/v2/write?precision=h").status == 400)
      #expect(try client.write("").status == 204)
      #expect(try client.ask("POST", "/write", "x", headers: ["Content-Encoding": "br"]).status == 415)
      #expect(try client.ask("POST", "/write", "x", headers: ["Content-Encoding": "gzip"]).status == 400)
      #expect(try client.ask("GET", "/nothing").status == 404)
      #expect(try client.ask("GET", "/ping").status == 204)
      #expect(try client.ask("GET", "/health").body.contains("\"pass\""))
      #expect(try client.ask("GET", "/metrics").body.contains("takt_historian_samples_total 2\n"))
    }
  }

  @Test func aTokenIsAskedOfEverybodyButTheHealthCheck() async throws {
    var fixture = ServerFixture()
    fixture.configuration.token = "secret"
    defer { fixture.remove() }
    try await fixture.serve { server in
      let client = try Client(port: server.port)
      #expect(try client.write("cpu v=1").status == 401)
      #expect(try client.ask("GET", "/metrics").status == 401)
      #expect(try client.ask("GET", "/health").status == 200)
      for field in ["Token secret", "Bearer secret", "Token user:secret", "Basic " + Data("u:secret".utf8).base64EncodedString()] {
        #expect(try client.ask("POST", "/write", "cpu v=1", headers: ["Authorization": field]).status == 204, "\(field)")
      }
      #expect(try client.ask("POST", "/write", "cpu v=1", headers: ["Authorization": "Token secre"]).status == 401)
      #expect(try client.write("cpu v=1", "/write?u=x&p=secret").status == 204)
    }
    var open = HistorianServerConfiguration()
    open.host = "0.0.0.0"
    #expect(open.flaw != nil)
    open.token = "t"
    #expect(open.flaw == nil)
  }

  @Test func gzipIsTakenAndABombIsNot() async throws {
    var fixture = ServerFixture()
    fixture.configuration.bodyBytes = 100_000
    defer { fixture.remove() }
    // `cpu v=1 5`, and 200,000 spaces, compressed by gzip.
    let small = Data(base64Encoded: "H4sIAAAAAAAC/0suKFUoszVUMAUA0JgGBAkAAAA=")!
    let bomb = Data(
      base64Encoded: "H4sIAAAAAAAC/+3BMQEAAADCoCrrn9IM/kABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAK8BMWFiEEANAwA=")!
    try await fixture.serve { server in
      let client = try Client(port: server.port)
      try client.begin("POST", "/write", [UInt8](small), headers: ["Content-Encoding": "gzip"])
      #expect(try client.answer().status == 204)
      #expect(try fixture.found().tags == ["cpu_v"])
      try client.begin("POST", "/write", [UInt8](bomb), headers: ["Content-Encoding": "gzip"])
      #expect(try client.answer().status == 413)
      #expect(try client.ask("POST", "/write", String(repeating: "#", count: 100_001)).status == 413)
      #expect(try client.write("cpu v=2").status == 204, "the connection goes on")
    }
  }
}
