import Probability

/// A line as flat tables: what `LineRun` copies into raw memory. Producers of a buffer are stations by index, then sources.
struct CompiledLine: Sendable {
  let line: LineSpec
  /// By station: cycle, failure interval, repair, short-stop interval, its length. By source, after the stations: interval.
  let samplers: [LawSampler]
  /// Where the values of an empirical law begin in `values`, by sampler.
  let valueOffsets: [Int]
  let values: [Double]
  let inputOffsets: [Int]
  let inputs: [InputSpec]
  let consumers: [[Int]]
  let producers: [[Int]]
  let tracksDefects: Bool

  /// Samplers a station.
  static let laws = 5

  init(_ line: LineSpec) {
    self.line = line
    let never = Law.constant(0)
    let laws =
      line.stations.flatMap {
        [$0.cycle, $0.failure?.interval ?? never, $0.failure?.length ?? never, $0.microstop?.interval ?? never, $0.microstop?.length ?? never]
      }
      + line.sources.map(\.interval)
    samplers = laws.map(LawSampler.init)
    var values: [Double] = []
    var offsets: [Int] = []
    for law in laws {
      offsets.append(values.count)
      if case .empirical(let v) = law { values += v }
    }
    (self.values, valueOffsets) = (values, offsets)
    var inputOffsets: [Int] = []
    var inputs: [InputSpec] = []
    var consumers = [[Int]](repeating: [], count: line.buffers.count)
    var producers = consumers
    for (i, station) in line.stations.enumerated() {
      inputOffsets.append(inputs.count)
      inputs += station.inputs
      for input in station.inputs { consumers[input.buffer].append(i) }
      if let output = station.output { producers[output].append(i) }
    }
    for (s, source) in line.sources.enumerated() { producers[source.into].append(line.stations.count + s) }
    (self.inputOffsets, self.inputs, self.consumers, self.producers) = (inputOffsets, inputs, consumers, producers)
    tracksDefects = line.tracksDefects
  }
}
