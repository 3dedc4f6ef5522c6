public import Probability

/// A line as numbers: what the event kernel runs. Indices point into the line's own arrays; all times in seconds.
public struct LineSpec: Sendable, Hashable, Codable {
  public var stations: [StationSpec]
  public var buffers: [BufferSpec]
  public var sources: [SourceSpec]
  /// What is made. Empty: one product without a name.
  public var products: [ProductSpec]
  /// People, and tools or fixtures that stations share.
  public var crews: [CrewSpec]
  /// Vehicles, and the ways that they serve.
  public var fleets: [FleetSpec]
  public var transports: [TransportSpec]
  /// Limits on the parts between two places (kanban, CONWIP).
  public var cardLoops: [CardLoopSpec]
  public init(
    stations: [StationSpec], buffers: [BufferSpec], sources: [SourceSpec], products: [ProductSpec] = [], crews: [CrewSpec] = [],
    fleets: [FleetSpec] = [], transports: [TransportSpec] = [], cardLoops: [CardLoopSpec] = []
  ) {
    (self.stations, self.buffers, self.sources, self.products) = (stations, buffers, sources, products)
    (self.crews, self.fleets, self.transports, self.cardLoops) = (crews, fleets, transports, cardLoops)
  }
}

/// A place where parts are worked on: one machine, or several alike.
public struct StationSpec: Sendable, Hashable, Codable {
  public var name: String
  /// (buffer index, parts taken per part made): one part of one buffer, or the kit of an assembly. Several stations on one buffer share it.
  public var inputs: [InputSpec]
  /// Index of the buffer that receives finished parts; nil: they leave the line. `routing` may say otherwise.
  public var output: Int?
  /// Work per part, or per batch.
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

  /// Identical machines in parallel, each with its own luck, wear and stops.
  public var machines = 1
  /// Where the closures repeat: after so many seconds all over again. Nil: they come once.
  public var closurePeriod: Double?
  /// Work per part by product, in the line's order of products; an entry that is nil, or no list: `cycle`.
  public var productCycles: [Law?] = []
  /// Works on several parts of its one input at once.
  public var batch: BatchSpec?
  /// Where finished parts go, if not all to `output`.
  public var routing: RoutingSpec?
  /// What becomes of rejected parts, if they are not scrapped.
  public var rework: ReworkSpec?
  /// Further failures and short stops, each with its own clock.
  public var stoppages: [StoppageSpec] = []
  /// Planned upkeep between two parts.
  public var maintenance: [MaintenanceSpec] = []
  /// A tool, or a condition, that wears.
  public var wear: WearSpec?
  /// Set-up when the product changes.
  public var setup: SetupSpec?
  /// Whom and what it needs while it works. They stay through a stop, but for one that needs people itself: then they go, and are asked for
  /// again when the work goes on.
  public var needs: [NeedSpec] = []
  /// Which of the waiting parts it takes.
  public var dispatch: DispatchLaw = .firstInFirstOut
  /// A part of higher priority interrupts the work on one of lower, which is resumed afterwards.
  public var preempts = false
  /// Kilowatts by state.
  public var power: PowerSpec?
  /// Conditions that move with time and spoil parts when they are off.
  public var conditions: [ConditionSpec] = []

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

/// An oven, a washing basket: waits until `least` parts are there, takes up to `most` of them, and works on them together.
public struct BatchSpec: Sendable, Hashable, Codable {
  public var least: Int
  public var most: Int
  public init(least: Int, most: Int) { (self.least, self.most) = (least, most) }
}

/// Finds a defect with `sensitivity`, rejects a faultless part with `falseReject`.
public struct InspectionLaw: Sendable, Hashable, Codable {
  public var sensitivity: Double
  public var falseReject: Double
  public init(sensitivity: Double, falseReject: Double) { (self.sensitivity, self.falseReject) = (sensitivity, falseReject) }
}

/// Rejected parts go to buffer `into`, free of their defect, up to `attempts` times each; after that they are scrapped.
public struct ReworkSpec: Sendable, Hashable, Codable {
  public var into: Int
  /// 1 … 255.
  public var attempts: Int
  public init(into: Int, attempts: Int) { (self.into, self.attempts) = (into, attempts) }
}

/// Which of the waiting parts a station takes; first in, first out among equals.
public enum DispatchLaw: String, Sendable, Hashable, Codable, CaseIterable {
  case firstInFirstOut, lastInFirstOut
  /// The highest `ProductSpec.priority`.
  case priority
  /// The shortest mean work here.
  case shortestWork
  /// The earliest due order; parts without an order last.
  case earliestDue
  /// The product that it is set up for, as long as there is one.
  case leastSetup
}

/// Kilowatts by state. Energy of a state = power · time in it.
public struct PowerSpec: Sendable, Hashable, Codable {
  public var working: Double
  /// Starved, blocked, or waiting for people.
  public var standing: Double
  /// Failed, in a short stop, in set-up or maintenance.
  public var stopped: Double
  public var closed: Double
  public init(working: Double, standing: Double, stopped: Double, closed: Double) {
    (self.working, self.standing, self.stopped, self.closed) = (working, standing, stopped, closed)
  }
}

/// A process condition (a temperature) that moves with time and sets scrap: share of parts spoilt += curvature·(x − optimum)².
///
/// x approaches `setpoint` with time constant `timeConstant` while the station works, and `standing` with `standingTimeConstant` while it
/// does not, disturbed by an Ornstein-Uhlenbeck process of deviation `noise` and correlation time `noiseTime`. Exact at every instant.
public struct ConditionSpec: Sendable, Hashable, Codable {
  public var name: String
  public var setpoint: Double
  public var timeConstant: Double
  /// Where it drifts while the station stands; nil: it stays at its set-point.
  public var standing: Double?
  public var standingTimeConstant: Double
  public var noise: Double
  public var noiseTime: Double
  public var optimum: Double
  public var curvature: Double
  public init(
    name: String, setpoint: Double, timeConstant: Double, standing: Double? = nil, standingTimeConstant: Double? = nil, noise: Double = 0,
    noiseTime: Double = 0, optimum: Double, curvature: Double
  ) {
    (self.name, self.setpoint, self.timeConstant, self.standing) = (name, setpoint, timeConstant, standing)
    self.standingTimeConstant = standingTimeConstant ?? timeConstant
    (self.noise, self.noiseTime, self.optimum, self.curvature) = (noise, noiseTime, optimum, curvature)
  }
}
