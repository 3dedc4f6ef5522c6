import LineModel
import PlantModel
import Probability
import Synchronisation

extension Plant {
  /// What synchronisation has to know of this line; nil where parts move by rules that it does not follow: by chance or by route, in batches, on
  /// vehicles, taken apart, or from several sources into one buffer.
  var layout: LineLayout? {
    let index = Dictionary(uniqueKeysWithValues: buffers.enumerated().map { ($1.name, $0) })
    guard transports.isEmpty, cardLoops.isEmpty, Set(sources.map(\.into)).count == sources.count, buffers.allSatisfy({ $0.capacity > 0 }) else {
      return nil
    }
    var places: [LineLayout.Station] = []
    for station in stations {
      let output: LineLayout.Destination
      switch station.output {
      case .buffer(let name): output = .buffer(index[name]!)
      case .sink: output = .outside
      case .chance, .emptiest, .route, .disassembly: return nil
      }
      guard station.batch == nil, !station.inputs.isEmpty else { return nil }
      places.append(
        LineLayout.Station(
          name: station.name, inputs: station.inputs.map { .init(buffer: index[$0.buffer]!, count: $0.count) }, output: output,
          rejects: station.rework.map { .buffer(index[$0.into]!) } ?? .outside, machines: station.machines,
          cycle: station.cycle.scaled(by: 1 / station.speedRatio(at: designSetpoints)),
          repair: station.believedRepair))
    }
    return LineLayout(
      buffers: buffers.map {
        .init(name: $0.name, capacity: min($0.capacity, LineRecord.mostParts), transit: $0.transit, isMeasured: $0.levelTag != nil)
      },
      stations: places, sources: sources.map { .init(buffer: index[$0.into]!, lot: $0.lot, interval: $0.interval) })
  }
}
