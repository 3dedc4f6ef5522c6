import Foundation
import ProcessFlow
import Testing

/// `TAKT_STUDY=1 swift test -c release --filter speed` prints how many timed events a second of processor time brings, statistics on.
@Test(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] == "1")) func speed() throws {
  func measure(_ name: String, _ model: FlowModel, _ stop: Stop) throws {
    let before = clock()
    let result = try model.replicate(seed: 1, until: stop)
    let seconds = Double(clock() - before) / Double(CLOCKS_PER_SEC)
    print("\(name): \(result.events) timed events in \(seconds) s of processor time, \(Double(result.events) / seconds / 1e6) million a second")
    #expect(result.events > 0)
  }
  let queue = try FlowModel("M/M/1") { m in
    let server = m.resource("server")
    m.process("customer", arrivals: .exponential(mean: 1 / 0.9)) {
      Seize(server)
      Delay("service", .exponential(mean: 1))
      Release(server)
      Tally("time in system", of: .age)
    }
  }
  try measure("M/M/1, 1,000,000 customers", queue, .departures(1_000_000))
  try measure("line of 10 that fail, 1,000,000 parts", failingLine(), .count("made", 1_000_000))
}

/// Ten machines with buffers of ten, exponential work of mean 1; each fails after 100 of work on average, for 10. The long-run rate is 0.6407.
func failingLine() throws -> FlowModel {
  try FlowModel("line") { m in
    let buffers = (0..<9).map { m.store("buffer \($0)", capacity: 10) }
    let (work, life) = (m.attribute("work"), m.attribute("life"))
    for j in 0..<10 {
      m.process("machine \(j)", population: 1) {
        Assign(life, to: .exponential(mean: 100), name: "first life")
        Forever {
          if j > 0 { Take(buffers[j - 1]) }
          Assign(work, to: .exponential(mean: 1), name: "work")
          While(work.value > life.value) {
            Delay("until failure", life.value)
            Assign(work, to: work.value - life.value)
            Delay("repair", .exponential(mean: 10))
            Assign(life, to: .exponential(mean: 100), name: "life")
          }
          Delay("rest", work.value)
          Assign(life, to: life.value - work.value)
          if j < 9 { Put(buffers[j]) } else { Count("made") }
        }
      }
    }
  }
}
