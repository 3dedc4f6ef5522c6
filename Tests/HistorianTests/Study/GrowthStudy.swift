import Foundation
import Historian
import Quantities
import Testing

// What ingest and questions cost as the historian grows: Benchmarks/historian/growth runs it. About 4 GB of disk while it runs.

@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil))
struct GrowthStudy {
  /// 2,000 tags at 1 Hz, followed as the plant goes: a thousand million samples are 5.8 days. Nothing is compacted: the files stand as they come.
  @Test func costsFromOneToAThousandMillionSamples() throws {
    let most = Int(ProcessInfo.processInfo.environment["TAKT_GROWTH_MILLIONS"] ?? "") ?? 1000
    var feed = try StudyFeed(tags: 2000, isLive: true)
    defer { _ = FolderStorage(StudyFeed.folder, isSynced: false) }
    print(
      "| million samples | append + log, CPU s a million | seal + merge | bytes a sample | files | last of all | raw hour | means, 100 tags, 2.8 h | extremes of all | open |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    var costs: [Double] = []
    for millions in [1, 3, 10, 30, 100, 300, 1000] where millions <= most {
      let (samples, append, maintenance) = (feed.samples, feed.appendSeconds, feed.maintenanceSeconds)
      try feed.run(seconds: (millions * 1_000_000 - feed.samples + 1999) / 2000)
      let added = Double(feed.samples - samples) / 1e6
      costs.append((feed.appendSeconds - append + feed.maintenanceSeconds - maintenance) / added)
      let figures = try questions(feed, seconds: feed.samples / 2000)
      let size = Double(try feed.bytes(in: "blocks/") + feed.bytes(in: "wal/")) / Double(feed.samples)
      let files = try feed.storage.list(prefix: "blocks/").count
      print(
        "| \(millions) | \(rounded((feed.appendSeconds - append) / added)) | \(rounded((feed.maintenanceSeconds - maintenance) / added)) | "
          + "\(rounded(size)) | \(files) | \(figures.map(rounded).joined(separator: " | ")) |")
    }
    print("resident at most \(feed.greatestMegabytes) MB")
    // A merge more each time that the files grow eightfold, and no more than that.
    #expect(costs.max()! < 4 * costs[0] + 0.2)
  }

  /// Processor ms of each question, medians; opening in processor ms.
  private func questions(_ feed: StudyFeed, seconds: Int) throws -> [Double] {
    let snapshot = feed.historian.snapshot()
    let names = feed.telemetry.tagNames
    let begin = Instant(milliseconds: GeneratedTelemetry.start)
    var random = Random(9)
    func place(_ length: Int) -> Range<Instant> {
      let from = begin + .seconds(Double(random.below(max(1, seconds - length))))
      return from..<from + .seconds(Double(length))
    }
    var count = 0
    let last = median(20) { _ in count += snapshot.lastOfAll().count }
    let hour = try median(30) { run in count += try snapshot.samples(of: names[run * 37 % 1200], in: place(3600)).count }
    let means = try median(10) { run in
      let span = place(10_000)
      for i in 0..<100 { count += try snapshot.windows(of: names[(run * 100 + i) % 2000], over: span, length: .minutes(1)).count }
    }
    let totals = try median(10) { _ in count += try snapshot.statistics().count }
    let start = processorSeconds()
    _ = try Historian.reader(of: feed.storage)
    let opening = (processorSeconds() - start) * 1e3
    return [last.p50, hour.p50, means.p50, totals.p50, opening]
  }

  private func rounded(_ x: Double) -> String { "\((x * 1000).rounded() / 1000)" }
}
