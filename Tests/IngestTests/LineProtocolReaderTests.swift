import Acquisition
import Historian
import Ingest
import PlantModel
import Quantities
import Telemetry
import Testing

/// One sample with its tag, for comparing.
private struct Taken: Hashable, Comparable, CustomStringConvertible {
  var tag: String
  var instant: Int64
  var value: String
  var quality: Quality

  init(_ tag: String, _ instant: Int64, _ value: SampleValue, _ quality: Quality) {
    (self.tag, self.instant, self.quality) = (tag, instant, quality)
    self.value =
      switch value {
      case .number(let x): x.isNaN ? "nan" : "\(x.bitPattern)"
      case .text(let text): "text \(text)"
      }
  }

  static func < (a: Taken, b: Taken) -> Bool { (a.tag, a.instant, a.value, a.quality) < (b.tag, b.instant, b.value, b.quality) }
  var description: String { "\(tag) \(instant) \(value) \(quality)" }
}

extension DecodedSamples {
  fileprivate func taken(_ directory: Directory) -> [Taken] {
    var all = batch.series.indices.map { i in
      Taken(
        directory.tags[Int(batch.series[i].index)], batch.instants[i], .number(batch.values[i]), batch.qualities.isEmpty ? .good : batch.qualities[i])
    }
    for block in texts { for i in 0..<block.count { all.append(Taken(block.tag, block[i].instant.nanoseconds, block[i].value, block[i].quality)) } }
    return all
  }
}

@Suite struct LineProtocolReaderTests {
  private let plant = Plant(
    name: "test", path: "acme/test/line", stations: [], buffers: [], sources: [], tags: [],
    prices: Prices(currency: "EUR", good: 1, scrap: 0, escape: 0), idealCycle: nil)

  @Test(arguments: 0..<8) func itTakesWhatTheReferenceTakes(seed: Int) {
    var maker = BodyMaker(random: Seeded(state: UInt64(seed) << 32))
    var reference = LineProtocolDecoder(LineProtocolSpec(stationKey: "station", token: nil), check: SampleCheck(plant: plant))
    // A cache so small that it begins anew now and then.
    var reader = LineProtocolReader(naming: .station(key: "station"), seed: UInt64(seed), cacheBytes: 8_000, errorLimit: .max)
    var directory = Directory()
    var (samples, errors) = (0, 0)
    for number in 0..<400 {
      let body = maker.body()
      let precision: (LineProtocolDecoder.Precision, TimestampPrecision) =
        number % 5 == 0 ? (.milliseconds, .milliseconds) : (.nanoseconds, .nanoseconds)
      let expected = reference.decode(body, precision: precision.0, at: now)
      let decoded = reader.read(body, precision: precision.1, at: now) { directory.series($0) }
      let text = "seed \(seed), body \(number): \(String(reflecting: String(decoding: body, as: UTF8.self)))"
      #expect(decoded.errors == expected.errors, "\(text)")
      let wanted = expected.blocks.flatMap { b in (0..<b.count).map { Taken(b.tag, b[$0].instant.nanoseconds, b[$0].value, b[$0].quality) } }
      #expect(decoded.taken(directory).sorted() == wanted.sorted(), "\(text)")
      #expect(decoded.count == expected.accepted && decoded.errorCount == expected.errors.count)
      samples += decoded.count
      errors += decoded.errorCount
    }
    #expect(samples > 1_000 && errors > 300, "the bodies try both")
  }

  @Test func seriesWithLabelsAreNamedAsPrometheusNamesThem() {
    var directory = Directory()
    var reader = LineProtocolReader(naming: .labels)
    let body = [UInt8](
      #"""
      cpu,host=b,cpu=0 usage=1.5,idle=2i 1767592800000000000
      cpu,cpu=0,host=b usage=2.5 1767592801000000000
      a\ b,t=x\,"\y value=1
      plain value=1,quality=64i
      """#.utf8)
    let decoded = reader.read(body, precision: .nanoseconds, at: now) { directory.series($0) }
    #expect(decoded.errorCount == 0)
    #expect(
      directory.tags == [#"cpu_usage{cpu="0",host="b"}"#, #"cpu_idle{cpu="0",host="b"}"#, #"a b_value{t="x,\"\\y"}"#, "plain_value"])
    #expect(decoded.batch.series.map(\.index) == [0, 1, 0, 2, 3] && decoded.batch.values == [1.5, 2, 2.5, 1, 1])
    #expect(decoded.batch.qualities == [.good, .good, .good, .good, .uncertain])
    #expect(SeriesName(tag: directory.tags[2]) == SeriesName(metric: "a b_value", labels: [.init(name: "t", value: #"x,"\y"#)]))
  }

  @Test func seriesBeyondTheLimitAreRefusedAndTheKnownGoOn() {
    var directory = Directory()
    directory.limit = 2
    var reader = LineProtocolReader(naming: .labels)
    let body = [UInt8]("a v=1\nb v=1\nc v=1\na v=2\nc v=\"x\"\n".utf8)
    let decoded = reader.read(body, precision: .nanoseconds, at: now) { directory.series($0) }
    #expect(
      decoded.batch.values == [1, 1, 2] && decoded.errorCount == 1 && decoded.errors[0].reason == .tooManySeries && decoded.errors[0].line == 3)
    #expect(decoded.texts.map(\.tag) == ["c_v"])
  }

  @Test func errorsBeyondTheLimitAreCounted() {
    var reader = LineProtocolReader(naming: .labels, errorLimit: 3)
    let decoded = reader.read([UInt8](String(repeating: "wrong\n", count: 50).utf8), precision: .nanoseconds, at: now) { _ in SeriesID(index: 0) }
    #expect(decoded.errors.map(\.line) == [1, 2, 3] && decoded.errorCount == 50)
  }

  @Test func doublesAreTheNearestOnes() {
    var random = Seeded(state: 5)
    var reader = LineProtocolReader(naming: .labels)
    for _ in 0..<4_000 {
      let value =
        switch Int.random(in: 0..<4, using: &random) {
        case 0: Double(bitPattern: random.next())
        case 1: Double(Int.random(in: -1_000_000_000...1_000_000_000, using: &random)) / 1_000
        case 2: Double.random(in: -1...1, using: &random)
        default: Double(Int64(truncatingIfNeeded: random.next()) >> Int.random(in: 0..<63, using: &random))
        }
      guard value.isFinite else { continue }
      let decoded = reader.read([UInt8]("m v=\(value) 5\n".utf8), precision: .nanoseconds, at: now) { _ in SeriesID(index: 0) }
      #expect(decoded.batch.values.map(\.bitPattern) == [value.bitPattern], "\(value)")
    }
  }

  @Test func linesAreCutAsTheirQuotesSay() {
    let text = "a v=\"x\ny\" 1\nb v=2\n\n# c\nd v=\"open\ne v=3\nf v=4"
    #expect(LineCutter.lines(of: [UInt8](text.utf8)).map(\.0) == [1, 3, 6, 7, 8])
  }
}
