public import Probability
public import Quantities

/// A plant as its folder declares it: resolved, checked, in SI-coherent or declared units, every reference valid.
///
/// The simulator, the tag map, the envelope and the screens are derived from this value. It is only made by `PlantFolder`.
public struct Plant: Sendable, Hashable, Codable {
  /// A short name, e.g. `bottling-4`.
  public var name: String
  /// ISA-95 path of the line, e.g. `acme/lyon/packaging/line1`. A station's path is this one plus its name.
  public var path: String
  /// In flow order as declared.
  public var stations: [Station]
  public var buffers: [Buffer]
  public var sources: [Source]
  /// Tags that belong to no station (product, order, buffer levels); station tags stand with their station too.
  public var tags: [Tag]
  /// What a part is worth.
  public var prices: Prices
  /// Seconds between two parts of the line at its ideal rate (ISO 22400 planned run time per item).
  public var idealCycle: Duration?

  public init(
    name: String, path: String, stations: [Station], buffers: [Buffer], sources: [Source], tags: [Tag], prices: Prices,
    idealCycle: Duration?
  ) {
    (self.name, self.path, self.stations, self.buffers, self.sources) = (name, path, stations, buffers, sources)
    (self.tags, self.prices, self.idealCycle) = (tags, prices, idealCycle)
  }

  public func station(named name: String) -> Station? { stations.first { $0.name == name } }
  public func buffer(named name: String) -> Buffer? { buffers.first { $0.name == name } }
  public func tag(_ path: String) -> Tag? { tags.first { $0.path == path } }

  /// Every set-point that a loop or a person may move, in declared order: machine speeds, then process variables, station by station.
  public var setpoints: [SetpointSpec] {
    stations.flatMap { ($0.speed.map { [$0.setpoint] } ?? []) + $0.processVariables.compactMap(\.setpoint) + $0.otherSetpoints }
  }
}

/// The worth of one part, in the plant's currency. `scrap` and `escape` are losses, given as positive numbers.
public struct Prices: Sendable, Hashable, Codable {
  public var currency: String
  public var good: Double
  public var scrap: Double
  /// A defective part that left the line unseen.
  public var escape: Double
  public init(currency: String, good: Double, scrap: Double, escape: Double) {
    (self.currency, self.good, self.scrap, self.escape) = (currency, good, scrap, escape)
  }
}

/// A machine that works on parts.
public struct Station: Sendable, Hashable, Codable {
  public var name: String
  /// Buffers that it takes from, and how many parts of each make one of its own.
  public var inputs: [Intake]
  public var output: Outlet
  /// The design's belief: seconds for one part at the rated speed. Calibration replaces it.
  public var cycle: Law
  /// Absent for a station whose speed cannot be set.
  public var speed: SpeedSpec?
  public var failure: FailureSpec?
  public var microstop: MicrostopSpec?
  public var changeover: Law?
  /// Share of parts rejected here at the design's set-points, 0…1.
  public var scrap: Double
  /// Present where the station looks for defects made upstream.
  public var inspection: InspectionSpec?
  public var processVariables: [ProcessVariableSpec]
  /// Set-points with no process variable of their own, e.g. a tool's life.
  public var otherSetpoints: [SetpointSpec]
  /// The tags that tell how the station is.
  public var tags: StationTags

  public init(
    name: String, inputs: [Intake], output: Outlet, cycle: Law, speed: SpeedSpec?, failure: FailureSpec?, microstop: MicrostopSpec?,
    changeover: Law?, scrap: Double, inspection: InspectionSpec?, processVariables: [ProcessVariableSpec],
    otherSetpoints: [SetpointSpec], tags: StationTags
  ) {
    (self.name, self.inputs, self.output, self.cycle, self.speed) = (name, inputs, output, cycle, speed)
    (self.failure, self.microstop, self.changeover, self.scrap) = (failure, microstop, changeover, scrap)
    (self.inspection, self.processVariables, self.otherSetpoints, self.tags) = (inspection, processVariables, otherSetpoints, tags)
  }
}

public struct Intake: Sendable, Hashable, Codable {
  public var buffer: String
  public var count: Int
  public init(buffer: String, count: Int) { (self.buffer, self.count) = (buffer, count) }
}

/// Where finished parts go.
public enum Outlet: Sendable, Hashable, Codable {
  case buffer(String)
  /// Parts leave the line.
  case sink
}

