import Console
import PlantModel
import Quantities
import Supervision
import Twin

extension PosteriorView {
  init(_ twin: Twin, rerun: RerunView?) {
    self.init(rerun: rerun, activities: twin.activityReports.map(ActivityView.init))
  }
}

extension ActivityView {
  fileprivate init(_ report: ActivityReport) {
    self.init(
      station: report.station, activity: report.activity.rawValue, unit: "s", family: report.law?.name, cv: report.law?.cv,
      families: report.families.map { FamilyView(family: $0.name, probability: $0.probability) },
      mean: IntervalView(low: report.low, mean: report.mean, high: report.high), design: report.design,
      fit: report.fit.map {
        FitView(
          family: $0.name, andersonDarlingP: $0.andersonDarlingP, kolmogorovSmirnovP: $0.kolmogorovSmirnovP, censoredShare: $0.censoredShare,
          refused: $0.isRefused)
      },
      exact: report.exactCount, censored: report.censoredCount, effective: report.effectiveCount, halfLife: report.halfLife,
      halfLifeProbability: report.halfLifeProbability, changedAt: report.changedAt,
      picture: report.picture.map {
        PictureView(
          low: $0.low, high: $0.high, density: $0.density, beyond: $0.beyond, counts: $0.counts, countsBefore: $0.countsBefore,
          countBeyond: $0.countBeyond)
      }, source: report.source.rawValue)
  }
}

extension ResidualsView {
  /// A series for each test, whether it has seen a residual yet or not: stations in the plant's order, then the line.
  init(_ twin: Twin, rerun: RerunView?) {
    let validity = twin.validity
    let groups = Dictionary(grouping: twin.residuals) { SeriesKey(station: $0.station, kind: $0.kind) }
    self.init(
      rerun: rerun,
      series: validity.byStation.map { monitor in
        let residuals = groups[SeriesKey(station: monitor.station, kind: monitor.kind)] ?? []
        return ResidualSeriesView(
          station: monitor.station, kind: monitor.kind.rawValue, instants: residuals.map(\.at), z: residuals.map(\.z),
          expected: residuals.map(\.expected), observed: residuals.map(\.observed), unit: monitor.kind.unit, evidence: monitor.evidence,
          changedAt: monitor.changedAt, count: monitor.residuals)
      },
      changes: twin.foundChanges.map {
        FoundChangeView(
          station: $0.station, kind: $0.kind.rawValue, words: $0.words, since: $0.since, earliest: $0.earliest, latest: $0.latest,
          alarmed: $0.alarmed, evidence: $0.evidence, open: $0.isOpen)
      },
      forecasts: ForecastScoresView(
        transforms: twin.forecastTransforms, coverage: validity.forecastsScored > 0 ? validity.coverage : nil,
        horizon: twin.configuration.forecastHorizon))
  }

  private struct SeriesKey: Hashable {
    var station: String
    var kind: ResidualKind
  }
}

extension ResidualKind {
  /// UCUM code of what is expected and observed.
  fileprivate var unit: String {
    switch self {
    case .cycle, .failures, .repairs, .microstops, .shortStops: "s"
    case .scrap, .throughput: "1"
    }
  }
}

extension RerunView {
  /// Nil before the first calibration.
  ///
  /// - Parameters:
  ///   - plant: the plant folder's path.
  ///   - data: the path of the records.
  ///   - since: from where the record was followed, where not from its beginning.
  init?(_ twin: Twin, plant: String, data: String, since: Instant?) {
    let calibration = twin.calibration
    guard calibration.at > Instant(seconds: 0) else { return nil }
    var words = ["takt", "calibrate", plant.shellQuoted, "--data", data.shellQuoted, "--seed", "\(twin.drawSeed)"]
    if let since { words += ["--from", since.iso8601] }
    words += ["--until", calibration.at.iso8601]
    self.init(calibration: calibration.id, at: calibration.at, seed: twin.drawSeed, command: words.joined(separator: " "))
  }
}

extension String {
  /// As one word of a POSIX shell.
  fileprivate var shellQuoted: String {
    let plain = !isEmpty && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+:@%,=".contains($0)) }
    return plain ? self : "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}

/// Where a plant's records are, so that what was calibrated from them can be calibrated again.
struct RecordPlace: Sendable {
  var plant: String
  var data: String
  /// From where the twin has followed the record; nil: from its beginning.
  var since: Instant?
}

extension PlantBackend {
  func posterior() async -> PosteriorView {
    // A twin is a value: the core goes on while its copy is looked at.
    let twin = await core.kernel.twin
    return PosteriorView(twin, rerun: rerun(twin))
  }

  func residuals() async -> ResidualsView {
    let twin = await core.kernel.twin
    return ResidualsView(twin, rerun: rerun(twin))
  }

  private func rerun(_ twin: Twin) -> RerunView? { RerunView(twin, plant: place.plant, data: place.data, since: place.since) }
}
