public import Probability

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
  /// Share of parts rejected here at the design's set-points, 0…1, besides what `inspection`, `wear` and the variables' `defects` add.
  public var scrap: Double
  /// Present where the station looks for defects made upstream.
  public var inspection: InspectionSpec?
  public var processVariables: [ProcessVariableSpec]
  /// Set-points with no process variable of their own, e.g. a tool's life.
  public var otherSetpoints: [SetpointSpec]
  /// The tags that tell how the station is.
  public var tags: StationTags

  /// Identical machines in parallel.
  public var machines = 1
  /// Works on several parts at once.
  public var batch: BatchSize?
  /// Seconds for one part at the rated speed by product, where they differ from `cycle`; in the plant's order of products.
  public var productCycles: [ProductCycle] = []
  /// What becomes of rejected parts, if they are not scrapped.
  public var rework: Rework?
  /// Failures and short stops besides `failure` and `microstop`.
  public var otherStops: [OtherStop] = []
  /// Planned upkeep between two parts.
  public var upkeep: [Upkeep] = []
  /// A tool, or a condition, that wears with each part.
  public var wear: Wear?
  /// Set-up that depends on the products; `changeover` is what a pair takes that it does not name.
  public var setup: Setup?
  /// Share of parts that get a defect which this station does not see, 0…1.
  public var latentDefects = 0.0
  /// Whom and what it needs while it works.
  public var needs: [CrewNeed] = []
  /// Which of the waiting parts it takes.
  public var dispatch = DispatchRule.fifo
  /// A part of higher priority interrupts the work on one of lower.
  public var preempts = false
  public var power: PowerDraw?
  /// The calendar by which it is open; nil: always.
  public var calendar: String?

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

/// A look at every part: finds a defect with `sensitivity`, rejects a faultless part with `falseReject`.
public struct InspectionSpec: Sendable, Hashable, Codable {
  public var sensitivity: Double
  public var falseReject: Double
  public init(sensitivity: Double, falseReject: Double) { (self.sensitivity, self.falseReject) = (sensitivity, falseReject) }
}

/// Batches: waits until `least` parts are there, takes up to `most` of them, and works on them together.
public struct BatchSize: Sendable, Hashable, Codable {
  public var least: Int
  public var most: Int
  public init(least: Int, most: Int) { (self.least, self.most) = (least, most) }
}

/// The work on one product at one station.
public struct ProductCycle: Sendable, Hashable, Codable {
  public var product: String
  /// Seconds for one part at the rated speed.
  public var cycle: Law
  public init(product: String, cycle: Law) { (self.product, self.cycle) = (product, cycle) }
}

/// Rejected parts go to a buffer, free of their defect, up to `attempts` times each; after that they are scrapped.
public struct Rework: Sendable, Hashable, Codable {
  public var into: String
  public var attempts: Int
  public init(into: String, attempts: Int) { (self.into, self.attempts) = (into, attempts) }
}

/// Which of the waiting parts a station takes; first in, first out among equals.
public enum DispatchRule: String, Sendable, Hashable, Codable, CaseIterable {
  case fifo, lifo
  /// The highest `Product.priority`.
  case priority
  case shortestWork = "shortest_work"
  /// The earliest due order; parts without an order last.
  case earliestDue = "earliest_due"
  /// The product that it is set up for, as long as there is one.
  case leastSetup = "least_setup"
}

/// Kilowatts by state.
public struct PowerDraw: Sendable, Hashable, Codable {
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
