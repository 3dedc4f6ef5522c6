import Probability
import Quantities

/// How parts can move, by index: the layout as tables, shared by all histories.
final class Flow: Sendable {
  let layout: LineLayout
  /// For each buffer, the stations that take from it, put into it, and reject into it, and its source.
  let consumers: [[Int]]
  let producers: [[Int]]
  let rejecters: [[Int]]
  let source: [Int?]
  /// The buffers of each station, and for each buffer itself and those of its stations.
  let nearStation: [[Int]]
  let nearBuffer: [[Int]]
  let capacity: [Int]
  let isMeasured: [Bool]
  /// A source fills it, and neither a count nor a sensor tells of it.
  let isUncounted: [Bool]
  let transit: [Double]
  /// For each station, its machines, and the buffers that it puts good and rejected parts into; nil: they leave the line.
  let machines: [Int]
  let output: [Int?]
  let rejects: [Int?]
  /// For each station, whether others wait at the same buffers.
  let competes: [Bool]
  /// For each station, pieces a second at twice its nominal speed.
  let fastest: [Double]
  /// For each input of each station, its buffer, and the parts of it in one piece.
  let inputBuffer: [Int]
  let inputCount: [Int]
  /// For each station, where its inputs begin in flat arrays of inputs, and its machines in those of machines.
  let firstInput: [Int]
  let firstMachine: [Int]
  let heartbeat: Double
  let scan: Double

  init(_ layout: LineLayout) {
    self.layout = layout
    let (stations, buffers) = (layout.stations, layout.buffers)
    func buffer(_ destination: LineLayout.Destination) -> Int? { if case .buffer(let b) = destination { b } else { nil } }
    consumers = buffers.indices.map { b in stations.indices.filter { stations[$0].inputs.contains { $0.buffer == b } } }
    producers = buffers.indices.map { b in stations.indices.filter { stations[$0].output == .buffer(b) } }
    rejecters = buffers.indices.map { b in stations.indices.filter { stations[$0].rejects == .buffer(b) } }
    source = buffers.indices.map { b in layout.sources.firstIndex { $0.buffer == b } }
    let near = stations.map { s in s.inputs.map(\.buffer) + [s.output, s.rejects].compactMap(buffer) }
    nearStation = near
    nearBuffer = buffers.indices.map { b in Set(near.filter { $0.contains(b) }.joined()).union([b]).sorted() }
    capacity = buffers.map(\.capacity)
    isMeasured = buffers.map(\.isMeasured)
    isUncounted = buffers.indices.map { b in !buffers[b].isMeasured && layout.sources.contains { $0.buffer == b } }
    transit = buffers.map(\.transit.seconds)
    machines = stations.map(\.machines)
    output = stations.map { buffer($0.output) }
    rejects = stations.map { buffer($0.rejects) }
    var competes = stations.map { _ in false }
    for b in buffers.indices {
      for group in [consumers[b], producers[b] + rejecters[b]] where group.count > 1 { for s in group { competes[s] = true } }
    }
    self.competes = competes
    fastest = stations.map { 2 * Double($0.machines) / max($0.cycle.mean, 1e-3) }
    inputBuffer = stations.flatMap { $0.inputs.map(\.buffer) }
    inputCount = stations.flatMap { $0.inputs.map(\.count) }
    firstInput = stations.reduce(into: [0]) { $0.append($0.last! + $1.inputs.count) }
    firstMachine = stations.reduce(into: [0]) { $0.append($0.last! + $1.machines) }
    (heartbeat, scan) = (layout.heartbeat.seconds, layout.scan.seconds)
  }

  /// The inputs of station s, in flat arrays of inputs.
  func inputs(of s: Int) -> Range<Int> { firstInput[s]..<firstInput[s + 1] }

  /// Parts of buffer b in one piece of station s, which takes from it.
  func parts(of b: Int, in s: Int) -> Int {
    for k in inputs(of: s) where inputBuffer[k] == b { return inputCount[k] }
    return 1
  }
}
