import Determinism
import Inference
import Probability
import Simulation

extension TrueLine {
  /// The same line for the event engine.
  var spec: LineSpec {
    var stations: [StationSpec] = []
    for (i, s) in self.stations.enumerated() {
      var station = StationSpec(
        name: "S\(i)", inputs: i > 0 ? [InputSpec(buffer: i - 1, count: 1)] : [], output: i < capacities.count ? i : nil,
        cycle: .exponential(mean: s.work))
      station.failure = StoppageSpec(interval: .exponential(mean: s.failureInterval), length: .exponential(mean: s.repair))
      stations.append(station)
    }
    let buffers = capacities.enumerated().map { BufferSpec(name: "B\($0)", capacity: $1, transit: 0) }
    return LineSpec(stations: stations, buffers: buffers, sources: [])
  }

  /// The line with the three means of every station unknown, in the order of `LineChain`: works, times between failures, repairs.
  func unknown(work: Double, failureInterval: Double, repair: Double, spread: Double) throws -> UnknownLine {
    let kinds: [(LineParameter.Quantity, Double)] = [(.work, work), (.failureInterval, failureInterval), (.repair, repair)]
    return try UnknownLine(
      spec,
      parameters: kinds.flatMap { kind, median in
        stations.indices.map { i in
          LineParameter("\(kind.rawValue)\(i + 1)", [.init(kind, of: i)], prior: LognormalPrior(median: median, spread: spread))
        }
      })
  }

  /// Its stations as completion laws.
  var row: Row<ExponentialCompletion> {
    Row(
      stations: stations.map { ExponentialCompletion(work: $0.work, failureInterval: $0.failureInterval, repair: $0.repair) },
      capacities: capacities)
  }
}
