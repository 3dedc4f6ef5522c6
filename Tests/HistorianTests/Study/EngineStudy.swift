import Foundation
import Historian
import Quantities
import Storage
import Telemetry
import Testing

// What the engine does in one process, in processor seconds, against the lines that it must hold. Release builds only; each study prints a table.
//   TAKT_STUDY=1 swift test -c release -Xswiftc -enable-testing --filter EngineStudy

@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil))
struct EngineStudy {
  private static let folder = "/var/tmp/takt-engine-study"

  /// Feeds seconds of telemetry in batches, and counts what the historian alone takes.
  private struct Feed {
    var historian: Historian
    let storage: FolderStorage
    var telemetry: GeneratedTelemetry
    let ids: [SeriesID]
    var samples = 0
    var appendSeconds = 0.0
    var maintenanceSeconds = 0.0
    var greatestMegabytes = 0.0
    /// Whether the plant is followed as it goes, or an old log is loaded: then all arrives months later, a body each four milliseconds.
    let isLive: Bool

    init(
      tags: Int, limits: HistorianLimits = HistorianLimits(), latePerMillion: Int = 1000, latest: Int = 60, isLive: Bool = false
    ) throws {
      self.isLive = isLive
      storage = FolderStorage(folder, isSynced: false)
      historian = try Historian(on: storage, limits: limits)
      telemetry = GeneratedTelemetry(tags: tags, latePerMillion: latePerMillion, latest: latest)
      ids = telemetry.tagNames.map { [historian] in historian.series(of: $0) }
    }

    mutating func run(seconds: Int, batchSamples: Int = 5000) throws {
      var batch = SampleBatch(arrival: Instant(nanoseconds: 0))
      batch.reserveCapacity(batchSamples)
      var ready: [SampleBatch] = []
      var bodies: Int64 = 0
      for second in 0..<seconds {
        let (ids, isLive) = (ids, isLive)
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
        if ready.count < 40 { continue }
        try take(ready)
        ready = []
      }
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

    var perSecond: Double { Double(samples) / appendSeconds / 1e6 }
  }

  private func median(_ runs: Int, _ body: (Int) throws -> Void) rethrows -> (p50: Double, p99: Double) {
    var times: [Double] = []
    for run in 0..<runs {
      let start = processorSeconds()
      try body(run)
      times.append((processorSeconds() - start) * 1e3)
    }
    times.sort()
    return (times[runs / 2], times[runs * 99 / 100])
  }

  @Test func ingestSizeAndQueriesOfTwentyMillionSamples() throws {
    var feed = try Feed(tags: 2000)
    try feed.run(seconds: 10_000)
    print("ingest: \(feed.samples) samples, \(feed.perSecond) million a processor second (append, log, write)")
    print("maintenance: \(feed.maintenanceSeconds / Double(feed.samples) * 1e9) ns a sample; resident at most \(feed.greatestMegabytes) MB")
    #expect(feed.perSecond >= 15 && feed.greatestMegabytes <= 120)
    try queries(feed, "before compaction", isBar: false)
    let start = processorSeconds()
    try feed.historian.compact()
    let seconds = processorSeconds() - start
    let bytes = try feed.storage.list(prefix: "blocks/").reduce(0) { try $0 + feed.storage.open($1).byteCount }
    let perSample = Double(bytes) / 20_000_000
    print("compaction: \(seconds / 20e6 * 1e9) ns a sample; \(bytes) bytes, \(perSample) a sample, quality and arrivals included")
    #expect(perSample <= 1.25)
    try queries(feed, "after compaction", isBar: true)
  }

  @Test func aPlantFollowedAsItGoesIsAsSmall() throws {
    var feed = try Feed(tags: 2000, isLive: true)
    try feed.run(seconds: 5000)
    try feed.historian.compact()
    let bytes = try feed.storage.list(prefix: "blocks/").reduce(0) { try $0 + feed.storage.open($1).byteCount }
    print("live, bodies of 2.5 s: \(Double(bytes) / 10_000_000) bytes a sample, quality and arrivals included")
    #expect(Double(bytes) / 10_000_000 <= 1.25)
  }

