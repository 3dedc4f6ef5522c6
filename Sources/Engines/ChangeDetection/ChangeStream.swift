import Determinism
public import Quantities

/// Watches one stream: learns what is normal, alarms, dates the change, and learns afresh.
///
/// The test of the new regime learns from what comes after the alarm alone. What raised the alarm was chosen for being extreme; to learn from
/// it would bias the test, and false alarms would come in clusters. The belief about the new regime (`posterior`) does use all that came
/// since the date.
///
/// For a hundred observations after the alarm its change is on probation. Its date stays open, up to the present, so that a false alarm just
/// before a true change becomes that change; and it is withdrawn as soon as no date up to the alarm explains the stream better than no change
/// at all. Then all that had been learnt counts again.
public struct ChangeStream: Sendable, Hashable, Codable {
  /// What an observation led to.
  public enum Finding: String, Sendable, Hashable, Codable { case alarm, withdrawal }
  public let law: StreamLaw
  public let settings: DetectorSettings
  /// What the test has learnt of the present regime.
  public private(set) var past: Moments
  /// The test that runs; nil until enough has been learnt.
  public private(set) var detector: ChangeDetector?
  /// The last change, as known now; nil before the first.
  public private(set) var posterior: ChangePosterior?
  /// When the last alarm was raised, and the logarithm of the test's sum then.
  public private(set) var alarmed: Instant?
  private var alarmEvidence = 0.0
  /// The change before the last one: the better supported of the two may be this, while the last is on probation.
  private var earlier: Episode?
  struct Episode: Sendable, Hashable, Codable {
    var posterior: ChangePosterior
    var alarmed: Instant
    var alarmEvidence: Double
    var isWithdrawn = false

    var evidence: Double { isWithdrawn ? 0 : max(alarmEvidence, posterior.logBayesFactor) }
  }
  /// What came after the last alarm has shown that nothing had changed.
  public private(set) var isWithdrawn = false
  /// All observations, and alarms.
  public private(set) var observations = 0
  public private(set) var alarms = 0
  private var history = SegmentHistory()
  /// Learnt before this stream's history.
  private var base: Moments
  private var origin: Double?
  /// Observations since the last alarm while its change is on probation.
  private var probation: Double?
  private static let probationLength = 100.0

  /// - Parameter learnt: moments of an earlier learning sample in the law's own scale (durations for a gamma law; counts and exposure for
  ///   rates and shares). For a normal law its origin is zero.
  public init(_ law: StreamLaw, _ settings: DetectorSettings = DetectorSettings(), learnt: Moments = Moments()) {
    (self.law, self.settings, past, base) = (law, settings, learnt, learnt)
    if learnt.count > 0 { origin = 0 }
    arm()
  }

  /// Takes one observation in, and says whether it raises an alarm or withdraws the last one.
  ///
  /// - Parameters:
  ///   - exposure: operating time or parts, for counts; the number expected, for `countScore`.
  ///   - start: when what was observed began, such as the repair whose end is `end`.
  ///   - weight: trust in it, 0 to 1.
  /// - Throws: `ChangeDetectionError.outsideSupport`.
  public mutating func observe(
    _ value: Double, exposure: Double = 1, from start: Instant? = nil, at end: Instant, weight: Double = 1
  ) throws(ChangeDetectionError) -> Finding? {
    let score = try law.score(value, exposure: exposure)
    guard weight > 0 else { return nil }
    if origin == nil { origin = law.isLocated && law.learns ? score : 0 }
    let y = score - (origin ?? 0)
    observations += 1
    detector?.observe(y, exposure: exposure, weight: weight, past: past)
    history.add(y, exposure: exposure, weight: weight, from: start ?? end, to: end)
    if law.learns {
      if !isWithdrawn { posterior?.absorb(y, exposure: exposure, weight: weight) }
      past.add(y, exposure: exposure, weight: weight)
    }
    if probation != nil, withdraws(weight) { return .withdrawal }
    guard let detector else {
      arm()
      return nil
    }
    guard detector.isAlarming else { return nil }
    raise(detector, at: end)
    return .alarm
  }

