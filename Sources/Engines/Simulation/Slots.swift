/// Which slot of the event calendar belongs to what: where the slots of each kind begin. A machine's own slot is its index.
///
/// A kind that the line does not have takes no slots, so that a plain line's tree is no deeper than it must be.
struct Slots: Sendable {
  let sources: Int
  let belts: Int
  let interruptions: Int
  let closures: Int
  let calendarStops: Int
  let duties: Int
  let vehicles: Int
  let shifts: Int
  let count: Int

  init(_ line: LineSpec) {
    let machines = line.stations.reduce(0) { $0 + $1.machines }
    func perMachine(_ count: (StationSpec) -> Int) -> Int { line.stations.reduce(0) { $0 + $1.machines * count($1) } }
    var next = machines
    func take(_ count: Int) -> Int {
      defer { next += count }
      return next
    }
    sources = take(line.sources.count)
    belts = take(line.buffers.contains { $0.isBelt } ? 2 * line.buffers.count : 0)
    interruptions = take(line.sources.contains { $0.interruption != nil } ? line.sources.count : 0)
    closures = take(line.stations.contains { !$0.closures.isEmpty } ? machines : 0)
    calendarStops = take(perMachine { station in station.allStoppages.count { $0.clock == .calendar } })
    duties = take(perMachine { station in station.maintenance.count { $0.basis == .calendar } })
    vehicles = take(line.fleets.reduce(0) { $0 + $1.vehicles })
    shifts = take(line.crews.contains { !$0.absences.isEmpty } ? line.crews.count : 0)
    count = next
  }
}

extension StationSpec {
  /// Its failures and short stops, the two main ones first.
  var allStoppages: [StoppageSpec] { [failure, microstop].compactMap { $0 } + stoppages }
}
