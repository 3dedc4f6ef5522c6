import Determinism

/// A sequential test that something has changed: a mixture of Shiryaev-Roberts sums, one for each size of change that is looked for.
///
/// For each size j, R_j ← (1 + R_j)·L_j with L_j the ratio of predictive densities (`StreamLaw.logRatio`); alarm where Σ w_j·R_j ≥ A.
/// While nothing changes ΣwR − n is a martingale, so the mean time to a false alarm is at least A whatever the parameter that had to be
/// learnt: an e-detector. Renewal theory makes it exact: it is A/Σw_j·ζ_j (A/Σw_j·I_j·ζ_j² for the sum that keeps the likeliest instant).
/// One step costs as many logarithms as there are sizes.
///
/// - Source: M. Pollak 1987, doi:10.1214/aos/1176350373 (mixtures); J. Shin, A. Ramdas, A. Rinaldo 2024, doi:10.51387/23-NEJSDS51
///   (e-detectors); E. S. Page 1954, doi:10.1093/biomet/41.1-2.100; S. W. Roberts 1966, doi:10.1080/00401706.1966.10490374.
public struct ChangeDetector: Sendable, Hashable, Codable {
  struct Hypothesis: Sendable, Hashable, Codable {
    let shift: Double
    var sum = 0.0
    /// The moments since the change, as expected over the instants at which it may have come.
    var since = Moments()
  }

  public let law: StreamLaw
  public let settings: DetectorSettings
  /// The sum at which it alarms.
  public let threshold: Double
  private(set) var hypotheses: [Hypothesis]

  /// - Parameter expected: for counts, the number of events that one observation is expected to hold.
  public init(_ law: StreamLaw, _ settings: DetectorSettings, expected: Double = 1) {
    (self.law, self.settings) = (law, settings)
    hypotheses = settings.shifts(law, expected: expected).map { Hypothesis(shift: $0) }
    threshold = Self.threshold(law, settings, expected: expected)
  }

  private init(_ law: StreamLaw, _ settings: DetectorSettings, _ threshold: Double, _ hypotheses: [Hypothesis]) {
    (self.law, self.settings, self.threshold, self.hypotheses) = (law, settings, threshold, hypotheses)
  }

  /// The threshold that belongs to a rate of false alarms.
  static func threshold(_ law: StreamLaw, _ settings: DetectorSettings, expected: Double) -> Double {
    guard settings.calibration == .exact else { return 1 / settings.falseAlarmRate }
    let shifts = settings.shifts(law, expected: expected)
    let rate = shifts.reduce(0) { total, shift in
      let (zeta, information) = Overshoot.constant(law, shift: shift, expected: expected)
      return total + zeta * (settings.accumulation == .cusum ? zeta * information : 1)
    }
    return rate / Double(shifts.count) / settings.falseAlarmRate
  }

  /// Σ w_j·R_j: the likelihood of a change, summed over its instants, against none.
  public var statistic: Double { hypotheses.reduce(0) { $0 + $1.sum } / Double(hypotheses.count) }

  public var isAlarming: Bool { statistic >= threshold }

  /// Takes one observation in, in the law's own scale.
  ///
  /// - Parameters:
  ///   - past: what had been learnt before it.
  ///   - weight: trust in it, 0 to 1: its likelihood ratio is raised to this power, which keeps the guarantee (Jensen).
  mutating func observe(_ y: Double, exposure: Double = 1, weight: Double = 1, past: Moments) {
    for i in hypotheses.indices {
      let h = hypotheses[i]
      let before: Double
      switch settings.accumulation {
      case .shiryaevRoberts:
        before = 1 + h.sum
        hypotheses[i].since = h.since * (h.sum / before)
      case .cusum:
        before = max(1, h.sum)
        if h.sum < 1 { hypotheses[i].since = Moments() }
      }
      let ratio = law.logRatio(h.shift, y, exposure: exposure, past: past, since: hypotheses[i].since)
      hypotheses[i].sum = min(before * Portable.exp(weight * min(ratio, settings.cap ?? ratio)), 1e290)
      hypotheses[i].since.add(y, exposure: exposure, weight: weight)
    }
  }

  /// The same test from its start.
  func restarted() -> ChangeDetector { ChangeDetector(law, settings, threshold, hypotheses.map { Hypothesis(shift: $0.shift) }) }
}
