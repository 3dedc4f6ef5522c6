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
  @Test func ingestSizeAndQueriesOfTwentyMillionSamples() throws {
    var feed = try StudyFeed(tags: 2000)
    try feed.run(seconds: 10_000)
    print("ingest: \(feed.samples) samples, \(feed.perSecond) million a processor second (append, log, write)")
    print("maintenance: \(feed.maintenanceSeconds / Double(feed.samples) * 1e9) ns a sample; resident at most \(feed.greatestMegabytes) MB")
    #expect(feed.perSecond >= 15 && feed.greatestMegabytes <= 120)
    try queries(feed, "before compaction", isBar: false)
    let start = processorSeconds()
    try feed.historian.compact()
    let seconds = processorSeconds() - start
    let bytes = try feed.bytes(in: "blocks/")
    let perSample = Double(bytes) / 20_000_000
    print("compaction: \(seconds / 20e6 * 1e9) ns a sample; \(bytes) bytes, \(perSample) a sample, quality and arrivals included")
    #expect(perSample <= 1.25)
    try queries(feed, "after compaction", isBar: true)
  }

  /// What acquisition hands over: blocks of one tag each, 5,000 samples a call, from one sample a block (a message of a broker) up.
  @Test func samplesOfBlocksAreTakenAsFast() throws {
    for perBlock in [1, 5, 20, 100, 500] {
      let storage = FolderStorage(StudyFeed.folder, isSynced: false)
      let historian = try Historian(on: storage)
      let names = GeneratedTelemetry(tags: 2000).tagNames
      var (seconds, samples) = (0.0, 0)
      while samples < 5_000_000 {
        let blocks = (0..<5000 / perBlock).map { place -> SampleBlock in
          let tag = (samples / perBlock + place) % names.count
          let instants = (0..<perBlock).map { Instant(milliseconds: GeneratedTelemetry.start + Int64(samples / 5 + $0 * 1000 + tag % 40)) }
          let values = (0..<perBlock).map { Double((tag * 37 + $0 * 11 + samples) % 10_007) / 100 }
          return SampleBlock(
            tag: names[tag], instants: instants, arrivals: instants.map { $0 + .milliseconds(150) }, values: .numbers(values),
            qualities: Array(repeating: .good, count: perBlock))
        }
        let start = processorSeconds()
        try historian.append(blocks: blocks)
        if let ticket = historian.beginCommit() { try historian.finishCommit(ticket, ticket.write(to: storage)) }
        seconds += processorSeconds() - start
        samples += 5000
        while let work = historian.beginMaintenance() { try historian.finishMaintenance(work.run(on: storage)) }
      }
      print("blocks of \(perBlock): \(Double(samples) / seconds / 1e6) million samples a processor second (append, log, write)")
      if perBlock >= 20 { #expect(Double(samples) / seconds >= 15e6) }
    }
  }

  @Test func aPlantFollowedAsItGoesIsAsSmall() throws {
    var feed = try StudyFeed(tags: 2000, isLive: true)
    try feed.run(seconds: 5000)
    try feed.historian.compact()
    let bytes = try feed.bytes(in: "blocks/")
    print("live, bodies of 2.5 s: \(Double(bytes) / 10_000_000) bytes a sample, quality and arrivals included")
    #expect(Double(bytes) / 10_000_000 <= 1.25)
  }

  private func queries(_ feed: StudyFeed, _ note: String, isBar: Bool) throws {
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
    var ordered = try StudyFeed(tags: 2000, latePerMillion: 0)
    try ordered.run(seconds: 2500)
    var late = try StudyFeed(tags: 2000, latePerMillion: 100_000, latest: 3600)
    try late.run(seconds: 2500)
    let whole = { (feed: StudyFeed) in Double(feed.samples) / (feed.appendSeconds + feed.maintenanceSeconds) / 1e6 }
    print(
      "a tenth late: \(late.perSecond) million a second against \(ordered.perSecond); with sealing and merging \(whole(late)) against \(whole(ordered))"
    )
    #expect(late.perSecond >= 0.5 * ordered.perSecond && whole(late) >= 0.5 * whole(ordered))
  }

  @Test func aHundredThousandTagsStayWithinAGigabyte() throws {
    var feed = try StudyFeed(tags: 100_000, limits: HistorianLimits(headBytes: 256 << 20, sealBytes: 128 << 20))
    try feed.run(seconds: 200)
    print("100,000 tags: \(feed.samples) samples, \(feed.perSecond) million a second; resident at most \(feed.greatestMegabytes) MB")
    #expect(feed.greatestMegabytes <= 1000)
  }

  @Test func aRestartWithAFullLogTakesLessThanASecond() throws {
    var feed = try StudyFeed(tags: 2000)
    try feed.run(seconds: 9_995)
    let log = try feed.bytes(in: "wal/")
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
