import Console
import Quantities

/// What calibration says of the same plant: a law that fits, one that is refused, one with next to nothing to rest on, an estimate only.
extension Sample {
  static let rerun = RerunView(
    calibration: "5d0c8ab3c11f92e4", at: now - .minutes(10), seed: 7,
    command: "takt calibrate examples/bottling-4 --data /tmp/run/data --seed 7 --until 2026-05-04T09:50:00Z")

  static let posterior = PosteriorView(
    rerun: rerun,
    activities: [
      ActivityView(
        station: "Filler", activity: "cycle", unit: "s", family: nil, cv: nil, families: [], mean: IntervalView(low: 2.34, mean: 2.37, high: 2.40),
        design: 2.4, fit: nil, exact: 9_624, censored: 0, effective: nil, halfLife: .minutes(15), halfLifeProbability: nil, changedAt: nil,
        picture: nil),
      ActivityView(
        station: "Filler", activity: "shortStop", unit: "s", family: "lognormal", cv: 0.62,
        families: [
          FamilyView(family: "lognormal", probability: 0.81), FamilyView(family: "gamma", probability: 0.17),
          FamilyView(family: "weibull", probability: 0.02), FamilyView(family: "exponential", probability: 0),
        ], mean: IntervalView(low: 17.2, mean: 19.8, high: 23.1), design: 20,
        fit: FitView(family: "lognormal", andersonDarlingP: 0.46, kolmogorovSmirnovP: 0.51, censoredShare: 0, refused: false), exact: 84,
        censored: 0, effective: 61.5, halfLife: .hours(8), halfLifeProbability: 0.64, changedAt: nil, picture: picture(mean: 20, count: 84)),
      ActivityView(
        station: "Labeller", activity: "repair", unit: "s", family: "gamma", cv: 0.9,
        families: [FamilyView(family: "gamma", probability: 0.55), FamilyView(family: "exponential", probability: 0.45)],
        mean: IntervalView(low: 300, mean: 402, high: 540), design: 300,
        fit: FitView(family: "gamma", andersonDarlingP: 0.004, kolmogorovSmirnovP: 0.012, censoredShare: 0.03, refused: true), exact: 33,
        censored: 1, effective: 20.2, halfLife: nil, halfLifeProbability: 0.5, changedAt: now - .hours(2), picture: picture(mean: 400, count: 33)),
      ActivityView(
        station: "Packer", activity: "repair", unit: "s", family: "exponential", cv: 1,
        families: [FamilyView(family: "exponential", probability: 1)], mean: IntervalView(low: 120, mean: 505, high: 1_900), design: 250, fit: nil,
        exact: 2, censored: 0, effective: 2, halfLife: .hours(24), halfLifeProbability: nil, changedAt: nil, picture: picture(mean: 500, count: 2)),
    ])

  private static func picture(mean: Double, count: Int) -> PictureView {
    // An exponential's cells, without its first tenth: near enough to a law for a page.
    let high = 4 * mean
    let cells = 60
    var (density, left) = ([Double](), 1.0)
    for _ in 0..<cells {
      let p = left * 0.0645
      density.append(p / (high / Double(cells)))
      left -= p
    }
    var counts = [Int](repeating: 0, count: 12)
    for k in 0..<count { counts[(k * k) % 7] += 1 }
    return PictureView(
      low: 0, high: high, density: density, beyond: left, counts: counts, countsBefore: counts.map { $0 / 3 }, countBeyond: count > 80 ? 2 : 0)
  }

  static let residuals = ResidualsView(
    rerun: rerun,
    series: [
      series("Filler", "cycle", "s", [0.3, -0.4, 1.1, 0.2, -1.9, 0.6, -0.2, 0.8], mean: 2.37, evidence: 0.12),
      series("Labeller", "repairs", "s", [0.1, -0.8, 0.4, 1.9, 2.4, 3.1, 2.2], mean: 300, evidence: 1, changedAt: now - .minutes(48)),
      series("Labeller", "scrap", "1", [0.9, -0.3], mean: 0.016, evidence: 0.02),
      series("Packer", "failures", "s", [], mean: 7_200, evidence: nil),
      series("bottling-4", "throughput", "1", [0.4, -1.2, -2.0], mean: 300, evidence: 0.44),
    ],
    changes: [
      FoundChangeView(
        station: "Labeller", kind: "repairs", words: "Labeller: repairs take 2.0 (1.6 to 2.5) times as long since 09:12", since: now - .minutes(48),
        earliest: now - .minutes(63), latest: now - .minutes(41), alarmed: now - .minutes(12), evidence: 9.2, open: true)
    ],
    forecasts: ForecastScoresView(transforms: [0.41, 0.77, 0.12, 0.96, 0.55, 0.03, 0.68], coverage: 5.0 / 7, horizon: .minutes(20)))

  private static func series(
    _ station: String, _ kind: String, _ unit: String, _ z: [Double], mean: Double, evidence: Double?, changedAt: Instant? = nil
  ) -> ResidualSeriesView {
    ResidualSeriesView(
      station: station, kind: kind, instants: z.indices.map { now - .minutes(10 * Double(z.count - $0)) }, z: z, expected: z.map { _ in mean },
      observed: z.map { mean * (1 + 0.2 * $0) }, unit: unit, evidence: evidence, changedAt: changedAt, count: z.count)
  }
}
