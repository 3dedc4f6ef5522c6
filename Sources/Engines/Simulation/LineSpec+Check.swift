import EventKernel
import Probability

extension LineSpec {
  /// Everything that keeps this line from being simulated, a sentence each; empty for a sound line.
  public var faults: [String] {
    var faults: [String] = []
    if stations.isEmpty { faults.append("it has no stations") }
    for station in stations where station.machines < 1 { faults.append("station \(station.name): \(station.machines) machines") }
    let slips = countFaults
    // What follows reckons with the counts.
    if !slips.isEmpty { return faults + slips }
    if faults.isEmpty && Slots(self).count > Event.slotLimit {
      faults.append("it has more than \(Event.slotLimit) machines, sources, buffers, vehicles and calendars")
    }
    checkNames(&faults)
    checkFlow(&faults)
    checkResources(&faults)
    checkHandOvers(&faults)
    for buffer in buffers {
      let owner = "buffer \(buffer.name)"
      if buffer.capacity < 0 { faults.append("\(owner): capacity \(buffer.capacity) is negative") }
      if !(buffer.transit.isFinite && buffer.transit >= 0) { faults.append("\(owner): transit \(buffer.transit) must be finite and not negative") }
      if buffer.capacity == 0 && buffer.transit > 0 { faults.append("\(owner): a part cannot travel through a buffer of capacity 0") }
      if !(buffer.headway.isFinite && buffer.headway >= 0) { faults.append("\(owner): headway \(buffer.headway) must be finite and not negative") }
      if buffer.capacity == 0 && buffer.headway > 0 { faults.append("\(owner): a conveyor needs room for a part") }
    }
    for station in stations { check(station, &faults) }
    for source in sources {
      let owner = "source \(source.name)"
      if !buffers.indices.contains(source.into) { faults.append("\(owner): there is no buffer \(source.into)") }
      if source.lot < 1 { faults.append("\(owner): a lot of \(source.lot) parts") }
      check(source.interval, "\(owner): interval", positive: true, &faults)
      check(source.outages, source.outagePeriod, "\(owner): outages", &faults)
      check(source, owner, &faults)
    }
    return faults
  }

  /// More of anything than this is a slip, and would take more memory than there is.
  static let mostOfAnything = 10_000_000

  private var countFaults: [String] {
    var faults: [String] = []
    func check(_ count: Int, _ what: String) {
      if count.magnitude > LineSpec.mostOfAnything { faults.append("\(what): \(count) are more than \(LineSpec.mostOfAnything)") }
    }
    for station in stations {
      let owner = "station \(station.name)"
      check(station.machines, "\(owner): machines")
      check(station.batch?.most ?? 0, "\(owner): batch")
      for input in station.inputs { check(input.count, "\(owner): parts taken") }
      if case .disassembly(let yields) = station.routing { for yield in yields { check(yield.count, "\(owner): yield") } }
    }
    for source in sources {
      check(source.lot, "source \(source.name): lot")
      for order in source.orders { check(order.quantity, "source \(source.name): order \(order.name)") }
    }
    for crew in crews { check(crew.count, "crew \(crew.name): people") }
    for need in stations.flatMap(\.allNeeds) { check(need.count, "skill \(need.skill)") }
    for fleet in fleets { check(fleet.vehicles, "fleet \(fleet.name): vehicles") }
    for way in transports { check(way.load, "transport \(way.name): load") }
    for loop in cardLoops { check(loop.cards, "card loop \(loop.name): cards") }
    guard faults.isEmpty else { return faults }
    // Each below the limit, so their products fit.
    for station in stations {
      var pieces = 1
      if case .disassembly(let yields) = station.routing { pieces = yields.reduce(0) { $0 + $1.count } }
      let room = Double(station.machines) * Double(max(1, station.batch?.most ?? 1)) * Double(max(1, pieces))
      if room > Double(LineSpec.mostOfAnything) {
        faults.append("station \(station.name): its machines hold more than \(LineSpec.mostOfAnything) parts")
      }
    }
    for (f, fleet) in fleets.enumerated() {
      let load = transports.lazy.filter { $0.fleet == f }.map(\.load).max() ?? 0
      if Double(fleet.vehicles) * Double(load) > Double(LineSpec.mostOfAnything) {
        faults.append("fleet \(fleet.name): its vehicles hold more than \(LineSpec.mostOfAnything) parts")
      }
    }
    return faults
  }

