public import Quantities

/// A certificate with the monitors of what it rests on, for a run-to-run loop: the loop asks before each run whether it may still move.
///
/// Once an alarm is raised the certificate is void, for good: `alarm` keeps the first. Only a new certificate makes a new watch.
public struct CertificateWatch: Hashable, Sendable {
  public let certificate: StabilityCertificate
  /// b, output units per input unit.
  public let modelGain: Double
  /// The standard deviation of a lot's error, output units.
  public let deviation: Double
  /// Why the certificate is void; nil while it holds.
  public private(set) var alarm: StabilityAlarm?
  private var lots: LotMonitor
  private var gain: GainMonitor
  private var sign: SignMonitor
  private var growth: GrowthMonitor
  private var last: Lot?

  private struct Lot: Hashable, Sendable {
    var input: Double
    var output: Double
  }

  /// - Parameters:
  ///   - certificate: of a run-to-run loop.
  ///   - modelGain: b that it was certified with, not 0.
  ///   - deviation: of a lot's error, output units, > 0.
  public init(_ certificate: StabilityCertificate, modelGain: Double, deviation: Double) {
    (self.certificate, self.modelGain, self.deviation) = (certificate, modelGain, deviation)
    lots = LotMonitor(greatestDelay: certificate.delay.upperBound)
    gain = GainMonitor(certified: certificate.gain, gain: modelGain, deviation: deviation)
    sign = SignMonitor(leastRatio: max(certificate.gain.low, 1e-3))
    growth = GrowthMonitor(floor: 4 * deviation)
  }

  /// A run is about to start: may the loop set a new input for it?
  public mutating func mayMove(run: Int, at now: Instant) -> Bool {
    if !certificate.isLive(at: now) { raise(.expired(at: now)) }
    if !lots.start(run: run), let late = lots.late { raise(.lateLot(run: late.run, age: late.age)) }
    return alarm == nil
  }

  /// A lot has been measured.
  ///
  /// - Parameters:
  ///   - input: that made it.
  ///   - error: measured − target.
  public mutating func arrive(lot run: Int, input: Double, measured: Double, error: Double) {
    lots.arrive(lot: run)
    if gain.take(input: input, measured: measured), let estimate = gain.estimate {
      raise(.gainLeft(estimate: estimate, certified: certificate.gain))
    }
    if let last {
      // The difference of two lots has twice the variance.
      if sign.take(expected: modelGain * (input - last.input), observed: measured - last.output, deviation: deviation * 2.0.squareRoot()) {
        raise(.signFlipped(evidence: sign.evidence))
      }
    }
    last = Lot(input: input, output: measured)
    if let factor = growth.take(error) { raise(.growing(factor: factor)) }
  }

  private mutating func raise(_ alarm: StabilityAlarm) { if self.alarm == nil { self.alarm = alarm } }
}
