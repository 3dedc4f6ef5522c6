import Probability
import Simulation

/// A saturated serial line: the first station is never starved, the last never blocked.
func serial(
  _ cycles: [Law], capacities: [Int], transit: Double = 0, failure: StoppageSpec? = nil, microstop: StoppageSpec? = nil,
  scrap: [Double]? = nil
) -> LineSpec {
  precondition(capacities.count == cycles.count - 1)
  return LineSpec(
    stations: cycles.indices.map { i in
      StationSpec(
        name: "M\(i + 1)", inputs: i == 0 ? [] : [InputSpec(buffer: i - 1, count: 1)], output: i == cycles.count - 1 ? nil : i,
        cycle: cycles[i], failure: failure, microstop: microstop, scrap: scrap?[i] ?? 0)
    },
    buffers: capacities.enumerated().map { BufferSpec(name: "B\($0 + 1)", capacity: $1, transit: transit) }, sources: [])
}

func exponentialLine(_ machines: Int, capacity: Int, mttf: Double? = nil, mttr: Double = 10) -> LineSpec {
  serial(
    [Law](repeating: .exponential(mean: 1), count: machines), capacities: [Int](repeating: capacity, count: machines - 1),
    failure: mttf.map { StoppageSpec(interval: .exponential(mean: $0), length: .exponential(mean: mttr)) })
}

/// One source before parallel stations on a buffer that practically never fills.
func queue(arrivals: Law, service: Law, servers: Int = 1, failure: StoppageSpec? = nil) -> LineSpec {
  LineSpec(
    stations: (0..<servers).map {
      StationSpec(name: "S\($0)", inputs: [InputSpec(buffer: 0, count: 1)], output: nil, cycle: service, failure: failure)
    },
    buffers: [BufferSpec(name: "Queue", capacity: 1_000_000, transit: 0)],
    sources: [SourceSpec(name: "Arrivals", into: 0, lot: 1, interval: arrivals)])
}