  private func queries(_ feed: Feed, _ note: String, isBar: Bool) throws {
    let snapshot = feed.historian.snapshot()
    let names = feed.telemetry.tagNames
    let begin = Instant(milliseconds: GeneratedTelemetry.start)
    let all = begin..<begin + .seconds(10_000)
    var count = 0
    let last = median(50) { _ in count += snapshot.lastOfAll().count }
    let hour = try median(50) { run in
      let from = begin + .seconds(Double(run * 100))
      count += try snapshot.samples(of: names[run * 37 % 1200], in: from..<from + .hours(1)).count
    }
    let means = try median(50) { run in
      for i in 0..<100 { count += try snapshot.windows(of: names[(run * 100 + i) % 2000], over: all, length: .minutes(1)).count }
    }
    let weighted = try median(20) { run in
      for i in 0..<100 { count += try snapshot.aggregate(names[(run * 100 + i) % 2000], over: all, windows: WindowRule(length: .minutes(1))).count }
    }
    let totals = try median(50) { _ in count += try snapshot.statistics().count }
    print("\(note), processor ms, p50 and p99 of 50: last of 2000 tags \(last); raw hour \(hour); one-minute means of 100 tags \(means)")
    print("  time-weighted windows of 100 tags \(weighted); minimum, maximum, mean of all tags \(totals) (\(count))")
    if isBar { #expect(last.p50 <= 1 && hour.p50 <= 0.6 && means.p50 <= 8 && totals.p50 <= 20) }
  }

  @Test func ATenthUpToAnHourLateCostsAtMostTwice() throws {
    var ordered = try Feed(tags: 2000, latePerMillion: 0)
    try ordered.run(seconds: 2500)
    var late = try Feed(tags: 2000, latePerMillion: 100_000, latest: 3600)
    try late.run(seconds: 2500)
    let whole = { (feed: Feed) in Double(feed.samples) / (feed.appendSeconds + feed.maintenanceSeconds) / 1e6 }
    print(
      "a tenth late: \(late.perSecond) million a second against \(ordered.perSecond); with sealing and merging \(whole(late)) against \(whole(ordered))"
    )
    #expect(late.perSecond >= 0.5 * ordered.perSecond && whole(late) >= 0.5 * whole(ordered))
  }

  @Test func aHundredThousandTagsStayWithinAGigabyte() throws {
    var feed = try Feed(tags: 100_000, limits: HistorianLimits(headBytes: 256 << 20, sealBytes: 128 << 20))
    try feed.run(seconds: 200)
    print("100,000 tags: \(feed.samples) samples, \(feed.perSecond) million a second; resident at most \(feed.greatestMegabytes) MB")
    #expect(feed.greatestMegabytes <= 1000)
  }

  @Test func aRestartWithAFullLogTakesLessThanASecond() throws {
    var feed = try Feed(tags: 2000)
    try feed.run(seconds: 9_995)
    let log = try feed.storage.list(prefix: "wal/").reduce(0) { try $0 + feed.storage.open($1).byteCount }
    let start = processorSeconds()
    let again = try Historian(on: feed.storage)
    let seconds = processorSeconds() - start
    print("restart: \(seconds) s with \(log) bytes of log: \(again.recovery)")
    #expect(seconds <= 1 && again.recovery.isSound)
  }

  @Test func fullPrecisionTakesNoMoreThanThePublishedCodes() throws {
    let storage = MemoryStorage()
    let historian = try Historian(on: storage)
    var telemetry = GeneratedTelemetry(tags: 12, isRounded: false)
    let ids = telemetry.tagNames.map { historian.series(of: $0) }
    var count = 0
    var batch = SampleBatch(arrival: Instant(nanoseconds: 0))
    for _ in 0..<20_000 {
      telemetry.next { batch.append(series: ids[$0.tag], instant: ($0.instant + 500_000_000) / 1_000_000_000 * 1_000_000_000, value: $0.value) }
      batch.arrival = Instant(nanoseconds: batch.instants[0] + 1_000_000_000)
      try historian.append(batch)
      count += batch.count
      batch.removeAll()
    }
    try historian.compact()
    let bits = Double(storage.usedBytes) * 8 / Double(count)
    print("full precision: \(bits) bits a sample, instants on whole seconds included (64 raw; ALP-RD about 56 published)")
    #expect(bits <= 56)
  }
}
