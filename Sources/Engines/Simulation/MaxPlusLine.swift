import Probability

/// A line that obeys the max-plus recursion: one station after the other, first in first out, nothing but work and stops by operating time.
///
/// With S(i, n) the work on part n at station i with the stops that fall into it, c(i) the capacity after it and D(i, n) its departure,
///
///     D(i, n) = max(max(D(i−1, n), D(i, n−1)) + S(i, n), D(i+1, n − c(i) − 1)).
///
/// So every part's every time follows without an event list.
///
/// - Source: F. Baccelli, G. Cohen, G. J. Olsder, J.-P. Quadrat, Synchronization and Linearity, 1992, chapter 1.
struct MaxPlusLine: Sendable {
  /// Indices of the stations, in the order in which parts pass them.
  let stations: [Int]
  /// The buffer before each station; −1 before a first one that takes from nothing.
  let buffers: [Int]
  /// The source before the first station's buffer, if there is one.
  let source: Int?

  /// Nil where the line does not obey; `reasons` then says why.
  init?(_ compiled: CompiledLine, reasons: inout [String]) {
    let line = compiled.line
    for station in line.stations { reasons += MaxPlusLine.faults(of: station) }
    for buffer in line.buffers where buffer.isBelt { reasons.append("\(buffer.name) is a conveyor") }
    if compiled.machines.contains(where: { !$0.isPlain }) { reasons.append("a station is not plain") }
    if !line.products.isEmpty || !line.cardLoops.isEmpty || !line.transports.isEmpty { reasons.append("it has products, cards or vehicles") }
    if line.sources.count > 1 { reasons.append("it has several sources") }
    for source in line.sources {
      if !source.outages.isEmpty || source.interruption != nil || !source.orders.isEmpty || !source.campaign.isEmpty || source.limit != nil
        || source.isLossy
      {
        reasons.append("source \(source.name) is not one of lots at intervals")
      }
    }
    guard reasons.isEmpty else { return nil }
    guard let (stations, buffers) = MaxPlusLine.chain(compiled) else {
      reasons.append("its stations do not stand in one row")
      return nil
    }
    if buffers[0] >= 0 && line.sources.isEmpty { return nil }
    if let source = line.sources.first, source.into != buffers[0] { return nil }
    (self.stations, self.buffers, source) = (stations, buffers, line.sources.isEmpty ? nil : 0)
  }

  private static func faults(of station: StationSpec) -> [String] {
    var faults: [String] = []
    if station.machines > 1 { faults.append("\(station.name) has several machines") }
    if !station.closures.isEmpty { faults.append("\(station.name) closes") }
    if station.scrap > 0 || station.latentDefect > 0 || station.inspection != nil { faults.append("\(station.name) judges its parts") }
    if station.allStoppages.contains(where: { $0.clock == .calendar || $0.workAfter != .resumes }) {
      faults.append("\(station.name) stops by the calendar, or loses work")
    }
    return faults
  }

  /// The stations in a row, each the only taker of the buffer before it and the only giver of the one behind; nil where they are not.
  private static func chain(_ compiled: CompiledLine) -> (stations: [Int], buffers: [Int])? {
    let line = compiled.line
    let firsts = line.stations.indices.filter { s in
      line.stations[s].inputs.first.map { input in line.sources.contains { $0.into == input.buffer } } ?? true
    }
    guard firsts.count == 1, line.sources.isEmpty || !line.stations[firsts[0]].inputs.isEmpty else { return nil }
    var stations: [Int] = []
    var buffers: [Int] = []
    var next: Int? = firsts[0]
    while let s = next {
      stations.append(s)
      buffers.append(line.stations[s].inputs.first?.buffer ?? -1)
      next = nil
      guard let output = line.stations[s].output else { break }
      guard compiled.givers[output].count == 1, compiled.takers[output].count == 1 else { return nil }
      next = compiled.takers[output][0]
    }
    guard stations.count == line.stations.count, line.stations[stations.last!].output == nil, Set(stations).count == stations.count else {
      return nil
    }
    if buffers[0] >= 0 && (compiled.givers[buffers[0]].count != 1 || compiled.takers[buffers[0]].count != 1) { return nil }
    return (stations, buffers)
  }
}
