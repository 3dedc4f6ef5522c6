/// Everything that is true of a simulated line in series and that nobody outside may read: its physics and its designer's choices.
///
/// `buffers[i]` feeds `stations[i]`; the source fills the first buffer, the last station delivers off the line. The truth is written
/// whole into the header of the truth log, under these names.
public struct PlantTruth: Sendable, Hashable, Codable {
  public var name: String
  /// Sparkplug group and edge node.
  public var group: String
  public var node: String
  /// Of the line, in seconds: ISO 22400's planned run time per item.
  public var idealCycle: Double
  public var prices: PriceTruth
  public var product: String
  /// Parts of one order.
  public var orderSize: Int
  public var source: SourceTruth
  public var buffers: [BufferTruth]
  public var stations: [StationTruth]
  public init(
    name: String, group: String, node: String, idealCycle: Double, prices: PriceTruth, product: String, orderSize: Int,
    source: SourceTruth, buffers: [BufferTruth], stations: [StationTruth]
  ) {
    (self.name, self.group, self.node, self.idealCycle, self.prices) = (name, group, node, idealCycle, prices)
    (self.product, self.orderSize, self.source, self.buffers, self.stations) = (product, orderSize, source, buffers, stations)
  }
}

/// Worth of a part: value = good − scrap − escape, each times its count.
public struct PriceTruth: Sendable, Hashable, Codable {
  public var good: Double
  public var scrap: Double
  public var escape: Double
  public init(good: Double, scrap: Double, escape: Double) { (self.good, self.scrap, self.escape) = (good, scrap, escape) }
}

/// Lots of `lot` parts; the next lot is ordered when the last has found room, and comes gamma-distributed seconds later.
public struct SourceTruth: Sendable, Hashable, Codable {
  public var name: String
  public var lot: Int
  public var interval: Double
  public var cv: Double
  public init(name: String, lot: Int, interval: Double, cv: Double) {
    (self.name, self.lot, self.interval, self.cv) = (name, lot, interval, cv)
  }
}

/// A conveyor of finite length; a part travels `transit` seconds before it may be taken.
public struct BufferTruth: Sendable, Hashable, Codable {
  public var name: String
  public var capacity: Int
  public var transit: Double
  public var hasSensor: Bool
  public init(name: String, capacity: Int, transit: Double, hasSensor: Bool) {
    (self.name, self.capacity, self.transit, self.hasSensor) = (name, capacity, transit, hasSensor)
  }
}

/// One machine. With v the speed set-point and r = v / rated:
///
/// - mean seconds per part: 60/v · slow · (1 + wear.slow·w),
/// - failures per operating second: r^failure.speedExponent / MTBF; micro-stops: r^microstop.speedExponent / interval,
/// - share of parts spoilt: base + speed·max(0, r − speedFrom)² + Σ coefficient·((x − optimum)/width)² + wear.always + wear.scrap·w,
///   at most 0.95,
///
/// where w = min(1, max(0, (v − wear.from)/wear.band)) is how far a worn machine is driven beyond what it still bears.
public struct StationTruth: Sendable, Hashable, Codable {
  public var name: String
  public var speed: SpeedTruth
  public var cycle: CycleTruth
  public var failure: FailureTruth?
  public var microstop: MicrostopTruth?
  public var scrap: ScrapTruth
  public var variables: [VariableTruth]
  public var inspection: InspectionTruth?
  public var wear: WearTruth
  public init(
    name: String, speed: SpeedTruth, cycle: CycleTruth, failure: FailureTruth?, microstop: MicrostopTruth?, scrap: ScrapTruth,
    variables: [VariableTruth] = [], inspection: InspectionTruth? = nil, wear: WearTruth = WearTruth(from: 24, band: 1, slow: 0, scrap: 0, always: 0)
  ) {
    (self.name, self.speed, self.cycle, self.failure, self.microstop) = (name, speed, cycle, failure, microstop)
    (self.scrap, self.variables, self.inspection, self.wear) = (scrap, variables, inspection, wear)
  }
}

/// Parts per minute: rated, the design's set-point, and the machine's own limits.
public struct SpeedTruth: Sendable, Hashable, Codable {
  public var rated: Double
  public var set: Double
  public var low: Double
  public var high: Double
  public init(rated: Double, set: Double, low: Double, high: Double) {
    (self.rated, self.set, self.low, self.high) = (rated, set, low, high)
  }
}

/// Seconds per part: distribution, spread, and by how much the machine is slower than its set-point says.
public struct CycleTruth: Sendable, Hashable, Codable {
  public enum Shape: String, Sendable, Hashable, Codable { case gamma, lognormal }
  public var shape: Shape
  public var cv: Double
  public var slow: Double
  public init(shape: Shape, cv: Double, slow: Double) { (self.shape, self.cv, self.slow) = (shape, cv, slow) }
}

/// Breakdowns: Weibull in operating time, lognormal repairs.
public struct FailureTruth: Sendable, Hashable, Codable {
  public var mtbfHours: Double
  public var shape: Double
  public var mttrMinutes: Double
  public var cv: Double
  public var speedExponent: Double
  public init(mtbfHours: Double, shape: Double, mttrMinutes: Double, cv: Double, speedExponent: Double = 0) {
    (self.mtbfHours, self.shape, self.mttrMinutes, self.cv) = (mtbfHours, shape, mttrMinutes, cv)
    self.speedExponent = speedExponent
  }
}

/// Jams that an operator clears: exponential in operating time, lognormal length, more frequent at speed.
public struct MicrostopTruth: Sendable, Hashable, Codable {
  public var everyMinutes: Double
  public var meanSeconds: Double
  public var cv: Double
  public var speedExponent: Double
  public init(everyMinutes: Double, meanSeconds: Double, cv: Double, speedExponent: Double) {
    (self.everyMinutes, self.meanSeconds, self.cv, self.speedExponent) = (everyMinutes, meanSeconds, cv, speedExponent)
  }
}

/// Defects that a station makes: seen and rejected at once, or latent until an inspection.
public struct ScrapTruth: Sendable, Hashable, Codable {
  public enum Detection: String, Sendable, Hashable, Codable { case own, latent }
  public var base: Double
  public var speed: Double
  public var speedFrom: Double
  public var detection: Detection
  public init(base: Double, speed: Double, speedFrom: Double, detection: Detection) {
    (self.base, self.speed, self.speedFrom, self.detection) = (base, speed, speedFrom, detection)
  }
}

/// Chances that a defective part is found, and that a faultless one is rejected.
public struct InspectionTruth: Sendable, Hashable, Codable {
  public var sensitivity: Double
  public var falseReject: Double
  public init(sensitivity: Double, falseReject: Double) { (self.sensitivity, self.falseReject) = (sensitivity, falseReject) }
}

/// What a worn machine does: `always` is its share of parts spoilt at any speed; `slow` and `scrap` come beyond the speed `from` (parts per
/// minute), fully so at `from + band`. Zero: not worn.
public struct WearTruth: Sendable, Hashable, Codable {
  public var from: Double
  public var band: Double
  public var slow: Double
  public var scrap: Double
  public var always: Double
  public init(from: Double, band: Double, slow: Double, scrap: Double, always: Double) {
    (self.from, self.band, self.slow, self.scrap, self.always) = (from, band, slow, scrap, always)
  }
}
