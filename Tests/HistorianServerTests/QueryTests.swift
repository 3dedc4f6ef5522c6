import Foundation
import HistorianServer
import Testing

@Suite struct QueryTests {
  /// What was written is answered by Prometheus's API and by the historian's own, as JSON and CSV.
  @Test func questionsOverHTTP() async throws {
    let fixture = ServerFixture()
    defer { fixture.remove() }
    try await fixture.serve { server in
      let client = try Client(port: server.port)
      let lines = (0..<120).map { "cpu,host=a usage=\(Double($0) / 4),note=\"\($0 % 2)\" \(1_767_592_800 + $0)" }
      #expect(try client.write(lines.joined(separator: "\n"), "/write?precision=s").status == 204)
      #expect(
        try client.write("cpu,host=\"b\" usage=-0.125,quality=0i 1767592800\ncpu,host=c usage=1e300 1767592800", "/write?precision=s").status == 204)
      func json(_ path: String) throws -> String { try client.ask("GET", path).body }
      let time = "time=1767592919"
      #expect(
        try json("/api/v1/query?query=cpu_usage&\(time)")
          == #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"cpu_usage","host":"a"},"value":[1767592919,"29.75"]},"#
          + #"{"metric":{"__name__":"cpu_usage","host":"c"},"value":[1767592919,"1e+300"]}]}}"#)
      #expect(
        try json("/api/v1/query_range?query=sum_over_time(cpu_usage%7Bhost%3D%22a%22%7D%5B1m%5D)&start=1767592859&end=1767592919.5&step=60")
          == #"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"host":"a"},"values":[[1767592859,"442.5"],[1767592919,"1342.5"]]}]}}"#
      )
      #expect(try json("/api/v1/query?query=1/0").contains(#""scalar","result":[1767592800,"+Inf"]"#))
      #expect(try json("/api/v1/labels") == #"{"status":"success","data":["__name__","host"]}"#)
      #expect(try json("/api/v1/label/host/values") == #"{"status":"success","data":["\"b\"","a","c"]}"#)
      #expect(try json("/api/v1/series?match[]=cpu_note") == #"{"status":"success","data":[{"__name__":"cpu_note","host":"a"}]}"#)
      let wrong = try client.ask("GET", "/api/v1/query?query=cpu_usage%7B")
      #expect(wrong.status == 400 && wrong.body.hasPrefix(#"{"status":"error","errorType":"bad_data","error":"parse error at 10"#))
      #expect(
        try client.ask("POST", "/api/v1/query", "query=count(cpu_usage)&\(time)", headers: ["Content-Type": "application/x-www-form-urlencoded"]).body
          .contains("\"2\""))
      #expect(
        try json("/api/v1/last")
          == #"{"columns":["tag","instant","value","quality"],"rows":[["cpu_usage{host=\"a\"}",1767592919,29.75,192],["#
          + #""cpu_note{host=\"a\"}",1767592919,"1",192],["cpu_usage{host=\"\\\"b\\\"\"}",1767592800,-0.125,0],["cpu_usage{host=\"c\"}",1767592800,1e+300,192]]}"#
      )
      #expect(
        try json("/api/v1/raw?tag=cpu_usage%7Bhost%3D%22a%22%7D&from=2026-01-05T06:01:58Z&format=csv")
          == "instant,value,quality\n1767592918,29.5,192\n1767592919,29.75,192\n")
      #expect(
        try json("/api/v1/aggregate?tag=cpu_usage%7Bhost%3D%22a%22%7D&from=1767592800&to=1767592920&window=1m&format=csv").split(separator: "\n")[1]
          .hasPrefix("\"cpu_usage{host=\"\"a\"\"}\",1767592800,60,0,7.375,"))
      #expect(try json("/api/v1/tags?match=note&format=csv").split(separator: "\n").count == 2)
      #expect(try client.ask("GET", "/api/v1/raw").status == 400)
      #expect(try client.ask("POST", "/api/v1/compact").status == 204)
      #expect(try json("/api/v1/query?query=count(cpu_usage)&\(time)").contains("\"2\""), "sealed samples answer the same")
    }
  }
}
