import ArgumentParser
import Disk
import Foundation
import Historian
import Interchange
import PlantModel
import Quantities
import Telemetry
import Twin

/// What follows a plant by its telemetry: a twin, or a trial of one.
protocol TelemetryFollower {
  mutating func observe(_ block: SampleBlock)
  mutating func advance(to now: Instant)
}

extension Twin: TelemetryFollower {}
extension Backtest: TelemetryFollower {}

/// Where an offline twin gets its telemetry: a CSV log, or a plant's historian.
struct TwinInput: ParsableArguments {
  @Argument(help: "The plant folder.") var directory: String
  @Option(help: "A log of telemetry: tag,timestamp_ms,value,quality. Without it, the plant's own historian is read.") var csv: String?
  @Option(help: "The data folder of takt up, where it is not PLANT/.takt.") var data: String?
  @Option(help: "Seed of the posterior draws.") var seed: UInt64 = 1
  @OptionGroup var span: RecordSpan

  /// A twin that has seen nothing yet.
  func freshTwin() throws -> Twin { Twin(plant: try PlantDirectory(directory).folder().plant, seed: seed) }

  /// A twin that has followed the whole log.
  func twin() throws -> Twin {
    var twin = try freshTwin()
    try replay(to: &twin, of: twin.plant)
    return twin
  }

  /// Gives the whole log to `follower` in order of arrival, minute by minute.
  func replay(to follower: inout some TelemetryFollower, of plant: Plant, title: String = "following ") throws {
    let (from, end) = try span.limits()
    var feed = MinuteFeed()
    // The last word on the instant that was asked for.
    defer { if let end { follower.advance(to: end) } }
    func give(_ block: SampleBlock) {
      guard let instant = block.instants.first, let arrival = block.arrivals.last, instant >= from, end.map({ arrival < $0 }) ?? true else { return }
      feed.give(block, to: &follower)
    }
    if let csv { return try read(csv, title, give) }
    let place = data ?? PlantDirectory(directory).dataPath
    let reader = try Historian.reader(of: try FileStorage(folder: place))
    var samples = try plant.tags.flatMap { tag in
      try reader.samples(of: tag.path, in: .distantPast ..< .distantFuture).map { (tag: tag.path, sample: $0) }
    }
    guard !samples.isEmpty else { throw CommandFailure("\(place) holds no telemetry of this plant; give a log with --csv") }
    samples.sort { ($0.sample.arrival, $0.tag) < ($1.sample.arrival, $1.tag) }
    let bar = ProgressBar(title)
    for (k, (tag, sample)) in samples.enumerated() {
      if k.isMultiple(of: 2048) { bar.show(k, of: samples.count) }
      give(SampleBlock(tag: tag, sample))
    }
    bar.show(samples.count, of: samples.count)
  }

  private func read(_ path: String, _ title: String, _ take: (SampleBlock) -> Void) throws {
    guard let file = FileHandle(forReadingAtPath: path) else { throw CommandFailure("\(path) cannot be read") }
    let size = ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int) ?? 0
    let bar = ProgressBar(title)
    var importer = TelemetryCSV.Importer()
    var done = 0
    func pass(_ portion: TelemetryCSV.Importer.Portion) {
      for block in portion.blocks { for i in 0..<block.count { take(SampleBlock(tag: block.tag, block[i])) } }
      for problem in portion.problems.prefix(5) { FileHandle.standardError.write(Data("\(path): \(problem)\n".utf8)) }
    }
    while let chunk = try file.read(upToCount: 1 << 18), !chunk.isEmpty {
      pass(importer.read(Array(chunk)))
      done += chunk.count
      bar.show(min(done, size), of: size)
    }
    pass(importer.finish())
    guard importer.sampleCount > 0 else {
      throw CommandFailure("\(path) holds no sample; expected the header \(TelemetryCSV.header.joined(separator: ","))")
    }
  }
}

/// Tells a follower each whole minute of plant time before the first sample that arrives in it, so that nothing said at a whole minute rests on
/// what had not arrived by then.
struct MinuteFeed {
  private var minute: Int64?

  mutating func give(_ block: SampleBlock, to follower: inout some TelemetryFollower) {
    guard let arrival = block.arrivals.last else { return }
    let now = Int64((arrival.nanoseconds / 1_000_000_000) / 60)
    if let minute, now > minute { follower.advance(to: Instant(seconds: Double(now) * 60)) }
    minute = max(minute ?? now, now)
    follower.observe(block)
  }
}
