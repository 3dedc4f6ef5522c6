import Foundation
import Historian
import Quantities
import Storage
import Telemetry

/// Feeds seconds of telemetry in batches, and counts what the historian alone takes.
struct StudyFeed {
  static let folder = "/var/tmp/takt-engine-study"
  var historian: Historian
  let storage: FolderStorage
  var telemetry: GeneratedTelemetry
  let ids: [SeriesID]
  var samples = 0
  /// Seconds of plant time that were fed, and bodies made of them.
  private var elapsed = 0
  private var bodies: Int64 = 0
  var appendSeconds = 0.0
  var maintenanceSeconds = 0.0
  var greatestMegabytes = 0.0
  /// Whether the plant is followed as it goes, or an old log is loaded: then all arrives months later, a body each four milliseconds.
  let isLive: Bool

  init(
    tags: Int, limits: HistorianLimits = HistorianLimits(), latePerMillion: Int = 1000, latest: Int = 60, isLive: Bool = false
  ) throws {
    self.isLive = isLive
    storage = FolderStorage(Self.folder, isSynced: false)
    historian = try Historian(on: storage, limits: limits)
    telemetry = GeneratedTelemetry(tags: tags, latePerMillion: latePerMillion, latest: latest)
    ids = telemetry.tagNames.map { [historian] in historian.series(of: $0) }
  }

  mutating func run(seconds: Int, batchSamples: Int = 5000) throws {
    var batch = SampleBatch(arrival: Instant(nanoseconds: 0))
    batch.reserveCapacity(batchSamples)
    var ready: [SampleBatch] = []
    for second in elapsed..<elapsed + seconds {
      let (ids, isLive) = (ids, isLive)
      var bodies = bodies
      telemetry.next { sample in
        batch.append(series: ids[sample.tag], instant: sample.instant, value: sample.value, quality: sample.quality)
        if batch.count == batchSamples {
          bodies += 1
          // Live: the collector goes through its tags once a second, and a body is sent when it is full.
          let live = GeneratedTelemetry.start + Int64(second) * 1000 + Int64(1000 * sample.tag / ids.count) + 1150
          batch.arrival = Instant(nanoseconds: isLive ? live * 1_000_000 : 1_795_000_000_000_000_000 + bodies * 4_000_000)
          ready.append(batch)
          batch.removeAll()
        }
      }
      self.bodies = bodies
      if ready.count < 40 { continue }
      try take(ready)
      ready = []
    }
    elapsed += seconds
    if batch.count > 0 { ready.append(batch) }
    try take(ready)
  }

  private mutating func take(_ batches: [SampleBatch]) throws {
    for batch in batches {
      var start = processorSeconds()
      try historian.append(batch)
      if let ticket = historian.beginCommit() { try historian.finishCommit(ticket, ticket.write(to: storage)) }
      appendSeconds += processorSeconds() - start
      samples += batch.count
      guard historian.isSealDue else { continue }
      greatestMegabytes = max(greatestMegabytes, residentMegabytes())
      start = processorSeconds()
      while let work = historian.beginMaintenance() { try historian.finishMaintenance(work.run(on: storage)) }
      maintenanceSeconds += processorSeconds() - start
      greatestMegabytes = max(greatestMegabytes, residentMegabytes())
    }
  }

  /// Of all files of a folder: `blocks/` or `wal/`.
  func bytes(in folder: String) throws -> Int { try storage.list(prefix: folder).reduce(0) { try $0 + storage.open($1).byteCount } }

  /// Million samples a processor second, of appending, logging and writing the log.
  var perSecond: Double { Double(samples) / appendSeconds / 1e6 }
}

/// Processor milliseconds of a question: the median and the 99th percentile of so many runs.
func median(_ runs: Int, _ body: (Int) throws -> Void) rethrows -> (p50: Double, p99: Double) {
  var times: [Double] = []
  for run in 0..<runs {
    let start = processorSeconds()
    try body(run)
    times.append((processorSeconds() - start) * 1e3)
  }
  times.sort()
  return (times[runs / 2], times[runs * 99 / 100])
}
