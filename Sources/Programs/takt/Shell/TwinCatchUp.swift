import Historian
import PlantModel
import Quantities
import Supervision
import Telemetry

/// After a restart the twin follows what it remembered again from the historian, in order of arrival, so that it knows what it knew.
///
/// It goes back as far as the twin's own memory: repairs are rare, and of half a day's the twin would forecast as if the plant were new to it.
/// 64 hours of the four-station line of `Benchmarks/forecast`, 605,000 samples, cost 13 s of one core of 2.6 GHz (by `takt forecast` on their text,
/// its parsing included): so much later a plant with a full memory comes up. An hour of samples is held at a time. What came more than an hour late
/// is given with the hour that it tells of.
struct TwinCatchUp {
  let historian: Historian
  let reach: Duration

  /// - Returns: the newest arrival that is known, or the beginning of time for an empty historian.
  func run(_ kernel: inout PlantKernel) throws -> Instant {
    guard let newest = historian.lastOfAll().map(\.sample.arrival).max() else { return Instant(nanoseconds: 0) }
    let tags = kernel.folder.plant.tags.map(\.path)
    var from = newest - reach
    var slice: Instant?
    while from <= newest {
      let next = from + .hours(1)
      // A clock that is ahead stamps samples later than they arrive.
      let end = next > newest ? Instant.distantFuture : next
      var samples: [(tag: String, sample: Sample)] = []
      for tag in tags {
        for sample in try historian.samples(of: tag, in: from..<end) { samples.append((tag, sample)) }
      }
      samples.sort { ($0.sample.arrival, $0.tag, $0.sample.instant) < ($1.sample.arrival, $1.tag, $1.sample.instant) }
      for (tag, sample) in samples {
        let arrival = min(sample.arrival, end)
        let isDue = slice.map { arrival - $0 >= .minutes(1) } ?? false
        if isDue { kernel.catchUp(to: arrival) }
        if isDue || slice == nil { slice = arrival }
        kernel.catchUp(with: SampleBlock(tag: tag, sample))
      }
      from = next
    }
    return newest
  }
}
