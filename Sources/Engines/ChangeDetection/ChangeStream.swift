import Determinism
public import Quantities

/// Watches one stream: learns what is normal, alarms, dates the change, and learns afresh from that date.
public struct ChangeStream: Sendable, Hashable, Codable {
  public let law: StreamLaw
  public let settings: DetectorSettings
  /// What has been learnt of the present regime.
  public private(set) var past: Moments
  /// The test that runs; nil until enough has been learnt.
  public private(set) var detector: ChangeDetector?
  /// The last change, as known now; nil before the first.
  public private(set) var posterior: ChangePosterior?
  /// When the last alarm was raised, and the logarithm of the test's sum then.
  public private(set) var alarmed: Instant?
  private var alarmEvidence = 0.0
  /// All observations, and alarms.
  public private(set) var observations = 0
  public private(set) var alarms = 0
  private var history = SegmentHistory()
  /// Learnt before this stream's history.
  private var base: Moments
  private var origin: Double?

  /// - Parameter learnt: moments of an earlier learning sample in the law's own scale (durations for a gamma law; counts and exposure for
  ///   rates and shares). For a normal law its origin is zero.
  public init(_ law: StreamLaw, _ settings: DetectorSettings = DetectorSettings(), learnt: Moments = Moments()) {
    (self.law, self.settings, past, base) = (law, settings, learnt, learnt)
    if learnt.count > 0 { origin = 0 }
    arm()
  }

  /// Takes one observation in; true where it raises an alarm.
  ///
  /// - Parameters:
  ///   - exposure: operating time or parts, for counts; the number expected, for `countScore`.
  ///   - start: when what was observed began, such as the repair whose end is `end`.
  ///   - weight: trust in it, 0 to 1.
  /// - Throws: `ChangeDetectionError.outsideSupport`.
  public mutating func observe(
    _ value: Double, exposure: Double = 1, from start: Instant? = nil, at end: Instant, weight: Double = 1
  ) throws(ChangeDetectionError) -> Bool {
    let score = try law.score(value, exposure: exposure)
    guard weight > 0 else { return false }
    if origin == nil { origin = law.isLocated && law.learns ? score : 0 }
    let y = score - (origin ?? 0)
    observations += 1
    detector?.observe(y, exposure: exposure, weight: weight, past: past)
    history.add(y, exposure: exposure, weight: weight, from: start ?? end, to: end)
    if law.learns {
      posterior?.absorb(y, exposure: exposure, weight: weight)
      past.add(y, exposure: exposure, weight: weight)
    }
    guard let detector else {
      arm()
      return false
    }
    guard detector.isAlarming else { return false }
    raise(detector, at: end)
    return true
  }

  /// Starts the test once enough has been learnt.
  private mutating func arm() {
    guard detector == nil else { return }
    if !law.learns {
      let expected = past.count > 0 ? past.exposure / past.count : 1
      detector = ChangeDetector(law, settings, expected: expected)
      return
    }
    // Until then the moments since the change follow what is now known of its date.
    if let posterior { past = posterior.momentsSince }
    guard past.count >= Double(settings.warmUp), law.isLearnt(past) else { return }
    let expected = law == .binomial || law == .poisson ? (past.sum + 0.5) / past.count : 1
    detector = ChangeDetector(law, settings, expected: expected)
  }

  /// Dates the change and starts afresh from there.
  private mutating func raise(_ detector: ChangeDetector, at now: Instant) {
    alarms += 1
    alarmed = now
    alarmEvidence = Portable.log(detector.statistic)
    posterior = ChangePosterior(law, origin: origin ?? 0, base: base, history: history)
    let date = posterior?.mode.start ?? now
    let first = history.buckets.firstIndex { $0.start >= date } ?? history.buckets.endIndex
    history = SegmentHistory(history.buckets[first...])
    base = Moments()
    if law.learns {
      past = posterior?.momentsSince ?? Moments()
      self.detector = nil
      arm()
    } else {
      history = SegmentHistory()
      self.detector = detector.restarted()
    }
  }

  /// log of the test's sum over its threshold: 0 where it alarms.
  public var strain: Double {
    guard let detector else { return -.infinity }
    return Portable.log(detector.statistic / detector.threshold)
  }

  /// The e-value of the present regime, for `EBenjaminiHochberg`: the test's sum, whose mean after n observations is n while nothing
  /// changes.
  public var eValue: Double { detector?.statistic ?? 0 }

  /// log of the likelihood of the last change against none, as known now; 0 before the first.
  public var evidence: Double { posterior.map { max(alarmEvidence, $0.logBayesFactor) } ?? 0 }

  /// The last change as known now, if there was one.
  public func change(_ key: StreamKey, level: Double = 0.9) -> Change? {
    guard let posterior, let alarmed else { return nil }
    let known = posterior.weighed
    let date = known.date(level: level)
    let size = known.magnitude(level: level)
    let mode = known.mode
    let up = law.isMultiplicative ? size.effect.value > 1 : size.effect.value > 0
    return Change(
      key: key, alarmed: alarmed, since: date.since, earliest: date.earliest, latest: date.latest, before: size.before, after: size.after,
      effect: size.effect, isRatio: law.isMultiplicative, direction: up ? .up : .down, evidence: evidence,
      observations: mode.after.count + known.later.count)
  }
}
