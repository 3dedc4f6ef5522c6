internal import Determinism
public import Quantities

/// What one stream of residuals was at commissioning, kept frozen, and the cumulative sum (½, 5) of what has come since, less that.
///
/// A test that compares with a belief which is renewed takes a slow drift into the belief, and a learner that is fed one learns it. Here the belief
/// stands still. It is an ensemble of equally likely *laws*: coefficients of features of a sample, among them those of its set-points, so that a law expects
/// Σ coefficient·feature. A set-point that moves moves the reference by what the laws say of the move.
///
/// - **Commissioning.** The first `commissioning` samples move the ensemble (`learn`), and tell how large the luck of a sample is and how far each
///   resembles the one before. Their own one-step residuals go through the same sum: a stream that drifts meanwhile starts over.
/// - **After that it is frozen.** Only where the laws differ about a sample's set-points by more than they did at the end of commissioning does the sample
///   still teach which of them is right; where they agree, and that is wherever it was commissioned, nothing is learnt.
/// - **Residuals** are standardised by both, the luck and the laws' disagreement; a resemblance beyond one standard error is taken out
///   (x_t = (e_t − φ·e_{t−1})/√(1 − φ²)), because it would multiply the false alarms.
///
/// - Source: D. M. Hawkins 1987, doi:10.2307/2348827 (self-starting sums); J. L. Anderson 2001,
///   doi:10.1175/1520-0493(2001)129<2884:AEAKFF>2.0.CO;2 (the ensemble's step).
public struct FrozenReference: Sendable, Hashable, Codable {
  /// One interval of production.
  public struct Sample: Sendable, Hashable {
    /// Its beginning, inclusive.
    public var from: Instant
    /// Its end, exclusive.
    public var to: Instant
    /// What came: a count, or a sum.
    public var total: Double
    /// In how much: parts, operating seconds.
    public var weight: Double
    /// Sums over the interval, each with its weight: a law expects Σ coefficient·feature of `total`.
    public var features: [Double]
    public init(from: Instant, to: Instant, total: Double, weight: Double = 1, features: [Double]) {
      (self.from, self.to, self.total, self.weight, self.features) = (from, to, total, weight, features)
    }
  }

  /// How a total is brought to a scale on which its luck has a standard deviation of 1 or more.
  public enum Luck: Sendable, Hashable, Codable {
    /// It is on it.
    case standard
    /// That of a Poisson count, by twice its square root.
    case count
    /// So much of the mean, by its logarithm.
    case share(Double)

    /// The total on that scale.
    func level(_ total: Double, _ weight: Double) -> Double {
      switch self {
      case .standard: total
      case .count: 2 * (max(total, 0) + 0.375).squareRoot()
      case .share(let share): Portable.log(max(total, 1e-9) / weight) / share
      }
    }

    func total(_ level: Double, _ weight: Double) -> Double {
      switch self {
      case .standard: level
      case .count: max(level, 0) * max(level, 0) / 4 - 0.375
      case .share(let share): Portable.exp(level * share) * weight
      }
    }
  }

  /// What the sum has found.
  public struct Drift: Sendable, Hashable, Codable {
    /// Whether more came than was foretold, or less.
    public var side: Cusum.Side
    /// When the sum last stood at zero: the best single guess of when it began.
    public var since: Instant
    /// The end of the sample with which the sum passed its threshold.
    public var found: Instant
    /// Samples since `since`.
    public var samples: Int
    /// How far they lie from the reference on average, in standard deviations of one: S/n ± k.
    public var size: Double
    /// What came since then, of one part or one second.
    public var observed: Double
    /// What the reference foretold of it.
    public var foretold: Double
  }

  /// What a sample showed.
  public enum Finding: Sendable, Hashable {
    /// Nothing to say, or nothing new.
    case none
    /// It was not the same thing throughout its commissioning: it needs new laws, and begins anew.
    case unsettled
    /// Commissioned: from now on it is held to this.
    case stands
    case drifts(Drift)
  }

