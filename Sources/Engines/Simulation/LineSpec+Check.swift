import Probability

extension LineSpec {
  /// Everything that keeps this line from being simulated, a sentence each; empty for a sound line.
  public var faults: [String] {
    var faults: [String] = []
    if stations.isEmpty { faults.append("it has no stations") }
    if max(stations.count + sources.count, buffers.count) >= Event.indexLimit {
      faults.append("it has more than \(Event.indexLimit - 1) stations, sources or buffers")
    }
    checkNames(&faults)
    for buffer in buffers {
      let owner = "buffer \(buffer.name)"
      if buffer.capacity < 0 { faults.append("\(owner): capacity \(buffer.capacity) is negative") }
      if !(buffer.transit.isFinite && buffer.transit >= 0) { faults.append("\(owner): transit \(buffer.transit) must be finite and not negative") }
      if buffer.capacity == 0 && buffer.transit > 0 { faults.append("\(owner): a part cannot travel through a buffer of capacity 0") }
      if buffer.capacity > LineSpec.largestTracked && (buffer.transit > 0 || tracksDefects) {
        faults.append("\(owner): capacity \(buffer.capacity) is above \(LineSpec.largestTracked), the most for parts with a transit time or defects")
      }
    }
    for station in stations { check(station, &faults) }
    for source in sources {
      let owner = "source \(source.name)"
      if !buffers.indices.contains(source.into) { faults.append("\(owner): there is no buffer \(source.into)") }
      if source.lot < 1 { faults.append("\(owner): a lot of \(source.lot) parts") }
      check(source.interval, "\(owner): interval", positive: true, &faults)
      check(source.outages, "\(owner): outages", &faults)
    }
    return faults
  }

  static let largestTracked = 10_000_000

  /// Whether parts carry defects that nobody saw yet.
  var tracksDefects: Bool { stations.contains { $0.latentDefect > 0 } }

  private func checkNames(_ faults: inout [String]) {
    // Names are the addresses of random streams, so two stations of one name would share their luck.
    for (kind, names) in [("station", stations.map(\.name)), ("source", sources.map(\.name))] {
      var seen: Set<String> = []
      for name in names where !seen.insert(name).inserted { faults.append("two \(kind)s are called \(name)") }
    }
  }

  private func check(_ station: StationSpec, _ faults: inout [String]) {
    let owner = "station \(station.name)"
    for input in station.inputs {
      if !buffers.indices.contains(input.buffer) { faults.append("\(owner): there is no buffer \(input.buffer)") }
      if input.count < 1 { faults.append("\(owner): takes \(input.count) parts from buffer \(input.buffer)") }
    }
    if Set(station.inputs.map(\.buffer)).count != station.inputs.count { faults.append("\(owner): takes from one buffer by two inputs") }
    if let output = station.output, !buffers.indices.contains(output) { faults.append("\(owner): there is no buffer \(output)") }
    if let output = station.output, buffers.indices.contains(output), buffers[output].capacity == 0,
      station.inputs.contains(where: { $0.buffer == output })
    {
      faults.append("\(owner): feeds itself through a buffer of capacity 0")
    }
    check(station.cycle, "\(owner): cycle", positive: true, &faults)
    for (name, stop) in [("failure", station.failure), ("short stop", station.microstop)] {
      guard let stop else { continue }
      check(stop.interval, "\(owner): \(name) interval", positive: true, &faults)
      check(stop.length, "\(owner): \(name) length", positive: false, &faults)
    }
    check(station.closures, "\(owner): closures", &faults)
    var shares = [("scrap", station.scrap), ("latent defects", station.latentDefect)]
    if let inspection = station.inspection {
      shares += [("inspection's sensitivity", inspection.sensitivity), ("inspection's false rejects", inspection.falseReject)]
    }
    for (name, share) in shares where !(share >= 0 && share <= 1) { faults.append("\(owner): \(name) \(share) is no probability") }
  }

  private func check(_ law: Law, _ owner: String, positive: Bool, _ faults: inout [String]) {
    if let fault = law.fault {
      faults.append("\(owner): \(fault)")
    } else if positive && !(law.mean > 0) {
      faults.append("\(owner): a mean of 0 would let time stand still")
    }
  }

  private func check(_ spans: [ClosureSpec], _ owner: String, _ faults: inout [String]) {
    var last = -Double.infinity
    for span in spans {
      if !(span.start.isFinite && span.end >= span.start) { faults.append("\(owner): from \(span.start) to \(span.end) s is no span") }
      if span.start < last { faults.append("\(owner): the span from \(span.start) s begins before the one before it ends") }
      last = span.end
    }
  }
}

extension LineState {
  /// Everything that keeps a simulation of `line` from starting here.
  public func faults(for line: LineSpec) -> [String] {
    var faults: [String] = []
    if levels.count != line.buffers.count { faults.append("\(levels.count) levels for \(line.buffers.count) buffers") }
    if stations.count != line.stations.count { faults.append("\(stations.count) stations for \(line.stations.count)") }
    for (level, buffer) in zip(levels, line.buffers) where !(0...max(buffer.capacity, 0)).contains(level) {
      faults.append("\(level) parts in buffer \(buffer.name), which holds \(buffer.capacity)")
    }
    for (state, station) in zip(stations, line.stations) {
      var ages = [state.sinceFailure, state.sinceMicrostop]
      switch state.condition {
      case .working(let elapsed), .failed(let elapsed, _), .microstopped(let elapsed, _): ages.append(elapsed)
      case .blocked: if station.output == nil { faults.append("station \(station.name) cannot be blocked: its parts leave the line") }
      case .idle: break
      }
      if ages.contains(where: { !($0.isFinite && $0 >= 0) }) { faults.append("station \(station.name): an elapsed time is negative or not finite") }
    }
    return faults
  }
}
