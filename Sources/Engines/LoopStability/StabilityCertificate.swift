public import Quantities

/// What a loop must have before it may act by itself: the proof, for a bounded world, that its feedback shrinks errors, with a margin of two.
///
/// It names the world that it holds for (gain, delay, sampling) and the time for which. Whoever watches the loop voids it when the world leaves
/// that (`CertificateWatch`, `IterationWatch`). The governor lets no loop close without one (docs/loop-stability.md).
public struct StabilityCertificate: Hashable, Sendable, Codable {
  /// The largest share of the exact bound that a certified loop's worst case may use: gain margin 2.
  public static let share = 0.5

  /// What kind of feedback it is about, with the numbers that were certified.
  public enum Subject: Hashable, Sendable, Codable {
    /// λ and form; d and ξ stand in `delay` and `gain`.
    case runToRun(form: RunToRunLoop.Form, weight: Double)
    /// Calibrate → optimise → actuate: ρ of (du*/dθ)(dθ/du), or with memory the inverse gain margin, the worst of an ensemble of so many members
    /// but for those that fail within the tolerance, with the share that one iteration has in what is believed.
    case iteration(members: Int, failing: Int, memory: Double)
    /// Modifier adaptation with filter K: the largest eigenvalue of Hm⁻¹·Hp over so many members.
    case modifierAdaptation(filter: Double, members: Int)
    /// Loops that share tags or parameters: ρ of their interaction matrix.
    case coupling(loops: [String])
  }

  /// The loop, by name; of a coupling, the names joined by " + ".
  public let loop: String
  public let subject: Subject
  /// (the plant's gain)/(the model's gain): where it may lie. Of an iteration: the real parts of its loop gain's eigenvalues, I − J.
  public let gain: GainRange
  /// Delay of the measurement, in runs or iterations.
  public let delay: ClosedRange<Int>
  /// Time from one move to the next.
  public let period: Duration
  /// From when it holds.
  public let issued: Instant
  /// From when it holds no more.
  public let expires: Instant
  /// The worst case in the certified world, and the bound beyond which the loop is unstable, in the same measure.
  public let worst: Double
  public let bound: Double

  /// Worst case as a share of the bound, at most `share`.
  public var margin: Double { worst / bound }

  /// Whether it holds at an instant.
  public func isLive(at now: Instant) -> Bool { now >= issued && now < expires }

  init(
    loop: String, subject: Subject, gain: GainRange, delay: ClosedRange<Int>, period: Duration, issued: Instant, expires: Instant, worst: Double,
    bound: Double
  ) {
    (self.loop, self.subject, self.gain, self.delay, self.period) = (loop, subject, gain, delay, period)
    (self.issued, self.expires, self.worst, self.bound) = (issued, expires, worst, bound)
  }
}

/// Why a loop has no certificate.
public enum CertificateRefusal: Error, Hashable, Sendable, Codable, CustomStringConvertible {
  /// The gain may be 0 or of either sign.
  case gainSignUnknown(GainRange)
  /// The plant's gain has the sign opposite to the model's.
  case gainSignWrong(GainRange)
  /// A number that is not finite, a weight outside (0, 1], an empty interval: named.
  case unsound(String)
  /// The worst case uses more than half of the bound.
  case insideHalfNotShown(worst: Double, bound: Double)
  /// Moves follow each other faster than the plant settles: the period, and the least that would do.
  case tooFast(period: Duration, least: Duration)
  /// On too many of the plants that what was seen allows, the loop comes to rest nowhere.
  case settlesNowhere
  /// Too few members of the ensemble to speak for the rest.
  case tooFewMembers(Int, least: Int)

  /// For people, without numbers that change with every look.
  public var description: String {
    switch self {
    case .gainSignUnknown: "whether its moves work against errors or with them is not known"
    case .gainSignWrong: "its moves would work with errors, not against them"
    case .unsound(let what): what
    case .insideHalfNotShown(let worst, let bound):
      worst > bound ? "its feedback may run away: errors need not shrink" : "its feedback is too strong: less than a gain margin of two"
    case .tooFast(let period, let least): "it moves every \(period), faster than the plant settles; at least \(least) are needed"
    case .settlesNowhere: "its moves come to rest nowhere"
    case .tooFewMembers(let members, let least): "the twin knows too little yet: \(members) draws of its calibration, \(least) are needed"
    }
  }
}

/// The terms that every certificate is issued on.
public struct CertificateTerms: Hashable, Sendable, Codable {
  public var loop: String
  /// Time from one move to the next.
  public var period: Duration
  /// Time in which the plant settles after a move (five time constants, or measured), dead time included.
  public var settling: Duration
  public var issued: Instant
  /// How long it holds: as long as the calibration that it rests on can be trusted.
  public var lifetime: Duration
  public init(loop: String, period: Duration, settling: Duration, issued: Instant, lifetime: Duration) {
    (self.loop, self.period, self.settling, self.issued, self.lifetime) = (loop, period, settling, issued, lifetime)
  }

  /// Time-scale separation: an outer loop slower than its inner one by this factor sees a gain, not a lag.
  public static let separation = 4.0

  /// - Throws: what is unsound, or `tooFast`.
  func check() throws(CertificateRefusal) {
    guard period > .zero, settling >= .zero, lifetime > .zero else { throw .unsound("a period, settling time or lifetime that is not positive") }
    let least = settling * Self.separation
    guard period >= least else { throw .tooFast(period: period, least: least) }
  }
}
