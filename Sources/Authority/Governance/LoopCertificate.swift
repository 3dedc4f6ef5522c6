public import Quantities

/// The proof that a loop's feedback shrinks errors, as the governor holds it: what it rests on, and until when.
///
/// Whoever certifies (the twin, for the built-in loop) issues it; the governor asks only whether there is one, whole, of the revision in force, and
/// live. `Twin.certificate(for:limits:at:)` and docs/loop-stability.md say what stands behind it.
public struct LoopCertificate: Hashable, Sendable, Codable {
  /// The loop's name.
  public var loop: String
  /// SHA-256 of the certificate as it was issued, canonical JSON, lower-case hex.
  public var hash: String
  /// What was certified, in words.
  public var subject: String
  /// The loop gain's interval; both ends of one sign, so that the loop works against errors and not with them. Dimensionless: 1 corrects an error whole.
  public var gainLow: Double
  public var gainHigh: Double
  /// Moves that may be on their way before the first is known: least and greatest.
  public var delayLow: Int
  public var delayHigh: Int
  /// The least time from one move to the next.
  public var period: Duration
  public var issued: Instant
  public var expires: Instant
  /// The worst case in the certified world, and the bound beyond which the loop is unstable, in one measure.
  public var worst: Double
  public var bound: Double
  /// Plant revision and calibration that it rests on.
  public var revision: String
  public var calibration: String
  /// Who says so where nobody computed it: `declared by NAME`; nil where the twin did.
  public var source: String?

  public init(
    loop: String, hash: String, subject: String, gain: ClosedRange<Double>, delay: ClosedRange<Int>, period: Duration, issued: Instant,
    expires: Instant, worst: Double, bound: Double, revision: String, calibration: String, source: String? = nil
  ) {
    (self.loop, self.hash, self.subject) = (loop, hash, subject)
    (gainLow, gainHigh, delayLow, delayHigh) = (gain.lowerBound, gain.upperBound, delay.lowerBound, delay.upperBound)
    (self.period, self.issued, self.expires) = (period, issued, expires)
    (self.worst, self.bound, self.revision, self.calibration, self.source) = (worst, bound, revision, calibration, source)
  }

  /// Numbers finite and in order, a gain whose sign is known, and the worst case within half of the bound.
  public var isSound: Bool {
    gainLow.isFinite && gainHigh.isFinite && gainLow > 0 && gainLow <= gainHigh && delayLow >= 0 && delayLow <= delayHigh && period > .zero
      && expires > issued && worst.isFinite && bound.isFinite && worst >= 0 && worst <= 0.5 * bound
  }

  /// Whether it holds at an instant.
  public func isLive(at now: Instant) -> Bool { now >= issued && now < expires }
}

/// What the governor knows of one loop's certificate.
public struct CertificateRecord: Hashable, Sendable, Codable {
  public var loop: String
  /// The newest that was issued, whatever became of it.
  public var certificate: LoopCertificate?
  /// Why there is none, or why the newest no longer holds; nil while it holds.
  public var flaw: String?
  /// An alarm voided a certificate: none counts before this, and what was judged before it is forgotten.
  public var barredUntil: Instant?
  public init(loop: String) { self.loop = loop }

  /// An alarm refuted what was declared of the loop in this revision of the plant folder. Nothing has been learnt since that could mend it: it takes
  /// another declaration, and so another revision.
  public func isRefuted(in revision: String) -> Bool {
    guard let certificate, certificate.source != nil, certificate.revision == revision, let barredUntil else { return false }
    return flaw != nil && barredUntil > certificate.issued
  }
}

/// Whether a loop may close, as far as its stability goes.
public enum CertificateStanding: Hashable, Sendable {
  case live(LoopCertificate)
  /// None, and why.
  case none(String)

  public var isLive: Bool { if case .live = self { true } else { false } }
}
