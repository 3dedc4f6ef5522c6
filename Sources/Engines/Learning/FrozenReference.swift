public import Quantities

/// What one stream of residuals was at commissioning, kept frozen, and the cumulative sum (½, 5) of what has come since, less that.
///
/// A test that compares with a belief which is renewed takes a slow drift into the belief, and a learner that is fed one learns it. Here the belief
/// stands still. It is an ensemble of equally likely *laws*, vectors of parameters whose meaning is the owner's: for each sample the owner says what each
/// law expects, at the set-points of that sample. So a set-point that moves moves the reference by what the laws say of the move.
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
    public var from: Instant
    public var to: Instant
    /// Transformed so that its luck has a standard deviation of 1 or more.
    public var value: Double
    /// What each law expects of `value`.
    public var expected: [Double]
    /// For people: what came and what was foretold, in the stream's own unit.
    public var observed: Double
    public var foretold: Double
    public init(from: Instant, to: Instant, value: Double, expected: [Double], observed: Double, foretold: Double) {
      (self.from, self.to, self.value, self.expected) = (from, to, value, expected)
      (self.observed, self.foretold) = (observed, foretold)
    }
  }

  /// What the sum has found.
  public struct Drift: Sendable, Hashable, Codable {
    public var side: Cusum.Side
    /// When the sum last stood at zero: the best single guess of when it began.
    public var since: Instant
    public var found: Instant
    /// Samples since then, and how far they lie from the reference on average, in standard deviations of one: S/n ± k.
    public var samples: Int
    public var size: Double
    /// What came since then and what the reference foretold, in the stream's own unit.
    public var observed: Double
    public var foretold: Double
  }

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

  /// Samples that commissioning takes.
  public let commissioning: Int
  /// Equally likely parameters; empty before it has begun.
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

  public init(commissioning: Int = 32) {
    precondition(commissioning >= 12, "a reference of \(commissioning) samples is none")
    self.commissioning = commissioning
  }

  /// A reference that is known: it stands from `instant` on.
  public init(laws: [[Double]], spread: Double = 1, correlation: Double = 0, since instant: Instant) {
    precondition(!laws.isEmpty && spread >= 1 && abs(correlation) < 1, "no reference: spread \(spread), correlation \(correlation)")
    self.init()
    (self.laws, self.spread, self.correlation, frozen, chart) = (laws, spread, correlation, instant, Cusum())
  }

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
    self = FrozenReference(commissioning: commissioning)
    sampled = before
  }

  /// The cause of a drift is gone: the reference stays, the sums begin anew.
  public mutating func mend() {
    chart.reset()
    (drift, high, low, last, distance) = (nil, nil, nil, 0, 0)
  }

  /// Takes a sample in.
  ///
  /// - Precondition: it has begun, and `expected` has one value for each law.
  public mutating func observe(_ sample: Sample) -> Finding {
    precondition(isBegun && sample.expected.count == laws.count, "\(sample.expected.count) expectations of \(laws.count) laws")
    let mean = sample.expected.reduce(0, +) / Double(laws.count)
    let disagreement = sample.expected.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(laws.count - 1, 1))
    let residual = (sample.value - mean) / (spread * spread + disagreement).squareRoot()
    (count, sampled) = (count + 1, sample.to)
    guard frozen != nil else { return commission(sample, residual, disagreement) }
    let side = judge((residual - correlation * last) / (1 - correlation * correlation).squareRoot(), sample)
    last = residual
    if disagreement > 2 * spread * spread / Double(commissioning) { learn(sample) }
    guard drift == nil, let side, let run = side == .high ? high : low else { return .none }
    let sum = side == .high ? chart.high : chart.low
    let found = Drift(
      side: side, since: run.since, found: sample.to, samples: run.samples,
      size: (side == .high ? 1 : -1) * (sum / Double(run.samples) + chart.k), observed: run.observed / Double(run.samples),
      foretold: run.foretold / Double(run.samples))
    drift = found
    return .drifts(found)
  }

  private mutating func judge(_ x: Double, _ sample: Sample) -> Cusum.Side? {
    func grown(_ run: Run?) -> Run {
      var run = run ?? Run(since: sample.from)
      run.samples += 1
      run.observed += sample.observed
      run.foretold += sample.foretold
      return run
    }
    let side = chart.observe(x)
    high = chart.high > 0 ? grown(high) : nil
    low = chart.low > 0 ? grown(low) : nil
    distance += 0.2 * (x - distance)
    return side
  }

  // MARK: - Commissioning

  private mutating func commission(_ sample: Sample, _ residual: Double, _ disagreement: Double) -> Finding {
    // The first few are about the laws more than about luck.
    if count > Self.unsettledSamples {
      let scaled = residual * spread
      products += terms > 0 ? scaled * last : 0
      (terms, squares, last) = (terms + 1, squares + scaled * scaled, scaled)
    }
    if count > 3 * Self.unsettledSamples, judge(residual, sample) != nil { return .unsettled }
    learn(sample)
    // Luck is believed to be as small as can be until there is as much of it to see.
    let before = Double(Self.unsettledSamples)
    spread = max(1, ((squares + before) / (terms + before)).squareRoot())
    let left = disagreement * spread * spread / (disagreement + spread * spread)
    guard count >= commissioning, left <= 2 * spread * spread / Double(commissioning) else { return .none }
    spread = max(1, (squares / terms).squareRoot())
    // Few samples show too little of it (by (1 + 3φ)/n).
    let resemblance = squares > 0 ? products / squares : 0
    correlation = resemblance > 1 / terms.squareRoot() ? min(resemblance + (1 + 3 * resemblance) / terms, 0.9) : 0
    (frozen, last, chart) = (sample.to, residual, Cusum())
    (high, low, distance) = (nil, nil, 0)
    return .stands
  }

  private static let unsettledSamples = 4

  /// One step of the ensemble adjustment filter: expectations move to the posterior's mean and spread, parameters along with them.
  private mutating func learn(_ sample: Sample) {
    let n = Double(laws.count)
    let mean = sample.expected.reduce(0, +) / n
    let scatter = sample.expected.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    guard scatter > 1e-18 * n else { return }
    let (prior, noise) = (scatter / (n - 1), spread * spread)
    let posterior = (mean * noise + sample.value * prior) / (prior + noise)
    let shrink = (noise / (prior + noise)).squareRoot()
    for p in laws[0].indices {
      let average = laws.reduce(0) { $0 + $1[p] } / n
      let slope = zip(laws, sample.expected).reduce(0) { $0 + ($1.0[p] - average) * ($1.1 - mean) } / scatter
      for d in laws.indices { laws[d][p] += slope * (posterior + shrink * (sample.expected[d] - mean) - sample.expected[d]) }
    }
  }
}
