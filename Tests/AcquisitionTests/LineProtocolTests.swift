import Acquisition
import Foundation
import PlantModel
import Quantities
import Telemetry
import Testing

@Suite struct LineProtocolTests {
  private let now = wallStart
  private func endpoint() -> LineProtocolEndpoint { LineProtocolEndpoint(LineProtocolSpec(stationKey: "station", token: nil), plant: testPlant()) }

  private func answer(_ text: String, _ precision: LineProtocolDecoder.Precision = .nanoseconds) -> LineProtocolEndpoint.Answer {
    var endpoint = endpoint()
    return endpoint.handle(body: [UInt8](text.utf8), precision: precision, now: now)
  }

  @Test func valuesLandUnderTheirTags() {
    let text = """
      # a comment
      Pressure,line=x,station=Filler value=2.5 \(now.nanoseconds)

      Count,station=Capper value=7i,quality=192i \(now.nanoseconds)\r
        Line/ProductId value="B \\"x\\" , = \\\\ end"
      Pressure,station=Filler quality=0i \(now.nanoseconds)
      Pressure,station=Filler value=3u,quality=64i \(now.nanoseconds)
      my\\ name,station=St\\,\\ 1\\=a,x=y\\z value=t,other=-1.5e-3,note="two
      lines" \(now.nanoseconds)
      Count,station=Capper value=9i
      """
    let taken = answer(text)
    #expect(taken.status == 204 && taken.body == nil)
    func samples(_ tag: String) -> [Sample] { taken.blocks.filter { $0.tag == tag }.flatMap { b in (0..<b.count).map { b[$0] } } }
    #expect(samples("Filler/Pressure").map(\.quality) == [.good, .bad, .uncertain])
    #expect(samples("Filler/Pressure").map(\.value).first == .number(2.5))
    #expect(samples("Capper/Count").map(\.value) == [.number(7), .number(9)])
    #expect(samples("Capper/Count")[1].instant == now)
    #expect(samples("Line/ProductId").map(\.value) == [.text(#"B "x" , = \ end"#)])
    #expect(samples("St, 1=a/my name").map(\.value) == [.number(1)])
    #expect(samples("St, 1=a/my name/other").map(\.value) == [.number(-1.5e-3)])
    #expect(samples("St, 1=a/my name/note").map(\.value) == [.text("two\nlines")])
  }

  @Test func precisionScalesTimestamps() {
    for (precision, number) in [
      (LineProtocolDecoder.Precision.seconds, 1_767_592_800), (.milliseconds, 1_767_592_800_000),
      (.microseconds, 1_767_592_800_000_000), (.nanoseconds, 1_767_592_800_000_000_000),
    ] {
      #expect(answer("Pressure,station=Filler value=1 \(number)", precision).blocks.first?.instants == [wallStart])
    }
  }

  @Test func eachBadLineIsNamedWithItsReasonAndSpoilsNoOther() throws {
    let cases: [(String, String)] = [
      (",station=Filler value=1", "missing measurement"), ("Pressure", "missing fields"), ("Pressure,station=Filler", "missing fields"),
      ("Pressure,station= value=1", "missing tag value"), ("Pressure,=Filler value=1", "missing tag key"),
      ("Pressure,station value=1", "missing tag value"), ("Pressure value=", "missing field value"), ("Pressure =1", "missing field key"),
      ("Pressure value", "missing field value"), ("Pressure value=abc", "invalid number: abc"), ("Pressure value=1.2.3", "invalid number: 1.2.3"),
      ("Pressure value=9223372036854775808i", "invalid number: 9223372036854775808i"), ("Pressure value=-1u", "invalid number: -1u"),
      ("Pressure value=NaN", "NaN and infinity are not values: NaN"), ("Pressure value=-Inf", "NaN and infinity are not values: -Inf"),
      ("Pressure value=1e999", "NaN and infinity are not values: 1e999"), ("Pressure value=0x1p3", "invalid number: 0x1p3"),
      ("Pressure value=1 12x", "bad timestamp: 12x"), ("Pressure value=1 -1", "time outside range 1970 - 2200: -1"),
      ("Pressure value=1 9223372036854775807", "time outside range 1970 - 2200: 9223372036854775807"),
      ("Pressure value=\"abc", "unbalanced quotes"), ("Pressure value=\"a\"b", "invalid number: b"),
    ]
    for (line, reason) in cases {
      let answer = answer("Count,station=Capper value=1i\n\(line)\nCount,station=Capper value=2i\n")
      #expect(answer.status == 400, "\(line)")
      #expect(answer.blocks.map(\.count) == [2], "\(line): the others are taken")
      let json = try #require(try JSONSerialization.jsonObject(with: Data(answer.body!.utf8)) as? [String: Any])
      #expect(json["message"] as? String == "partial write: line 2: unable to parse '\(line)': \(reason)")
      #expect(json["code"] as? String == "invalid" && json["line"] as? Int == 2 && json["accepted"] as? Int == 2 && json["rejected"] as? Int == 1)
    }
    var endpoint = endpoint()
    let raw = endpoint.handle(body: [UInt8]("m value=".utf8) + [0x22, 0xFF, 0x22], precision: .nanoseconds, now: now)
    #expect(raw.status == 400 && raw.body!.contains("not UTF-8"))
    #expect(endpoint.decoder.report.malformedPayloads == 1)
  }

  @Test func whatIsOutOfRangeIsTakenAsBad() {
    #expect(answer("Pressure,station=Filler value=99").blocks[0].qualities == [.bad])
    #expect(answer("Pressure,station=Filler value=\"text\"").blocks[0].qualities == [.bad])
    #expect(answer("Pressure,station=Filler value=2 \((now + .hours(5)).nanoseconds)").blocks[0].qualities == [.bad])
  }

  @Test(arguments: 0..<10) func noBytesTrapTheDecoder(seed: Int) {
    let whole = [UInt8](
      #"""
      Pressure,line=x,station=Filler value=2.5,quality=192i 1767592800000000000
      my\ name,station=St\,1 value=t,other=-1.5e-3,note="two \" words" 1767592800000000000
      # comment
      Count,station=Capper value=7i
      """#.utf8)
    let alphabet = [UInt8](" ,=\\\"\n\r#\u{0}tTfFiu0123456789.eE+-naNinf".utf8) + [0x80, 0xC3, 0xFF]
    var random = Seeded(state: UInt64(seed) << 24)
    var endpoint = endpoint()
    var (taken, refused) = (0, 0)
    for _ in 0..<5_000 {
      var body = whole
      if Int.random(in: 0..<4, using: &random) == 0 {
        body = (0..<Int.random(in: 0..<80, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
      }
      for _ in 0..<Int.random(in: 0...5, using: &random) where !body.isEmpty {
        let at = Int.random(in: 0..<body.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: body[at] = alphabet.randomElement(using: &random)!
        case 1: body.remove(at: at)
        default: body.insert(alphabet.randomElement(using: &random)!, at: at)
        }
      }
      let answer = endpoint.handle(body: body, precision: .nanoseconds, now: now)
      if answer.status == 204 { taken += 1 } else { refused += 1 }
      for block in answer.blocks {
        if case .numbers(let values) = block.values {
          #expect(zip(values, block.qualities).allSatisfy { $0.isFinite || $1 == .bad }, "seed \(seed)")
        }
      }
    }
    #expect(taken > 100 && refused > 100)
  }
}
