import Determinism
import Estimation
import LineModel
import PlantModel
import Probability
import Quantities

/// What the record says of one station.
///
/// Priors stand on the design and are weak: seconds per part normal with 10 %; rates of stops lognormal with 0.8; lengths of stops as
/// `ActivityPrior.length(like:)` says, their family open; exponents normal, 2 ± 1.5 for short stops and 0 ± 0.5 for failures. Rates and lengths are
/// expected to be the design's, on average over the prior. Where the design knows of no stops but some were seen, the prior expects one failure in
/// eight hours, one short stop in an hour.
struct StationPosterior: Sendable {
  /// Seconds per part at the rated speed, by product; nil where it was never made.
  var cycles: [GaussianPrior?]
  var cyclePrior: GaussianPrior
  var cycleCV: Double
  var parts: Int
  var failures: StopRatePosterior?
  var failureCount: Int
  /// Operating seconds between failures at the rated speed: its family and spread. How many there are is told by `failures`.
  var lifetimes: ActivityPosterior?
  var repairs: ActivityPosterior
  var repairCount: Int
  var microstops: StopRatePosterior?
  var microstopCount: Int
  var lengths: ActivityPosterior
  /// Seconds of a set-up, and of a tool's replacement, where the folder knows of them.
  var setups: ActivityPosterior?
  var replacements: ActivityPosterior?
  /// Minutes of work seen.
  var runningMinutes: Double

  func cycle(of product: Int) -> GaussianPrior {
    if product < cycles.count, let known = cycles[product] { return known }
    // Another product is the best guess, with room for the difference.
    let known = cycles.compactMap { $0 }
    guard let first = known.first else { return cyclePrior }
    return GaussianPrior(mean: first.mean, sd: 0.05 * first.mean)
  }
}

/// Dates from which evidence counts in full: what is older stems from before a change.
struct ChangeDates: Sendable, Hashable {
  var dates: [ResidualKind: Instant] = [:]
  /// Weight of evidence of `kind` from `t`.
  func weight(_ kind: ResidualKind, _ t: Instant) -> Double {
    if let date = dates[kind], t < date { 0.02 } else { 1 }
  }
}