  /// Samples since the sum of one side last stood at zero.
  struct Run: Sendable, Hashable, Codable {
    var since: Instant
    var samples = 0
    var observed = 0.0
    var foretold = 0.0
  }

  /// The scale on which samples are compared.
  public let luck: Luck
  /// Samples that commissioning takes.
  public let commissioning: Int
  /// Equally likely coefficients; empty before it has begun.
  public private(set) var laws: [[Double]] = []
  /// Standard deviation of a sample's luck, at least 1.
  public private(set) var spread = 1.0
  /// How much of a residual the next one repeats; 0 where that was within one standard error of nothing.
  public private(set) var correlation = 0.0
  /// Samples since it began.
  public private(set) var count = 0
  /// Since when it stands; nil while it is being commissioned.
  public private(set) var frozen: Instant?
  /// The end of the newest sample.
  public private(set) var sampled: Instant?
  /// While it is being commissioned the threshold is twice as high: what resembles itself must not be taken for a drift before it is known how much.
  public private(set) var chart = Cusum(k: 0.5, h: 10)
  /// Residuals of late, the newest weighing a fifth: how far the stream is from its reference, in standard deviations of a sample.
  public private(set) var distance = 0.0
  public private(set) var drift: Drift?
  private var high: Run?
  private var low: Run?
  private var last = 0.0
  /// Of commissioning: how many residuals, their squares, and products with the one before.
  private var (terms, squares, products) = (0.0, 0.0, 0.0)

  public init(_ luck: Luck = .standard, commissioning: Int = 32) {
    precondition(commissioning >= 16, "a reference of \(commissioning) samples is none")
    (self.luck, self.commissioning) = (luck, commissioning)
  }

  /// A reference that is known: it stands from `instant` on.
  public init(_ luck: Luck = .standard, laws: [[Double]], spread: Double = 1, correlation: Double = 0, since instant: Instant) {
    precondition(!laws.isEmpty && spread >= 1 && abs(correlation) < 1, "no reference: spread \(spread), correlation \(correlation)")
    self.init(luck)
    (self.laws, self.spread, self.correlation, frozen, chart) = (laws, spread, correlation, instant, Cusum())
  }

  /// It has laws: its commissioning has begun, or is over.
  public var isBegun: Bool { !laws.isEmpty }

  /// Begins commissioning with these laws.
  public mutating func begin(with laws: [[Double]]) {
    precondition(!laws.isEmpty, "no law to begin with")
    startOver()
    self.laws = laws
  }

  /// What it was is no longer what it is held to: it waits for new laws.
  public mutating func startOver() {
    let before = sampled
    self = FrozenReference(luck, commissioning: commissioning)
    sampled = before
  }

  /// The cause of a drift is gone: the reference stays, the sums begin anew.
  public mutating func mend() {
    chart.reset()
    (drift, high, low, last, distance) = (nil, nil, nil, 0, 0)
  }

  /// Takes a sample in.
  ///
  /// - Precondition: it has begun, and the sample has one feature for each coefficient of a law.
  public mutating func observe(_ sample: Sample) -> Finding {
    precondition(isBegun && sample.features.count == laws[0].count, "\(sample.features.count) features of laws of \(laws.first?.count ?? 0)")
    let look = Look(sample, self)
    let residual = look.error / (spread * spread + look.disagreement).squareRoot()
    (count, sampled) = (count + 1, sample.to)
    guard frozen != nil else { return commission(look, residual) }
    let side = judge((residual - correlation * last) / (1 - correlation * correlation).squareRoot(), look)
    last = residual
    if look.disagreement > 2 * spread * spread / Double(commissioning) { learn(look) }
    guard drift == nil, let side, let run = side == .high ? high : low else { return .none }
    let sum = side == .high ? chart.high : chart.low
    let found = Drift(
      side: side, since: run.since, found: sample.to, samples: run.samples,
      size: (side == .high ? 1 : -1) * (sum / Double(run.samples) + chart.k), observed: run.observed / Double(run.samples),
      foretold: run.foretold / Double(run.samples))
    drift = found
    return .drifts(found)
  }

