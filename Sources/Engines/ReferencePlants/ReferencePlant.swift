public import Quantities
import Telemetry

/// A simulated line in series with a hidden truth, seen only through its tags.
///
/// A pure value: the same truth, seed, scenario and calls give the same samples and the same truth log, to the byte. Time passes by
/// `advance(to:)`, commands come in by `write`, and what the plant says is taken by `takeSamples` and `takeRecords`. Every random
/// purpose has its own stream, so two runs of one seed differ only by what a write touches.
///
/// Inside, each machine knows when its present phase ends; the plant goes from one such time to the next, and after each lets parts
/// move on, last machine first, until nothing moves.
public struct ReferencePlant: Sendable {
  public let truth: PlantTruth
  public let seed: UInt64
  /// Plant time at simulated second 0.
  public let start: Instant
  /// Simulated seconds since the start.
  public internal(set) var now = 0.0
  /// Every tag with its last reported value.
  public internal(set) var tags: [PlantTag] = []

  var machines: [Machine]
  var belts: [Conveyor]
  var source: Xoshiro256
  /// Parts of the lot that still look for room in the first buffer.
  var pendingParts: Int
  var nextLot = Double.infinity
  var partsReleased = 0

  /// Events still to come, in order of time; optima that move slowly; and when the plant looks at them.
  var timeline: [TimelineEvent]
  var drifts: [Drift] = []
  var scans = 0
  var hours = 0

  var good = 0
  var escapes = 0
  var scrapped = 0
  var leadTime = 0.0
  var hourStart: Totals

  /// False: nothing is recorded, for searches over many runs.
  let isObserved: Bool
  var sensors: [Xoshiro256] = []
  var layout = TagLayout()
  var samples: [PlantSample] = []
  var records: [TruthRecord] = []

  /// Seconds between two scans of the process values.
  static let scanPeriod = 5.0

  /// A plant at second 0, empty but for its first lot.
  ///
  /// - Parameters:
  ///   - setpoints: initial set-points by tag, clamped to the machine's limits; the truth's own where none is given.
  ///   - isObserved: false leaves out tags and truth log, for speed.
  public init(
    _ truth: PlantTruth = .bottling, seed: UInt64, start: Instant = Instant(nanoseconds: 0), timeline: [TimelineEvent] = [],
    setpoints: [String: Double] = [:], isObserved: Bool = true
  ) {
    precondition(!truth.stations.isEmpty && truth.stations.count == truth.buffers.count, "one buffer before each station")
    (self.truth, self.seed, self.start, self.isObserved) = (truth, seed, start, isObserved)
    self.timeline = timeline.sorted { $0.atHours < $1.atHours }
    machines = truth.stations.map { Machine($0, seed: seed, setpoints: setpoints) }
    belts = truth.buffers.map(Conveyor.init)
    source = Xoshiro256(seed: seed, truth.source.name)
    pendingParts = truth.source.lot
    hourStart = Totals(stations: [])
    hourStart = totals
    for i in machines.indices { enterSteps([(.idle, 1), (.starting, 3)], of: i) }
    if isObserved {
      makeTags()
      logHeader()
    }
    settle()
  }

  /// Lets time pass up to `seconds`, which must not lie in the past.
  public mutating func advance(to seconds: Double) {
    precondition(seconds >= now, "time does not run backwards")
    while true {
      let next = nextTime
      if next > seconds { break }
      now = max(now, next)
      step()
    }
    now = seconds
  }

  /// The samples reported since the last call, oldest first.
  public mutating func takeSamples() -> [PlantSample] {
    defer { samples.removeAll(keepingCapacity: true) }
    return samples
  }

  /// The lines of the truth log since the last call.
  public mutating func takeRecords() -> [TruthRecord] {
    defer { records.removeAll(keepingCapacity: true) }
    return records
  }

  /// Plant time now.
  public var instant: Instant { start + Duration.milliseconds(Int64((now * 1000).rounded())) }

  /// The set-points by tag, as the machines have them now.
  public var setpoints: [String: Double] {
    var all: [String: Double] = [:]
    for machine in machines {
      all["\(machine.truth.name)/MachSpeed"] = machine.speed.value
      for variable in machine.variables { all["\(machine.truth.name)/\(variable.truth.name)Set"] = variable.setpoint.value }
    }
    return all
  }
}
