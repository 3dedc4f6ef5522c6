public import LineModel
public import Quantities
import Synchronisation
public import Telemetry

/// What a station does, as far as production goes: PackML's states in six groups.
public enum Activity: String, Sendable, Hashable, Codable, CaseIterable {
  /// Execute.
  case running
  /// Suspended: nothing to work on, or no room for what is finished.
  case waiting
  /// From Aborting until it works again: repair, with the wait for a technician.
  case failed
  /// From Holding or Held until it works again.
  case microstopped
  /// Stopped, changing over, starting: closed for a reason that is no breakdown.
  case closed
  /// Nothing trustworthy is known.
  case unknown
}

/// The plant now, as telemetry tells it.
public struct LinePresent: Sendable, Hashable, Codable {
  public struct StationPresent: Sendable, Hashable, Codable {
    public var name: String
    public var state: MachineState?
    /// When that state began.
    public var since: Instant?
    public var activity: Activity
    /// Parts since the twin began to watch, counter resets bridged.
    public var processed: Int
    public var rejected: Int
    /// Parts per minute over the last ten recorded minutes.
    public var rate: Double
    /// Times that a counter went backwards or leapt.
    public var counterFaults: Int
  }
  public struct BufferPresent: Sendable, Hashable, Codable {
    public var name: String
    public var level: Int
    /// What it may be instead, because messages are missing or late: everything that is not practically excluded.
    public var low: Int
    public var high: Int
    public var capacity: Int
    /// By a sensor; otherwise from the counters of its neighbours (conservation of parts).
    public var measured: Bool
    /// Times that conservation had to be corrected because the level left [0, capacity].
    public var corrections: Int
  }
  public struct VariablePresent: Sendable, Hashable, Codable {
    public var tag: String
    /// Nil while its last reading cannot be trusted.
    public var value: Double?
    public var instant: Instant
    /// The sensor repeats one value longer than chance allows.
    public var frozen: Bool
  }

  /// Instant of the newest sample.
  public var at: Instant
  public var product: String?
  public var order: String?
  public var stations: [StationPresent]
  public var buffers: [BufferPresent]
  /// Process variables that have been told, in the plant's order.
  public var variables: [VariablePresent]
  /// Set-points as the plant reads them back; the design's where it has not told yet.
  public var setpoints: Setpoints
  /// Good parts that left the line since the twin began to watch.
  public var good: Int
  /// Good parts per hour over the last ten recorded minutes.
  public var goodPerHour: Double
  /// Samples that came too late for the record, and that were not good.
  public var lateSamples: Int
  public var badSamples: Int
  /// What the readings did not say, or said wrongly, and was put right: the newest, newest last; at most 20.
  public var corrections: [CorrectionPresent]
}

/// Something that was put right so that the readings agree with one another.
public struct CorrectionPresent: Sendable, Hashable, Codable {
  /// By which law: missedCount, missedReject, feasibility, sensor, doubtedSensor, starvedOrBlocked, stateOrder, counterBridged or tooLate.
  public var law: String
  /// The station or buffer.
  public var place: String
  /// Parts put in (positive) or taken out; of a state, how many were missing.
  public var parts: Int
  public var from: Instant
  public var to: Instant
}

extension LinePresent {
  /// Puts what the synchroniser knows of parts in the place of what was merely counted.
  mutating func take(_ estimate: LineEstimate, _ synchroniser: LineSynchroniser) {
    for (b, level) in estimate.buffers.enumerated() {
      (buffers[b].level, buffers[b].low, buffers[b].high) = (level.parts, level.bounds.lowerBound, level.bounds.upperBound)
      buffers[b].corrections = synchroniser.corrections.count { $0.place == .buffer(b) }
    }
    corrections = synchroniser.corrections.suffix(20).map { correction in
      let place: String =
        switch correction.place {
        case .station(let s): stations[s].name
        case .buffer(let b): buffers[b].name
        }
      return CorrectionPresent(law: correction.law.rawValue, place: place, parts: correction.parts, from: correction.from, to: correction.to)
    }
  }
}
