import Probability

/// A station's key figures by ISO 22400-2, for one replication.
public struct StationKPI: Sendable, Hashable, Codable {
  /// PBT: the time that was planned to be used, seconds of all its machines: span · machines − closed.
  public var plannedBusyTime: Double
  /// APT: the time in which it really worked, seconds.
  public var actualProductionTime: Double
  /// PQ: parts finished.
  public var producedQuantity: Int
  /// GQ: parts finished and not rejected here.
  public var goodQuantity: Int
  /// PRI: planned seconds for one part.
  public var plannedRunTimePerItem: Double

  /// APT / PBT. Starving and blocking lower it, as failures and short stops do.
  public var availability: Double { plannedBusyTime > 0 ? actualProductionTime / plannedBusyTime : 0 }
  /// PRI · PQ / APT.
  public var effectiveness: Double { actualProductionTime > 0 ? plannedRunTimePerItem * Double(producedQuantity) / actualProductionTime : 0 }
  /// GQ / PQ; 1 where nothing was produced.
  public var qualityRatio: Double { producedQuantity > 0 ? Double(goodQuantity) / Double(producedQuantity) : 1 }
  /// Overall equipment effectiveness: availability · effectiveness · quality ratio.
  public var oee: Double { availability * effectiveness * qualityRatio }
}

extension LineResult {
  /// ISO 22400-2 figures by station. `plannedRunTimes`: planned seconds a part (PRI) in the line's order; the mean cycles where nil.
  public func kpis(of line: LineSpec, plannedRunTimes: [Double]? = nil) -> [StationKPI] {
    precondition(line.stations.count == stations.count, "this is the result of another line")
    let planned = plannedRunTimes ?? line.stations.map(\.cycle.mean)
    precondition(planned.count == stations.count, "\(planned.count) planned run times for \(stations.count) stations")
    return zip(stations, planned).map { station, pri in
      StationKPI(
        plannedBusyTime: station.times.total - station.times.closed, actualProductionTime: station.times.working, producedQuantity: station.produced,
        goodQuantity: station.produced - station.rejected, plannedRunTimePerItem: pri)
    }
  }
}

/// How the bottleneck is told from the others.
public enum BottleneckRule: Sendable, Hashable, Codable {
  /// The station with the least share of its open time starved or blocked.
  case leastWaiting
  /// The station with the longest mean unbroken spell of activity (working or stopped by itself).
  ///
  /// - Source: C. Roser, M. Nakano, M. Tanaka 2001, "A practical bottleneck detection method", doi:10.1109/WSC.2001.977398.
  case longestActivePeriod
}

extension Replications {
  /// The index of the bottleneck over all replications; the first in the line's order among equals.
  public func bottleneck(by rule: BottleneckRule = .leastWaiting) -> Int {
    precondition(!results.isEmpty, "no replications")
    let scores = results[0].stations.indices.map { i -> Double in
      let own = results.map { $0.stations[i] }
      switch rule {
      case .leastWaiting:
        let open = own.reduce(0) { $0 + $1.times.total - $1.times.closed }
        return open > 0 ? -own.reduce(0) { $0 + $1.times.starved + $1.times.blocked } / open : -1
      case .longestActivePeriod:
        let active = own.reduce(0) { $0 + $1.times.working + $1.times.failed + $1.times.microstopped + $1.times.setup + $1.times.maintenance }
        return active / Double(max(1, own.reduce(0) { $0 + $1.activePeriods }))
      }
    }
    return scores.indices.max { scores[$0] < scores[$1] || (scores[$0] == scores[$1] && $0 > $1) }!
  }
}
