/// A declared certificate of a run-to-run loop with the monitors of what it rests on, for a host that sees moves and how each was judged, and not the
/// lots that the loop learns from: a run is a move, its lot the judge's measurement of what the move did.
///
/// Watched are late lots, the sign and the interval of the gain (realised over claimed), and set-points that hunt. The loop's error is not seen, so
/// its growth is not either; a host that sees lots has `CertificateWatch`. The first alarm voids the certificate (`alarm` keeps it).
public struct DeclaredWatch: Hashable, Sendable {
  /// Why the certificate is void; nil while it holds.
  public private(set) var alarm: StabilityAlarm?
  /// ξ as the judged moves show it.
  public private(set) var gain: ClaimedGain
  private var lots: LotMonitor
  private var sign: SignMonitor
  private var moves: IterationWatch

  /// - Parameters:
  ///   - gain: the certified interval of ξ, above 0.
  ///   - greatestDelay: certified, in moves.
  ///   - floors: by tag, how small a move is that counts as rounding, in its unit, > 0.
  public init(gain: GainRange, greatestDelay: Int, floors: [String: Double]) {
    self.gain = ClaimedGain(certified: gain)
    lots = LotMonitor(greatestDelay: greatestDelay)
    sign = SignMonitor(leastRatio: max(gain.low, 1e-3))
    moves = IterationWatch(floors: floors)
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
  }

  private mutating func raise(_ alarm: StabilityAlarm) { if self.alarm == nil { self.alarm = alarm } }
}
