import Historian
import PlantModel
import Quantities
import Supervision
import Telemetry

/// After a restart the twin follows the last hours again from the historian, in order of arrival, so that it knows what it knew.
struct TwinCatchUp {
  let historian: Historian
  var reach = Duration.hours(12)

  /// - Returns: the newest arrival that is known, or the beginning of time for an empty historian.
  func run(_ kernel: inout PlantKernel) throws -> Instant {
    let newest = historian.lastOfAll().map(\.sample.arrival).max() ?? Instant(nanoseconds: 0)
    let tags = kernel.folder.plant.tags.map(\.path)
    var samples: [(tag: String, sample: Sample)] = []
    for tag in tags {
      for sample in try historian.samples(of: tag, in: (newest - reach)..<Instant.distantFuture) { samples.append((tag, sample)) }
    }
    samples.sort { ($0.sample.arrival, $0.tag, $0.sample.instant) < ($1.sample.arrival, $1.tag, $1.sample.instant) }
    var slice = samples.first?.sample.arrival ?? newest
    for (tag, sample) in samples {
      if sample.arrival - slice >= .minutes(1) {
        slice = sample.arrival
        kernel.catchUp(to: slice)
      }
      kernel.catchUp(with: SampleBlock(tag: tag, sample))
    }
    return newest
  }
}
