import Foundation
import Reports
import Simulation
import Testing

@Test func aTraceComesBackFromItsFileBitForBit() throws {
  let line = try threeStations()
  let result = try LineSimulation(line).replicate(seed: 3, horizon: 600, recording: Recording(trace: true))
  let trace = try #require(result.trace)
  #expect(trace.entries.count > 500)
  let file = TraceFile(
    header: TraceHeader(plant: "three", revision: "r", seed: 3, replication: 0, warmUp: 0, horizon: 600, line: line, trace: trace), trace: trace)
  let data = try file.encoded()
  #expect(try TraceFile(decoding: data) == file)
  #expect(try file.encoded() == data)
  #expect(file.header.stations.map(\.outputs) == [[1], [2], []] && file.header.buffers.map(\.capacity) == [40, 10, 10])
  // The states add up to what the totals say.
  var seconds = [Double](repeating: 0, count: 9)
  var (state, since) = (LineTrace.State.starved.rawValue, 0.0)
  for entry in trace.entries where entry.kind == .state && entry.index == 1 {
    seconds[state] += entry.time - since
    (state, since) = (Int(entry.value), entry.time)
  }
  seconds[state] += 600 - since
  let times = result.stations[1].times
  #expect((seconds[LineTrace.State.working.rawValue] - times.working).magnitude < 1e-6)
  #expect((seconds[LineTrace.State.starved.rawValue] - times.starved).magnitude < 1e-6)
}

@Test func aTornOrForeignFileIsRefusedWithTheReason() throws {
  let line = try threeStations()
  let trace = LineTrace(
    entries: [.init(time: 1.5, kind: .state, index: 2, value: 0), .init(time: 2, kind: .left, index: 0, value: 1)], isCut: true, stations: [0, 1, 2])
  let file = TraceFile(
    header: TraceHeader(plant: "three", revision: "r", seed: 3, replication: 0, warmUp: 0, horizon: 600, line: line, trace: trace), trace: trace)
  let text = String(decoding: try file.encoded(), as: UTF8.self)
  #expect(text.hasSuffix("[1.5,\"s\",2,0]\n[2,\"o\",0,1]\n{\"cut\":true,\"entries\":2}\n"))
  func error(_ text: String) -> TraceError? { #expect(throws: TraceError.self) { try TraceFile(decoding: Data(text.utf8)) } }
  #expect(error("") == .noTrace && error("{\"a\":1}\n") == .noTrace)
  #expect(error(text.replacing("\"version\":1", with: "\"version\":2")) == .otherVersion(2))
  #expect(error(String(text.dropLast(26))) == .unfinished)
  #expect(error(text.replacing("[2,\"o\",0,1]\n", with: "")) == .badLine(3))
  #expect(error(text.replacing("\"s\",2,0", with: "\"s\",3,0")) == .badLine(2))
  #expect(error(text.replacing("\"s\",2,0", with: "\"s\",2,9")) == .badLine(2))
  #expect(error(text.replacing("[1.5,", with: "[nan,")) == .badLine(2))
}
