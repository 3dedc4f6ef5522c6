internal import Continuous
public import ContinuousPlants
internal import Determinism

/// A Williams–Otto reactor in operation, the true plant of scenario 5: moved by its set-points, read every two minutes with noise, its limits on
/// A and G watched at every step of the solver, transients included.
///
/// Profit at the constrained problem's prices.
public struct OperatedReactor: Sendable {
  /// One reading.
  public struct Reading: Sendable, Hashable {
    /// s since the start.
    public var time: Double
    /// $/s.
    public var profit: Double
    /// Mass fractions of A and G.
    public var a: Double
    public var g: Double
  }

  /// Means of readings, with the standard deviation of each mean.
  public struct Mean: Sendable, Hashable {
    public var values: [Double]
    public var deviations: [Double]
  }

  /// From one reading to the next, s.
  public static let interval = 120.0
  /// Time for which a move's answer is waited for, s: seven residence times.
  public static let settling = 2400.0
  /// Duration of a move, s.
  public static let ramp = 3600.0
  /// Standard deviation of a reading of the profit, $/s.
  public let profitNoise: Double
  /// Of a reading of A or G.
  public let analyserNoise: Double
  /// (F_B, T) in force.
  public private(set) var setpoints: [Double]
  /// s since the start.
  public private(set) var time = 0.0
  /// Largest true mass fractions of A and G since the start.
  public private(set) var worstA = 0.0
  public private(set) var worstG = 0.0
  private var state: [Double]
  private var stream: RandomStream

  /// At rest at u.
  ///
  /// - Throws: `noRest` where the reactor has none near.
  public init(at u: [Double], profitNoise: Double = 0.5, analyserNoise: Double = 0.0005, seed: UInt64) throws(ContinuousPlantError) {
    (setpoints, self.profitNoise, self.analyserNoise) = (u, profitNoise, analyserNoise)
    stream = RandomStream(seed: seed, "operated reactor")
    state = try WilliamsOtto(.threeReactions, at: u).steady()
    watch(state)
  }

  /// Neither limit was ever crossed.
  public var isInsideLimits: Bool { worstA <= WilliamsOtto.limitA && worstG <= WilliamsOtto.limitG }

  /// Moves the set-points along a ramp in small steps, as a gateway with a rate limit does. The ramp is long against the tank's residence time of
  /// six minutes: the two set-points act at different speeds, and a quick move would carry G over its limit on the way between two good places.
  public mutating func move(to u: [Double]) {
    let (from, steps) = (setpoints, 30)
    for k in 1...steps {
      set(zip(from, u).map { $0 + ($1 - $0) * Double(k) / Double(steps) })
      pass(Self.ramp / Double(steps))
    }
  }

  /// Sets (F_B, T) at once, as a single small write does.
  public mutating func set(_ u: [Double]) { setpoints = u }

  /// What the instruments say now.
  public mutating func reading() -> Reading {
    let reactor = WilliamsOtto(.threeReactions, at: setpoints)
    return Reading(
      time: time, profit: reactor.profit(state, .constrained) + profitNoise * stream.normal(), a: state[0] + analyserNoise * stream.normal(),
      g: state[5] + analyserNoise * stream.normal())
  }

  /// Lets an interval pass, and reads at its end.
  public mutating func read() -> Reading {
    pass(Self.interval)
    return reading()
  }

  /// Waits until the last move has settled, then takes the mean of so many readings of (profit, A, G).
  public mutating func settledMean(of count: Int) -> Mean {
    pass(Self.settling)
    var sums = [0.0, 0.0, 0.0]
    for _ in 0..<count {
      let r = read()
      for (i, v) in [r.profit, r.a, r.g].enumerated() { sums[i] += v / Double(count) }
    }
    let root = Double(count).squareRoot()
    return Mean(values: sums, deviations: [profitNoise / root, analyserNoise / root, analyserNoise / root])
  }

  /// Lets so many seconds pass at the set-points in force, with the limits watched at least once a minute.
  public mutating func pass(_ span: Double) {
    let solver = StiffSolver(WilliamsOtto(.threeReactions, at: setpoints), tolerance: Tolerance(relative: 1e-6, absolute: 1e-8), maximumStep: 60)
    var remaining = span
    do {
      var context = try solver.start(state, at: 0)
      while remaining > 0 {
        let piece = min(remaining, 60)
        try solver.advance(&context, to: context.time + piece)
        remaining -= piece
        watch(context.state)
      }
      state = context.state
    } catch {
      preconditionFailure("a stirred tank with finite inputs has a trajectory: \(error)")
    }
    time += span
  }

  private mutating func watch(_ x: [Double]) {
    worstA = max(worstA, x[0])
    worstG = max(worstG, x[5])
  }

  // MARK: - What no controller sees

  /// The plant's profit at rest at u, $/s.
  public static func trueProfit(at u: [Double]) throws(ContinuousPlantError) -> Double {
    try WilliamsOtto(.threeReactions, at: u).steadyProfit(.constrained)
  }
  /// The plant's best profit inside its limits, $/s, at F_B 4.38939 kg/s and T 80.49632 °C.
  public static let optimum = 75.81101
}
