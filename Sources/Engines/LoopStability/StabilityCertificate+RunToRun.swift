internal import Quantities

extension StabilityCertificate {
  /// Certifies a run-to-run loop: for every ξ of the gain range and every fixed delay of the interval, λξ (or ξ) is at most half of the exact bound.
  ///
  /// Half of the integral form's bound also covers a delay that changes from lot to lot within the interval: the limit for that is
  /// (3/2 + 1/(2(d+1)))/(d+1), more than half of 2·sin(π/(2(2d+1))) for every d.
  /// - Source: for changing delays, L. H. Erbe, H. Xia, J. S. Yu 1995, doi:10.1080/10236199508808016.
  ///
  /// - Parameters:
  ///   - plantGain: where the plant's gain may lie, output units per input unit.
  ///   - modelGain: b.
  ///   - delay: least and greatest delay of a measurement, in runs.
  /// - Throws: why not.
  public static func runToRun(
    _ form: RunToRunLoop.Form, weight: Double, modelGain: Double, plantGain: GainRange, delay: ClosedRange<Int>, _ terms: CertificateTerms
  ) throws(CertificateRefusal) -> StabilityCertificate {
    try terms.check()
    guard modelGain.isFinite, modelGain != 0 else { throw .unsound("a model gain of \(modelGain)") }
    guard weight > 0, weight <= 1 else { throw .unsound("a weight of \(weight)") }
    guard delay.lowerBound >= 0, delay.upperBound <= 1000 else { throw .unsound("a delay of \(delay) runs") }
    guard plantGain.sign != nil else { throw .gainSignUnknown(plantGain) }
    let ratio = plantGain.relative(to: modelGain)
    guard ratio.sign == 1 else { throw .gainSignWrong(ratio) }
    // Bounds fall with the delay in both forms.
    let bound = RunToRunLoop(form, weight: weight, delay: delay.upperBound).bound
    // The last bits of a sine must not decide on a loop that uses exactly half.
    guard ratio.high <= share * bound * (1 + 1e-12) else { throw .insideHalfNotShown(worst: ratio.high, bound: bound) }
    return StabilityCertificate(
      loop: terms.loop, subject: .runToRun(form: form, weight: weight), gain: ratio, delay: delay, period: terms.period, issued: terms.issued,
      expires: terms.issued + terms.lifetime, worst: ratio.high, bound: bound)
  }
}
