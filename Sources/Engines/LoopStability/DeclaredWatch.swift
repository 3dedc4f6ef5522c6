/// A declared certificate of a run-to-run loop with the monitors of what it rests on, for a host that sees moves and how each was judged, and not the
/// lots that the loop learns from: a run is a move, its lot the judge's measurement of what the move did.
///
/// Watched are late lots, the sign and the interval of the gain (realised over claimed), and set-points that hunt or whose moves grow. The loop's error
/// is not seen, but what it makes of it is: a run-to-run loop moves by λ/b times its error, so moves that stay and grow are an error that grows. How
/// large the noise of those errors is nobody knows; so six moves of one direction, or the peaks of six half cycles, must rise one after the other, by
/// three in all. On loops inside half of the bound that is read into noise at most 1.5 times in 1,000 moves; at 1.2 times the bound it is seen after
/// 5, 16 and 27 moves in the middle at delays of 0, 1 and 2. A host that sees lots has `CertificateWatch`, which is quicker.
///
/// The first alarm voids the certificate (`alarm` keeps it).
public struct DeclaredWatch: Hashable, Sendable {
  /// Why the certificate is void; nil while it holds.
  public private(set) var alarm: StabilityAlarm?
  /// ξ as the judged moves show it.
  public private(set) var gain: ClaimedGain
  private var lots: LotMonitor
  private var sign: SignMonitor
  private var moves: IterationWatch
  private let floors: [String: Double]
  private var growth: [String: GrowthMonitor] = [:]

  /// - Parameters:
  ///   - gain: the certified interval of ξ, above 0.
  ///   - greatestDelay: certified, in moves.
  ///   - floors: by tag, how small a move is that counts as rounding, in its unit, > 0.
  public init(gain: GainRange, greatestDelay: Int, floors: [String: Double]) {
    self.gain = ClaimedGain(certified: gain)
    lots = LotMonitor(greatestDelay: greatestDelay)
    sign = SignMonitor(leastRatio: max(gain.low, 1e-3))
    moves = IterationWatch(floors: floors)
    self.floors = floors
  }

  /// Move k is about to be made.
  public mutating func start(run: Int) {
    if !lots.start(run: run), let late = lots.late { raise(.lateLot(run: late.run, age: late.age)) }
  }

  /// What move k did has been measured.
  ///
  /// - Parameters:
  ///   - claimed: what the loop said that the part of the move that was in force does, in the objective's unit.
  ///   - realised: what the judge measured, and its deviation.
  public mutating func arrive(run: Int, claimed: Double, realised: Double, deviation: Double) {
    lots.arrive(lot: run)
    guard deviation > 0, deviation.isFinite else { return }
    if sign.take(expected: claimed, observed: realised, deviation: deviation) { raise(.signFlipped(evidence: sign.evidence)) }
    if gain.take(claimed: claimed, realised: realised, deviation: deviation), let estimate = gain.estimate {
      raise(.gainLeft(estimate: estimate, certified: gain.certified))
    }
  }

  /// A move of a set-point stays (after − before).
  public mutating func settle(_ tag: String, move: Double) {
    moves.settle(tag, move: move)
    if let alarm = moves.alarm { raise(alarm) }
    guard let floor = floors[tag], floor > 0 else { return }
    // Twice what counts as rounding.
    var monitor = growth[tag] ?? GrowthMonitor(floor: 2 * floor, factor: 3, values: 6)
    if let factor = monitor.take(move) { raise(.growing(factor: factor)) }
    growth[tag] = monitor
  }

  private mutating func raise(_ alarm: StabilityAlarm) { if self.alarm == nil { self.alarm = alarm } }
}