extension StationPosterior {
  init(
    _ s: Int, _ record: LineRecord, at now: Instant, changes: ChangeDates, forgetting: StopForgetting, configuration: TwinConfiguration
  ) {
    let station = record.plant.stations[s]
    let products = max(record.products.count, 1)
    cyclePrior = GaussianPrior(mean: station.cycle.mean, sd: 0.1 * station.cycle.mean)
    parts = 0
    runningMinutes = 0

    // Cycle times, backwards in minutes of production of the same product.
    var sums = [CycleSums](repeating: CycleSums(), count: products)
    var squares = (n: 0.0, sum: 0.0, square: 0.0)
    let cycleHalfLife = configuration.cycleHalfLife.minutes
    for minute in record.minutes.reversed() {
      let m = minute.stations[s]
      parts += m.processed
      runningMinutes += m.seconds.running / 60
      guard m.seconds.running > 0 else { continue }
      let date = Instant(seconds: Double(minute.minute) * 60)
      let w = Portable.exp(-0.693147 * sums[m.product].age / cycleHalfLife) * changes.weight(.cycle, date)
      sums[m.product].add(m, weight: w)
      let n = Double(m.singles) * w
      squares = (squares.n + n, squares.sum + w * m.singleSum, squares.square + w * m.singleSquares)
    }
    let designCV = station.cycle.cv
    if squares.n > 20 {
      let mean = squares.sum / squares.n
      let variance = max(squares.square / squares.n - mean * mean, 1e-6 * mean * mean)
      // Worth ten parts of the design's spread.
      let share = squares.n / (squares.n + 10)
      cycleCV = min(max(share * variance.squareRoot() / mean + (1 - share) * designCV, 0.01), 1)
    } else {
      cycleCV = designCV
    }
    let (prior, cv) = (cyclePrior, max(cycleCV, 0.02))
    cycles = sums.map { $0.posterior(prior: prior, cv: cv) }

    // Stops: operating seconds by speed, and what ended them.
    let halfLife = configuration.stopHalfLife.hours
    func age(_ t: Instant) -> Double { Portable.exp(-0.693147 * max(0, (now - t).hours) / halfLife) }
    var work: [(ratio: Double, failure: Double, failures: Double, micro: Double, micros: Double)] = []
    for minute in record.minutes {
      let m = minute.stations[s]
      guard m.processed > 0 || m.failures > 0 || m.microstops > 0 || m.seconds.running > 0 else { continue }
      let mean = (cycles.indices.contains(m.product) ? cycles[m.product] : nil)?.mean ?? prior.mean
      // A machine that waits for a moment still says Execute: the work is in the parts, where they are counted.
      let seconds =
        station.tags.processed == nil ? m.seconds.running : min(m.seconds.running, (Double(m.processed) + 0.5) * mean / max(m.ratio, 0.1))
      let date = Instant(seconds: Double(minute.minute) * 60)
      let (f, u) = (age(date) * changes.weight(.failures, date), age(date) * changes.weight(.microstops, date))
      let key = (m.ratio * 200).rounded() / 200
      let i: Int
      if let known = work.firstIndex(where: { $0.ratio == key }) {
        i = known
      } else {
        work.append((key, 0, 0, 0, 0))
        i = work.count - 1
      }
      work[i].failure += f * seconds
      work[i].failures += f * Double(m.failures)
      work[i].micro += u * seconds
      work[i].micros += u * Double(m.microstops)
    }
    let stops = record.stops[s]
    failureCount = stops.count { $0.activity == .failed }
    microstopCount = stops.count { $0.activity == .microstopped }
    failures =
      station.failure == nil && failureCount == 0
      ? nil
      : StopRatePosterior(
        logRate: Self.rate(every: station.failure?.timeToFailure.mean ?? 28_800),
        exponent: GaussianPrior(mean: 0, sd: 0.5),
        exposures: work.map { .init(ratio: $0.ratio, seconds: $0.failure, stops: $0.failures) })
    microstops =
      station.microstop == nil && microstopCount == 0
      ? nil
      : StopRatePosterior(
        logRate: Self.rate(every: station.microstop?.interval.mean ?? 3_600),
        exponent: GaussianPrior(mean: 2, sd: 1.5),
        exposures: work.map { .init(ratio: $0.ratio, seconds: $0.micro, stops: $0.micros) })
    func observations(_ activity: Activity, _ recency: Recency) -> [ActivityObservation] {
      stops.filter { $0.activity == activity && $0.length(at: now) > 0 }.map { stop in
        let (length, weight) = (stop.length(at: now), recency.weight(of: stop.end ?? now, at: now))
        return stop.end == nil || !stop.isSeenFromStart ? .rightCensored(length, weight: weight) : .exact(length, weight: weight)
      }
    }
    let repairLengths = observations(.failed, forgetting.repairs.recency)
    repairCount = repairLengths.count { $0.kind == .exact }
    repairs = ActivityPosterior(repairLengths, prior: .length(like: station.believedRepair))
    lengths = ActivityPosterior(
      observations(.microstopped, forgetting.shortStops.recency), prior: .length(like: station.believedShortStop))
    lifetimes = failures.map { rate in
      // Age counts at the rated speed. A shape must be shown: the prior is worth four failures at a constant hazard.
      func pace(_ ratio: Double) -> Double { Portable.pow(max(ratio, 0.1), rate.exponent) }
      var spans = stops.filter { $0.activity == .failed && $0.operated > 0 }.map {
        ActivityObservation.exact($0.operated, weight: age($0.start) * changes.weight(.failures, $0.start), pace: pace($0.ratio))
      }
      let running = record.stations[s]
      if running.sinceFailure > 0 { spans.append(.rightCensored(running.sinceFailure, pace: pace(running.ratio))) }
      return ActivityPosterior(
        spans, prior: ActivityPrior(mean: Portable.exp(-rate.logRate), cv: 1, strength: 4), families: [.exponential, .gamma, .weibull],
        empirical: .never)
    }
    func planned(_ law: Law?, _ purpose: ClosurePurpose) -> ActivityPosterior? {
      guard let law, law.mean > 0 else { return nil }
      return ActivityPosterior(
        record.closureLengths(s, purpose).map { .exact($0.length, weight: age($0.start)) }, prior: .length(like: law))
    }
    setups = record.plant.products.count > 1 ? planned(station.changeover, .changeover) : nil
    replacements = planned(station.wear?.replacement, .replacement)
  }
}