/// A finite first-in-first-out buffer or conveyor.
public struct Buffer: Sendable, Hashable, Codable {
  public var name: String
  public var capacity: Int
  /// How long a part travels before it may be taken.
  public var transit: Duration
  /// The tag that tells the level, where there is a sensor.
  public var levelTag: String?
  public init(name: String, capacity: Int, transit: Duration, levelTag: String?) {
    (self.name, self.capacity, self.transit, self.levelTag) = (name, capacity, transit, levelTag)
  }
}

/// Raw parts: `lot` at a time into a buffer, at intervals of law `interval` (seconds). Blocks while the buffer is full.
public struct Source: Sendable, Hashable, Codable {
  public var name: String
  public var into: String
  public var lot: Int
  public var interval: Law
  public init(name: String, into: String, lot: Int, interval: Law) {
    (self.name, self.into, self.lot, self.interval) = (name, into, lot, interval)
  }
}

/// How a station's speed acts: seconds per part = `cycle` at `rated`, times rated / set.
public struct SpeedSpec: Sendable, Hashable, Codable {
  /// Parts per minute at which `Station.cycle` holds.
  public var rated: Double
  public var setpoint: SetpointSpec
  public init(rated: Double, setpoint: SetpointSpec) { (self.rated, self.setpoint) = (rated, setpoint) }
}

/// Breakdowns by operating time.
public struct FailureSpec: Sendable, Hashable, Codable {
  /// Operating seconds between failures.
  public var timeToFailure: Law
  /// Seconds of repair.
  public var repair: Law
  public init(timeToFailure: Law, repair: Law) { (self.timeToFailure, self.repair) = (timeToFailure, repair) }
}

/// Short stops (PackML Held) by operating time.
public struct MicrostopSpec: Sendable, Hashable, Codable {
  public var interval: Law
  public var length: Law
  public init(interval: Law, length: Law) { (self.interval, self.length) = (interval, length) }
}

/// A look at every part: finds a defect with `sensitivity`, rejects a faultless part with `falseReject`.
public struct InspectionSpec: Sendable, Hashable, Codable {
  public var sensitivity: Double
  public var falseReject: Double
  public init(sensitivity: Double, falseReject: Double) { (self.sensitivity, self.falseReject) = (sensitivity, falseReject) }
}

/// A measured condition of a station's process, such as a temperature.
public struct ProcessVariableSpec: Sendable, Hashable, Codable {
  public var name: String
  /// UCUM code.
  public var unit: String
  /// The tag that measures it.
  public var tag: String
  /// Present where it can be set.
  public var setpoint: SetpointSpec?
  /// The stations at which the defects that it causes are seen and counted; empty where it is known not to matter.
  public var defectsSeenAt: [String]
  public init(name: String, unit: String, tag: String, setpoint: SetpointSpec?, defectsSeenAt: [String]) {
    (self.name, self.unit, self.tag, self.setpoint, self.defectsSeenAt) = (name, unit, tag, setpoint, defectsSeenAt)
  }
}

/// A value that can be written, with the design's value and the machine's own range. The envelope may be narrower.
public struct SetpointSpec: Sendable, Hashable, Codable {
  /// The tag that is written and read back, e.g. `Filler/MachSpeed`.
  public var tag: String
  public var unit: String
  public var design: Double
  public var low: Double
  public var high: Double
  public init(tag: String, unit: String, design: Double, low: Double, high: Double) {
    (self.tag, self.unit, self.design, self.low, self.high) = (tag, unit, design, low, high)
  }
}

/// Tag paths of a station's own counters and state; nil where the machine does not tell.
public struct StationTags: Sendable, Hashable, Codable {
  public var state: String?
  /// Counts every part finished here, good or not.
  public var processed: String?
  /// Counts the parts rejected here.
  public var defective: String?
  /// Parts per minute now.
  public var speed: String?
  public init(state: String?, processed: String?, defective: String?, speed: String?) {
    (self.state, self.processed, self.defective, self.speed) = (state, processed, defective, speed)
  }
}

/// A tag of the plant: what it holds, in what unit, and within which range its sensor can be right.
public struct Tag: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable { case number, count, state, text, boolean }
  /// `Station/Metric`, or `Line/Metric` and `Buffer/Name`.
  public var path: String
  public var kind: Kind
  /// UCUM code; `1` for counts.
  public var unit: String
  /// Values outside are of bad quality.
  public var low: Double?
  public var high: Double?
  /// Silent for longer than this, its last value is stale.
  public var staleAfter: Duration
  public init(path: String, kind: Kind, unit: String, low: Double?, high: Double?, staleAfter: Duration) {
    (self.path, self.kind, self.unit, self.low, self.high, self.staleAfter) = (path, kind, unit, low, high, staleAfter)
  }
}