  /// A sample beside what the laws expect of it.
  private struct Look {
    let sample: Sample
    /// By law, of the total.
    let totals: [Double]
    /// The same on the scale of luck, their mean, their variance, and how far the sample is from the mean.
    let levels: [Double]
    let mean: Double
    let disagreement: Double
    let error: Double

    init(_ sample: Sample, _ reference: FrozenReference) {
      self.sample = sample
      totals = reference.laws.map { law in zip(law, sample.features).reduce(0) { $0 + $1.0 * $1.1 } }
      let levels = totals.map { reference.luck.level($0, sample.weight) }
      let mean = levels.reduce(0, +) / Double(levels.count)
      (self.levels, self.mean) = (levels, mean)
      disagreement = levels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(levels.count - 1, 1))
      error = reference.luck.level(sample.total, sample.weight) - mean
    }

    /// What came, and what was foretold, of one part or one second.
    var observed: Double { sample.total / sample.weight }
    var foretold: Double { totals.reduce(0, +) / Double(totals.count) / sample.weight }
  }

  private mutating func judge(_ x: Double, _ look: Look) -> Cusum.Side? {
    func grown(_ run: Run?) -> Run {
      var run = run ?? Run(since: look.sample.from)
      run.samples += 1
      run.observed += look.observed
      run.foretold += look.foretold
      return run
    }
    let side = chart.observe(x)
    high = chart.high > 0 ? grown(high) : nil
    low = chart.low > 0 ? grown(low) : nil
    distance += 0.2 * (x - distance)
    return side
  }

  // MARK: - Commissioning

  private mutating func commission(_ look: Look, _ residual: Double) -> Finding {
    // The first few are about the laws more than about luck.
    if count > Self.unsettledSamples {
      let scaled = residual * spread
      products += terms > 0 ? scaled * last : 0
      (terms, squares, last) = (terms + 1, squares + scaled * scaled, scaled)
    }
    if count > 3 * Self.unsettledSamples, judge(residual, look) != nil { return .unsettled }
    learn(look)
    // Luck is believed to be as small as can be until there is as much of it to see.
    let before = Double(Self.unsettledSamples)
    spread = max(1, ((squares + before) / (terms + before)).squareRoot())
    let left = look.disagreement * spread * spread / (look.disagreement + spread * spread)
    guard count >= commissioning, left <= 2 * spread * spread / Double(commissioning) else { return .none }
    spread = max(1, (squares / terms).squareRoot())
    // Few samples show too little of it (by (1 + 3φ)/n).
    let resemblance = squares > 0 ? products / squares : 0
    correlation = resemblance > 1 / terms.squareRoot() ? min(resemblance + (1 + 3 * resemblance) / terms, 0.9) : 0
    (frozen, last, chart) = (look.sample.to, residual, Cusum())
    (high, low, distance) = (nil, nil, 0)
    return .stands
  }

  private static let unsettledSamples = 4

  /// One step of the ensemble adjustment filter: what the laws expect of the sample moves to the posterior's mean and spread, and the coefficients along with
  /// it. A total is linear in the coefficients, so it arrives where it shall.
  private mutating func learn(_ look: Look) {
    let n = Double(laws.count)
    let average = look.totals.reduce(0, +) / n
    let scatter = look.totals.reduce(0) { $0 + ($1 - average) * ($1 - average) }
    guard n > 1, look.disagreement > 1e-18, scatter > 0 else { return }
    let noise = spread * spread
    let posterior = look.mean + look.error * look.disagreement / (look.disagreement + noise)
    let shrink = (noise / (look.disagreement + noise)).squareRoot()
    let moves = laws.indices.map { luck.total(posterior + shrink * (look.levels[$0] - look.mean), look.sample.weight) - look.totals[$0] }
    for p in laws[0].indices {
      let mean = laws.reduce(0) { $0 + $1[p] } / n
      let slope = zip(laws, look.totals).reduce(0) { $0 + ($1.0[p] - mean) * ($1.1 - average) } / scatter
      for d in laws.indices { laws[d][p] += slope * moves[d] }
    }
  }
}
