import Determinism
import Probability
import Simulation

/// A line that is a row with exponential times, of which the last stations are seen by their stamps: what the filter and the closed
/// likelihood know how to learn from.
struct SeenRow {
  /// Indices of the stations in the line, in the order of the row.
  let stations: [Int]
  /// The source that stands as a station of its own before the first; nil: the first station never starves.
  let source: Int?
  /// Between the members of the row (source first, if there is one).
  let capacities: [Int]
  /// Members of the row in front that are not seen.
  let unseen: Int
  /// Stamps of the seen stations.
  let stamps: RowStamps

  /// Nil where the line or the record is of another kind.
  init?(_ line: LineSpec, _ record: LineObservation) throws(InferenceError) {
    guard let (stations, buffers) = SeenRow.row(line) else { return nil }
    let hasSource = !line.sources.isEmpty
    if hasSource {
      guard case .exponential = line.sources[0].interval, line.sources[0].lot == 1 else { return nil }
    }
    var times: [Int: [Double]] = [:]
    for sight in record.sights {
      guard case .stamps(let station, let stamps) = sight, times[station] == nil else { return nil }
      times[station] = stamps
    }
    let seen = stations.suffix(times.count)
    guard seen.allSatisfy({ times[$0] != nil }) else { return nil }
    self.stations = stations
    source = hasSource ? 0 : nil
    capacities = (hasSource ? buffers : Array(buffers.dropFirst())).map { line.buffers[$0].capacity }
    unseen = stations.count - seen.count + (hasSource ? 1 : 0)
    stamps = try RowStamps(
      departures: seen.map { times[$0]! }, capacities: Array(capacities.suffix(seen.count - 1)), origin: 0, end: record.span)
  }

  /// The stations in a row from the first to the one whose parts leave the line, and the buffer before each (−1 before a first without).
  private static func row(_ line: LineSpec) -> (stations: [Int], buffers: [Int])? {
    guard let simulation = try? LineSimulation(line), simulation.obeysMaxPlus, line.sources.count <= 1 else { return nil }
    for station in line.stations {
      guard case .exponential = station.cycle, station.microstop == nil, station.stoppages.isEmpty else { return nil }
      guard let failure = station.failure else { continue }
      guard case .exponential = failure.interval, case .exponential = failure.length else { return nil }
    }
    guard line.buffers.allSatisfy({ $0.transit == 0 }) else { return nil }
    // The line obeys the recursion, so each buffer has one taker and one giver.
    let givers = Set(line.stations.compactMap(\.output))
    guard var here = line.stations.firstIndex(where: { s in !(s.inputs.first.map { givers.contains($0.buffer) } ?? false) }) else { return nil }
    var stations = [here]
    while let output = line.stations[here].output {
      guard let next = line.stations.firstIndex(where: { $0.inputs.first?.buffer == output }), stations.count < line.stations.count else {
        return nil
      }
      stations.append(next)
      here = next
    }
    return (stations, stations.map { line.stations[$0].inputs.first?.buffer ?? -1 })
  }

  /// The row of a line that differs from the first in its means alone.
  func row(_ line: LineSpec) -> Row<ExponentialCompletion> {
    var members = stations.map { s in
      let failure = line.stations[s].failure
      return ExponentialCompletion(
        work: line.stations[s].cycle.mean, failureInterval: failure?.interval.mean ?? .infinity, repair: failure?.length.mean ?? 1)
    }
    if let source {
      members.insert(ExponentialCompletion(work: line.sources[source].interval.mean, failureInterval: .infinity, repair: 1), at: 0)
    }
    return Row(stations: members, capacities: capacities)
  }

  /// The filter over the unseen members, if there are any.
  func filter() throws(InferenceError) -> RowFilter? {
    guard unseen > 0 else { return nil }
    let departures = stamps.departures[0]
    let lag = stamps.departures.count > 1 && stamps.capacities[0] != Int.max ? stamps.capacities[0] + 1 : 0
    let next = stamps.departures.count > 1 ? stamps.departures[1] : []
    // A part whose room is not on record yet ends what can be used.
    let usable = lag > 0 ? min(departures.count, next.count + lag) : departures.count
    let isBlocked = (0..<usable).map { n in lag > 0 && n >= lag && next[n - lag] >= departures[n] }
    return try RowFilter(departures: Array(departures[..<usable]), isBlocked: isBlocked, unseen: unseen)
  }
}
