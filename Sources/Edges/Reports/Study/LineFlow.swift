import Simulation

/// Who fills and who empties each buffer of a line.
struct LineFlow {
  struct Giver: Hashable {
    enum Kind: Hashable { case station(Int), source(Int), transport(Int) }
    var kind: Kind
  }
  /// By buffer.
  var givers: [[Giver]]
  /// By buffer: stations, and ways that carry parts away.
  var takers: [[Giver]]
  /// By station: buffers that it fills, in order, without repeats.
  var outputs: [[Int]]

  init(_ line: LineSpec) {
    outputs = line.stations.indices.map { Self.outputs(of: $0, in: line) }
    givers = line.buffers.map { _ in [] }
    takers = line.buffers.map { _ in [] }
    for (s, source) in line.sources.enumerated() { givers[source.into].append(Giver(kind: .source(s))) }
    for s in line.stations.indices {
      for b in outputs[s] { givers[b].append(Giver(kind: .station(s))) }
      for input in line.stations[s].inputs { takers[input.buffer].append(Giver(kind: .station(s))) }
    }
    for (t, way) in line.transports.enumerated() {
      givers[way.to].append(Giver(kind: .transport(t)))
      takers[way.from].append(Giver(kind: .transport(t)))
    }
  }

  /// Without rework, which leads back.
  private static func outputs(of index: Int, in line: LineSpec) -> [Int] {
    let station = line.stations[index]
    var found: [Int] = []
    func add(_ buffer: Int?) { if let buffer, !found.contains(buffer) { found.append(buffer) } }
    switch station.routing {
    case nil: add(station.output)
    case .chance(let branches): for branch in branches { add(branch.buffer) }
    case .emptiest(let buffers): for buffer in buffers { add(buffer) }
    case .disassembly(let yields): for yield in yields { add(yield.buffer) }
    case .route:
      for product in line.products {
        for (step, next) in zip(product.route, product.route.dropFirst()) where station.inputs.contains(where: { $0.buffer == step.buffer }) {
          add(next.buffer)
        }
      }
    }
    return found
  }

  /// How many parts of station `from` go into one part of each station after it; nil for stations that do not stand after it.
  ///
  /// Where several ways lead to a station, the first found counts.
  func parts(of from: Int, in line: LineSpec) -> [Double?] {
    var factor = [Double?](repeating: nil, count: line.stations.count)
    var queue = [(from, 1.0)]
    while let (station, size) = queue.popLast() {
      for buffer in outputs[station] { follow(buffer, size, line, &factor, &queue) }
    }
    factor[from] = nil
    return factor
  }

  private func follow(_ buffer: Int, _ size: Double, _ line: LineSpec, _ factor: inout [Double?], _ queue: inout [(Int, Double)]) {
    var seen: Set<Int> = []
    var ways = [buffer]
    while let b = ways.popLast() {
      guard seen.insert(b).inserted else { continue }
      for taker in takers[b] {
        switch taker.kind {
        case .station(let next) where factor[next] == nil:
          let count = Double(line.stations[next].inputs.first { $0.buffer == b }?.count ?? 1)
          factor[next] = size * count
          queue.append((next, size * count))
        case .transport(let t): ways.append(line.transports[t].to)
        case .station, .source: break
        }
      }
    }
  }
}