extension StationPosterior {
  /// The log rate of stops whose mean rate is believed to be one in so many operating seconds.
  private static func rate(every interval: Double) -> GaussianPrior {
    let sd = 0.8
    return GaussianPrior(mean: -Portable.log(interval) - 0.5 * sd * sd, sd: sd)
  }
}

extension ActivityPrior {
  /// What the design's law tells of how long a repair, a short stop, a set-up or a tool change takes: the mean within a factor of two, as if two
  /// exponential ones had been seen, and on average over the prior the design's; the coefficient of variation within a factor of 1.4. It is known
  /// better than the mean, because on shop floors it is seldom far above 1; with a wider belief one stop in a hundred would last ten times the
  /// average before any had been seen.
  ///
  /// - Source: J. Li, S. M. Meerkov 2005, doi:10.1155/MPE.2005.1 (coefficients of variation of downtime are often less than 1).
  static func length(like law: Law) -> ActivityPrior {
    var prior = ActivityPrior(law, strength: 2)
    prior.logMean = GaussianPrior(mean: prior.logMean.mean - 0.5 * prior.logMean.sd * prior.logMean.sd, sd: prior.logMean.sd)
    prior.logCV = GaussianPrior(mean: prior.logCV.mean, sd: 0.35)
    return prior
  }
}

/// Weighted sums of one product's work.
struct CycleSums {
  /// Minutes of work seen so far.
  var age = 0.0
  private var n = 0.0
  private var sum = 0.0
  private var readings = 0.0
  private var readingSum = 0.0
  private var running = 0.0
  private var processed = 0.0

  mutating func add(_ m: LineMinute.Station, weight w: Double) {
    n += w * Double(m.cycleParts)
    sum += w * m.cycleSum
    readings += w * Double(m.speedReadings)
    readingSum += w * m.speedSum
    running += w * m.seconds.running * m.ratio
    processed += w * Double(m.processed)
    age += m.seconds.running / 60
  }

  /// Two witnesses: intervals between parts while there was work and room, and the machine's own word. Parts cannot come faster than the
  /// work takes; so where the machine claims to be slower than its parts come, it is not heard, and where it claims to be much faster,
  /// the parts are believed only if there are many. Both are trusted to half a per cent at best: products and wear differ from minute to minute.
  func posterior(prior: GaussianPrior, cv: Double) -> GaussianPrior? {
    let floor = 0.005
    let counted: GaussianPrior? = n >= 5 ? GaussianPrior(mean: sum / n, sd: sum / n * (cv * cv / n + floor * floor).squareRoot()) : nil
    let told: GaussianPrior? =
      readings >= 1
      ? GaussianPrior(mean: readingSum / readings, sd: readingSum / readings * (0.01 * 0.01 / readings + floor * floor).squareRoot()) : nil
    func combined(_ a: GaussianPrior) -> GaussianPrior {
      let posterior = prior.updated(by: a.mean, sd: a.sd)
      return GaussianPrior(mean: posterior.mean, sd: max(posterior.sd, floor * posterior.mean))
    }
    if let counted, let told {
      let gap = (counted.mean - told.mean) / (counted.sd * counted.sd + told.sd * told.sd).squareRoot()
      if gap < -3 || (gap > 6 && n > 100 && counted.mean > 1.05 * told.mean) { return combined(counted) }
      if gap > 3 { return combined(told) }
      return combined(told.updated(by: counted.mean, sd: counted.sd))
    }
    if let only = told ?? counted { return combined(only) }
    // Neither: time at work over parts made is at most a little too long.
    return processed >= 20 ? combined(GaussianPrior(mean: running / processed, sd: 0.1 * running / processed)) : nil
  }
}