  private func checkNames(_ faults: inout [String]) {
    // Names are the addresses of random streams, so two stations of one name would share their luck.
    let kinds = [
      ("station", stations.flatMap { $0.machineNames }), ("source", sources.map(\.name)), ("transport", transports.map(\.name)),
      ("buffer", buffers.map(\.name)),
      ("product", products.map(\.name)), ("crew", crews.map(\.name)), ("card loop", cardLoops.map(\.name)),
    ]
    for (kind, names) in kinds {
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
    check(station.cycle, "\(owner): cycle", positive: true, &faults)
    let stops = [("failure", station.failure), ("short stop", station.microstop)] + station.stoppages.map { ("stop \($0.name)", $0) }
    for (name, stop) in stops {
      guard let stop else { continue }
      check(stop.interval, "\(owner): \(name) interval", positive: true, &faults)
      check(stop.length, "\(owner): \(name) length", positive: false, &faults)
      if let need = stop.need { check(need, "\(owner): \(name)", &faults) }
    }
    if Set(station.stoppages.map(\.name)).count < station.stoppages.count { faults.append("\(owner): two further stops of one name") }
    check(station.closures, station.closurePeriod, "\(owner): closures", &faults)
    checkWork(station, owner, &faults)
    checkUpkeep(station, owner, &faults)
    var shares = [("scrap", station.scrap), ("latent defects", station.latentDefect)]
    if let inspection = station.inspection {
      shares += [("inspection's sensitivity", inspection.sensitivity), ("inspection's false rejects", inspection.falseReject)]
    }
    for (name, share) in shares where !(share >= 0 && share <= 1) { faults.append("\(owner): \(name) \(share) is no probability") }
  }

  func check(_ law: Law, _ owner: String, positive: Bool, _ faults: inout [String]) {
    if let fault = law.fault {
      faults.append("\(owner): \(fault)")
    } else if positive && !(law.mean > 0) {
      faults.append("\(owner): a mean of 0 would let time stand still")
    }
  }

  func check(_ spans: [ClosureSpec], _ period: Double?, _ owner: String, _ faults: inout [String]) {
    var last = -Double.infinity
    for span in spans {
      if !(span.start.isFinite && span.end >= span.start) { faults.append("\(owner): from \(span.start) to \(span.end) s is no span") }
      if span.start < last { faults.append("\(owner): the span from \(span.start) s begins before the one before it ends") }
      last = span.end
    }
    guard let period else { return }
    if !(period > 0 && period.isFinite) { return faults.append("\(owner): a period of \(period) s") }
    if (spans.first?.start ?? 0) < 0 || last > period { faults.append("\(owner): spans must lie within their period of \(period) s") }
    if spans.reduce(0, { $0 + $1.end - $1.start }) >= period { faults.append("\(owner): nothing of the period of \(period) s is left") }
  }

  func check(_ need: NeedSpec, _ owner: String, _ faults: inout [String]) {
    let able = crews.reduce(0) { $0 + ($1.skills.contains(need.skill) ? $1.count : 0) }
    if need.count < 1 { faults.append("\(owner): needs \(need.count) with skill \(need.skill)") }
    if !crews.contains(where: { $0.skills.contains(need.skill) }) {
      faults.append("\(owner): no crew has skill \(need.skill)")
    } else if able < need.count {
      faults.append("\(owner): needs \(need.count) with skill \(need.skill), and there are \(able)")
    }
  }
}

extension StationSpec {
  /// Whom it needs, for whatever.
  fileprivate var allNeeds: [NeedSpec] {
    needs + (allStoppages.map(\.need) + maintenance.map(\.need) + [wear?.need, setup?.need]).compactMap { $0 }
  }
}
