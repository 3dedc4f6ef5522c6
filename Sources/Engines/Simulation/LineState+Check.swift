extension LineState {
  /// Everything that keeps a simulation of `line` from starting here.
  public func faults(for line: LineSpec) -> [String] {
    var faults: [String] = []
    if levels.count != line.buffers.count { faults.append("\(levels.count) levels for \(line.buffers.count) buffers") }
    let machines = line.stations.flatMap { [StationSpec](repeating: $0, count: max($0.machines, 0)) }
    if stations.count != machines.count { faults.append("\(stations.count) stations for \(machines.count)") }
    for (level, buffer) in zip(levels, line.buffers) where !(0...max(buffer.capacity, 0)).contains(level) {
      faults.append("\(level) parts in buffer \(buffer.name), which holds \(buffer.capacity)")
    }
    let kinds = max(line.products.count, 1)
    if products.count > line.buffers.count || products.joined().contains(where: { !(0..<kinds).contains($0.product) || $0.quantity < 0 }) {
      faults.append("parts of a product that is not, or in a buffer that is not")
    }
    for (state, station) in zip(stations, machines) {
      if let product = state.product, !(0..<kinds).contains(product) { faults.append("station \(station.name): there is no product \(product)") }
      if !(state.wear.isFinite && state.wear >= 0) { faults.append("station \(station.name): its tool is worn by \(state.wear)") }
      var ages = [state.sinceFailure, state.sinceMicrostop]
      switch state.condition {
      case .working(let elapsed), .failed(let elapsed, _), .microstopped(let elapsed, _): ages.append(elapsed)
      case .blocked: if station.destinations(line).isEmpty { faults.append("station \(station.name) cannot be blocked: its parts leave the line") }
      case .idle: break
      }
      if ages.contains(where: { !($0.isFinite && $0 >= 0) }) { faults.append("station \(station.name): an elapsed time is negative or not finite") }
    }
    return faults
  }
}