  /// Goes on with the probation; true where it takes the last alarm back.
  private mutating func withdraws(_ weight: Double) -> Bool {
    let age = (probation ?? 0) + weight
    // A new look at all dates costs what a few hundred observations cost, so it is taken at every fifth.
    let looks = (age / 5).rounded(.down) > ((age - weight) / 5).rounded(.down)
    probation = age
    guard looks else { return false }
    posterior = ChangePosterior(law, origin: origin ?? 0, base: base, history: history)
    let best = alarmed.flatMap { posterior?.bestLogRatios(upTo: $0) } ?? (upTo: 0, all: 0)
    // Where a later date is as well supported as an alarm must be, the probation goes on with that date.
    if best.upTo < 0, best.all < -Portable.log(settings.falseAlarmRate) {
      past = history.buckets.reduce(base) { $0 + $1.moments }
      (probation, detector, isWithdrawn) = (nil, nil, true)
      arm()
      return true
    }
    if age >= Self.probationLength { settle() }
    return false
  }

  /// Ends the probation: from now on the history is that of the new regime.
  private mutating func settle() {
    probation = nil
    let date = posterior?.mode.start ?? .distantFuture
    let first = history.buckets.firstIndex { $0.start >= date } ?? history.buckets.endIndex
    (base, history) = (Moments(), SegmentHistory(history.buckets[first...]))
  }

  /// Starts the test once enough has been learnt.
  private mutating func arm() {
    guard detector == nil else { return }
    if !law.learns {
      let expected = past.count > 0 ? past.exposure / past.count : 1
      detector = ChangeDetector(law, settings, expected: expected)
      return
    }
    guard past.count >= Double(settings.warmUp), law.isLearnt(past) else { return }
    let expected = law == .binomial || law == .poisson ? (past.sum + 0.5) / past.count : 1
    detector = ChangeDetector(law, settings, expected: expected)
  }

  /// Dates the change and starts afresh.
  private mutating func raise(_ detector: ChangeDetector, at now: Instant) {
    alarms += 1
    if !isWithdrawn { earlier = episode }
    alarmEvidence = Portable.log(detector.statistic)
    let known = ChangePosterior(law, origin: origin ?? 0, base: base, history: history)
    if probation != nil, let known, let earlier = alarmed, known.mode.start <= earlier {
      // A second change, dated after the first.
      posterior = known
      settle()
      posterior = ChangePosterior(law, origin: origin ?? 0, base: base, history: history) ?? known
    } else {
      // The first change; or the alarm before this one was false, and the true change is what its probation has met.
      if probation != nil { earlier = nil }
      posterior = known
    }
    (alarmed, isWithdrawn, past) = (now, false, Moments())
    if law.learns {
      (probation, self.detector) = (0, nil)
    } else {
      // The belief is renewed elsewhere, and so are the scores by it.
      (base, history, self.detector) = (Moments(), SegmentHistory(), detector.restarted())
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

  private var episode: Episode? {
    guard let posterior, let alarmed else { return nil }
    return Episode(posterior: posterior, alarmed: alarmed, alarmEvidence: alarmEvidence, isWithdrawn: isWithdrawn)
  }

  /// log of the likelihood of the last change against none, as known now; 0 before the first and once it is withdrawn.
  public var evidence: Double { episode?.evidence ?? 0 }

  /// The last change as known now, if there was one.
  public func change(_ key: StreamKey, level: Double = 0.9) -> Change? { episode.map { change($0, key, level) } }

  /// The last change and the one before it, those that are not withdrawn, the better supported first.
  public func changes(_ key: StreamKey, level: Double = 0.9) -> [Change] {
    let standing = [episode, earlier].compactMap { $0 }.filter { !$0.isWithdrawn }
    return standing.map { change($0, key, level) }.sorted { $0.evidence > $1.evidence }
  }

  private func change(_ episode: Episode, _ key: StreamKey, _ level: Double) -> Change {
    let known = episode.posterior.weighed
    let date = known.date(level: level)
    let size = known.magnitude(level: level)
    let up = law.isMultiplicative ? size.effect.value > 1 : size.effect.value > 0
    return Change(
      key: key, alarmed: episode.alarmed, since: date.since, earliest: date.earliest, latest: date.latest, before: size.before, after: size.after,
      effect: size.effect, isRatio: law.isMultiplicative, direction: up ? .up : .down, evidence: episode.evidence,
      observations: known.mode.after.count + known.later.count, isWithdrawn: episode.isWithdrawn)
  }
}
