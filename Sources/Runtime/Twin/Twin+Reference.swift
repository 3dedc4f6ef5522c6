public import Learning
import PlantModel
public import Quantities

/// How one stream stands to what it was at commissioning, for people.
public struct ReferenceReport: Sendable, Hashable, Codable {
  /// The station's name.
  public var station: String
  /// What of it.
  public var kind: ResidualKind
  /// Since when the reference stands; nil while it is being commissioned.
  public var since: Instant?
  /// Samples taken since it was begun.
  public var samples: Int
  /// How many samples commissioning takes.
  public var commissioning: Int
  /// How far the stream is from it of late, in standard deviations of a sample, the newest of which weighs a fifth.
  public var distance: Double
  /// The larger cumulative sum as a share of the threshold: 1 ends trust.
  public var strain: Double
  /// "M1: scrap has drifted from its reference since …"; nil: it has not.
  public var drift: String?
}

extension Twin {
  /// What the plant was at commissioning, and how far it has come since; keep it, and hand it to the next life of this twin.
  public var reference: PlantReference { references.reference }

  /// Takes a person's decision on drifts that were found. The twin is judged anew with the next calibration.
  public mutating func settle(_ decision: PlantReference.Decision, at now: Instant) {
    let drifted = references.reference.drifted
    references.settle(decision, at: now)
    if decision == .mended { for stream in drifted { discount(stream, before: now) } }
  }

  /// What a station told before it was mended counts little.
  mutating func discount(_ stream: PlantReference.Stream, before instant: Instant) {
    guard let s = plant.stations.firstIndex(where: { $0.name == stream.station }) else { return }
    calibrator.forget(stream.activity.kind, of: s, before: instant)
  }

  /// Each stream of the reference, in the plant's order.
  public var referenceReports: [ReferenceReport] {
    references.reference.streams.map { stream in
      let reference = stream.reference
      return ReferenceReport(
        station: stream.station, kind: stream.activity.kind, since: reference.frozen, samples: reference.count,
        commissioning: reference.commissioning,
        distance: reference.frozen == nil ? 0 : reference.distance,
        strain: reference.frozen == nil ? 0 : min(max(reference.chart.high, reference.chart.low) / reference.chart.h, 1),
        drift: reference.drift.map { stream.words($0) })
    }
  }
}

extension PlantReference {
  /// Why nothing that was learnt is in service, for an engineer; nil: no stream has left its reference.
  var quarantine: String? {
    let found = drifted.compactMap { stream in stream.reference.drift.map { stream.words($0) } }
    return found.isEmpty ? nil : "quarantined: " + found.joined(separator: "; ") + "; an engineer decides (takt twin accept, takt twin mended)"
  }
}

extension PlantReference.Stream {
  func words(_ drift: FrozenReference.Drift) -> String {
    let (came, foretold) =
      switch activity {
      case .scrap: (tenths(100 * drift.observed) + " %", tenths(100 * drift.foretold) + " %")
      case .cycle: (hundredths(drift.observed) + " s", hundredths(drift.foretold) + " s")
      case .microstops: (tenths(3600 * drift.observed) + " an hour", tenths(3600 * drift.foretold) + " an hour")
      }
    return
      "\(station): \(activity.kind.words) has drifted from its reference since \(drift.since.iso8601): \(came) came where \(foretold) was foretold "
      + "(\(tenths(drift.size)) standard deviations of a sample, \(drift.samples) samples)"
  }
}

private func tenths(_ x: Double) -> String { "\((x * 10).rounded() / 10)" }
private func hundredths(_ x: Double) -> String { "\((x * 100).rounded() / 100)" }
