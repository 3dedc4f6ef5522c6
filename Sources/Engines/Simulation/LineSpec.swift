public import Probability

/// A line as numbers: what the event kernel runs. Indices point into `stations` and `buffers`; all times in seconds.
public struct LineSpec: Sendable, Hashable, Codable {
  public var stations: [StationSpec]
  public var buffers: [BufferSpec]
  public var sources: [SourceSpec]
  public init(stations: [StationSpec], buffers: [BufferSpec], sources: [SourceSpec]) {
    (self.stations, self.buffers, self.sources) = (stations, buffers, sources)
  }
}

public struct StationSpec: Sendable, Hashable, Codable {
  public var name: String
  /// (buffer index, parts taken per part made). Several stations on one buffer work in parallel.
  public var inputs: [InputSpec]
  /// Index of the buffer that receives finished parts; nil: they leave the line.
  public var output: Int?
  /// Work per part.
  public var cycle: Law
  /// Operating time between failures, and repair. Nil: never fails.
  public var failure: StoppageSpec?
  /// Operating time between short stops, and their length.
  public var microstop: StoppageSpec?
  /// Planned or observed stops on the clock: (start, end) from time 0, sorted, disjoint. The part in work waits.
  public var closures: [ClosureSpec]
  /// Probability that a part is found defective here and scrapped here.
  public var scrap: Double
  /// Probability that a part gets a defect that this station does not see.
  public var latentDefect: Double
  /// Finds latent defects made upstream.
  public var inspection: InspectionLaw?
  public init(
    name: String, inputs: [InputSpec], output: Int?, cycle: Law, failure: StoppageSpec? = nil, microstop: StoppageSpec? = nil,
    closures: [ClosureSpec] = [], scrap: Double = 0, latentDefect: Double = 0, inspection: InspectionLaw? = nil
  ) {
    (self.name, self.inputs, self.output, self.cycle, self.failure) = (name, inputs, output, cycle, failure)
    (self.microstop, self.closures, self.scrap, self.latentDefect, self.inspection) = (microstop, closures, scrap, latentDefect, inspection)
  }
}

public struct InputSpec: Sendable, Hashable, Codable {
  public var buffer: Int
  public var count: Int
  public init(buffer: Int, count: Int) { (self.buffer, self.count) = (buffer, count) }
}

/// A stop that comes with operating time: `interval` of work between two, `length` of each.
public struct StoppageSpec: Sendable, Hashable, Codable {
  public var interval: Law
  public var length: Law
  public init(interval: Law, length: Law) { (self.interval, self.length) = (interval, length) }
}

public struct ClosureSpec: Sendable, Hashable, Codable {
  public var start: Double
  public var end: Double
  public init(start: Double, end: Double) { (self.start, self.end) = (start, end) }
}

public struct InspectionLaw: Sendable, Hashable, Codable {
  public var sensitivity: Double
  public var falseReject: Double
  public init(sensitivity: Double, falseReject: Double) { (self.sensitivity, self.falseReject) = (sensitivity, falseReject) }
}

public struct BufferSpec: Sendable, Hashable, Codable {
  public var name: String
  public var capacity: Int
  public var transit: Double
  public init(name: String, capacity: Int, transit: Double) { (self.name, self.capacity, self.transit) = (name, capacity, transit) }
}

public struct SourceSpec: Sendable, Hashable, Codable {
  public var name: String
  public var into: Int
  public var lot: Int
  public var interval: Law
  /// Times when nothing is delivered: (start, end), sorted, disjoint.
  public var outages: [ClosureSpec]
  public init(name: String, into: Int, lot: Int, interval: Law, outages: [ClosureSpec] = []) {
    (self.name, self.into, self.lot, self.interval, self.outages) = (name, into, lot, interval, outages)
  }
}

/// Where a simulation starts: the plant's present, or empty.
public struct LineState: Sendable, Hashable, Codable {
  /// Parts in each buffer, by index.
  public var levels: [Int]
  public var stations: [StationState]
  public init(levels: [Int], stations: [StationState]) { (self.levels, self.stations) = (levels, stations) }

  /// Empty buffers, idle stations.
  public static func empty(_ line: LineSpec) -> LineState {
    LineState(levels: line.buffers.map { _ in 0 }, stations: line.stations.map { _ in StationState(condition: .idle) })
  }
}

public struct StationState: Sendable, Hashable, Codable {
  public enum Condition: Sendable, Hashable, Codable {
    /// Has no part.
    case idle
    /// Works on a part for `elapsed` seconds already.
    case working(elapsed: Double)
    /// Holds a finished part that finds no room.
    case blocked
    /// Broken down for `elapsed` seconds already; the part in work waits where `holdsPart`.
    case failed(elapsed: Double, holdsPart: Bool)
    /// In a short stop for `elapsed` seconds already.
    case microstopped(elapsed: Double, holdsPart: Bool)
  }
  public var condition: Condition
  /// Operating seconds since the last failure and the last short stop (matters where the hazard has memory).
  public var sinceFailure: Double
  public var sinceMicrostop: Double
  public init(condition: Condition, sinceFailure: Double = 0, sinceMicrostop: Double = 0) {
    (self.condition, self.sinceFailure, self.sinceMicrostop) = (condition, sinceFailure, sinceMicrostop)
  }
}
