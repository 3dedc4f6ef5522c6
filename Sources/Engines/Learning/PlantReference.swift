public import Quantities

/// The references of all streams of a plant from which retraining learns what loops optimise: one sample of each in each interval.
///
/// Small enough for a ledger: the laws, not the samples. `revision` rises with whatever changes.
public struct PlantReference: Sendable, Hashable, Codable {
  /// What retraining learns of a station, and is held to a reference.
  public enum Activity: String, Sendable, Hashable, Codable, CaseIterable {
    /// Parts rejected.
    case scrap
    /// Seconds of work on a part of one product.
    case cycle
    /// Short stops in operating time.
    case microstops
  }
  /// One activity of one station.
  public struct Stream: Sendable, Hashable, Codable {
    /// The station's name.
    public var station: String
    /// What of it.
    public var activity: Activity
    /// A cycle time's: which product it is of; nil before it has begun.
    public var product: String?
    /// What it was at commissioning, and what has come since.
    public var reference: FrozenReference
    /// What was learnt from before then is not to be believed: it drifted, and was mended.
    public var mended: Instant?
    public init(station: String, activity: Activity, reference: FrozenReference) {
      (self.station, self.activity, self.reference) = (station, activity, reference)
    }
  }
  /// A decision about drifts that were found.
  public enum Decision: String, Sendable, Hashable, Codable, CaseIterable {
    /// What the plant is now is what it shall be: the drifted streams are commissioned anew.
    case accepted
    /// The cause was found and removed: the references stay, and what was learnt since the drift began is discounted.
    case mended
  }

  /// How long a sample is; they begin at whole intervals since 1970.
  public let interval: Duration
  /// In the plant's order.
  public var streams: [Stream]
  /// How often anything of it has changed.
  public private(set) var revision = 0

  public init(interval: Duration, streams: [Stream]) {
    precondition(interval > .zero, "an interval of \(interval)")
    (self.interval, self.streams) = (interval, streams)
  }

  /// Says that something has changed.
  public mutating func touch() { revision += 1 }

  /// Those that have left their reference: while there are any, nothing that was learnt is in service.
  public var drifted: [Stream] { streams.filter { $0.reference.drift != nil } }

  /// Carries a person's decision out on every stream that has drifted.
  public mutating func settle(_ decision: Decision, at now: Instant) {
    for s in streams.indices where streams[s].reference.drift != nil {
      switch decision {
      case .accepted:
        streams[s].reference.startOver()
        streams[s].product = nil
      case .mended:
        streams[s].reference.mend()
        streams[s].mended = now
      }
    }
    touch()
  }

  // MARK: - False alarms

  /// The mean time to a false alarm of any of so many streams that are sampled once an interval: L₀ · interval / streams, where L₀ = 465 is the mean run
  /// length of the sum (½, 5) on standard normal residuals. A reference learnt from 32 samples alarms about one and a half times as often.
  public static func falseAlarmEvery(streams: Int, interval: Duration) -> Duration {
    Duration(seconds: Cusum().averageRunLength() * interval.seconds / Double(max(streams, 1)))
  }

  /// The shortest interval, a shift, half a day, a day or two, at which so many streams together alarm falsely no more often than once in `every`;
  /// two days where none is long enough.
  ///
  /// A longer sample sees a smaller drift, since its luck is smaller, and sees it later; commissioning takes as many of them whatever their length.
  public static func interval(streams: Int, falseAlarmEvery every: Duration) -> Duration {
    let all = [8.0, 12, 24, 48].map { Duration.hours($0) }
    return all.first { falseAlarmEvery(streams: streams, interval: $0) >= every } ?? all[all.count - 1]
  }
}
