import Determinism
import Probability
public import Simulation

/// A mean of a line that is to be learnt; several places may share it (like machines).
public struct LineParameter: Sendable, Hashable, Codable {
  /// What it is the mean of, in seconds.
  public enum Quantity: String, Sendable, Hashable, Codable, CaseIterable {
    /// Work per part at a station.
    case work
    /// Operating time between failures of a station.
    case failureInterval
    /// Repair of a station.
    case repair
    /// Interval between lots of a source.
    case supply
  }
  /// A quantity of the station (for `supply`: the source) with this index.
  public struct Place: Sendable, Hashable, Codable {
    public var quantity: Quantity
    public var index: Int
    public init(_ quantity: Quantity, of index: Int) { (self.quantity, self.index) = (quantity, index) }
  }

  public var name: String
  public var places: [Place]
  public var prior: LognormalPrior
  public init(_ name: String, _ places: [Place], prior: LognormalPrior) { (self.name, self.places, self.prior) = (name, places, prior) }
}

/// A line of which some means are not known. Everything else of it (buffers, laws' families and spreads, other times) is taken as it stands.
public struct UnknownLine: Sendable, Hashable {
  public let base: LineSpec
  public let parameters: [LineParameter]

  public var names: [String] { parameters.map(\.name) }
  public var prior: [LognormalPrior] { parameters.map(\.prior) }

  /// - Throws: `InferenceError.unfitLine` with every fault: a line that cannot be simulated, a place that it does not have, one named twice.
  public init(_ base: LineSpec, parameters: [LineParameter]) throws(InferenceError) {
    var faults = base.faults
    if parameters.isEmpty { faults.append("there is no parameter to learn") }
    var taken: Set<LineParameter.Place> = []
    for parameter in parameters {
      if parameter.places.isEmpty { faults.append("\(parameter.name) stands nowhere in the line") }
      for place in parameter.places {
        if !taken.insert(place).inserted { faults.append("\(parameter.name): \(place.quantity.rawValue) of \(place.index) is learnt twice") }
        if let fault = UnknownLine.fault(of: place, in: base) { faults.append("\(parameter.name): \(fault)") }
      }
    }
    guard faults.isEmpty else { throw .unfitLine(faults) }
    (self.base, self.parameters) = (base, parameters)
  }

  private static func fault(of place: LineParameter.Place, in line: LineSpec) -> String? {
    if place.quantity == .supply { return line.sources.indices.contains(place.index) ? nil : "there is no source \(place.index)" }
    guard line.stations.indices.contains(place.index) else { return "there is no station \(place.index)" }
    let station = line.stations[place.index]
    switch place.quantity {
    case .work: return station.cycle.mean > 0 ? nil : "\(station.name) has no work"
    case .failureInterval, .repair: return station.failure.map { $0.length.mean > 0 } ?? false ? nil : "\(station.name) has no failures"
    case .supply: return nil
    }
  }

  /// The line with the parameters whose logarithms are x.
  ///
  /// - Precondition: as many as there are parameters.
  public func line(at x: [Double]) -> LineSpec {
    precondition(x.count == parameters.count, "\(x.count) values for \(parameters.count) parameters")
    var line = base
    for (parameter, value) in zip(parameters, x) {
      let mean = Portable.exp(value)
      for place in parameter.places {
        let i = place.index
        switch place.quantity {
        case .work: line.stations[i].cycle = line.stations[i].cycle.scaled(by: mean / line.stations[i].cycle.mean)
        case .failureInterval:
          let law = line.stations[i].failure!.interval
          line.stations[i].failure!.interval = law.scaled(by: mean / law.mean)
        case .repair:
          let law = line.stations[i].failure!.length
          line.stations[i].failure!.length = law.scaled(by: mean / law.mean)
        case .supply: line.sources[i].interval = line.sources[i].interval.scaled(by: mean / line.sources[i].interval.mean)
        }
      }
    }
    return line
  }
}
