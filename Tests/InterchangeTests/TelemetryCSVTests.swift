import Interchange
import Quantities
import Telemetry
import Testing

private func read(_ text: String, portion: Int = .max) -> (blocks: [SampleBlock], problems: [TelemetryCSV.Problem]) {
  var importer = TelemetryCSV.Importer()
  var blocks: [SampleBlock] = []
  var problems: [TelemetryCSV.Problem] = []
  let bytes = Array(text.utf8)
  var start = 0
  while start < bytes.count {
    let end = min(bytes.count, start + min(portion, bytes.count))
    let part = importer.read(Array(bytes[start..<end]))
    blocks += part.blocks
    problems += part.problems
    start = end
  }
  let rest = importer.finish()
  blocks += rest.blocks
  problems += rest.problems
  #expect(importer.sampleCount == blocks.reduce(0) { $0 + $1.count } && importer.problemCount == problems.count)
  return (blocks, problems)
}

private func flat(_ blocks: [SampleBlock]) -> [String] {
  blocks.flatMap { block in
    (0..<block.count).map { i in
      "\(block.tag) \(block[i].instant.nanoseconds) \(block[i].lateness.nanoseconds) \(block[i].value) \(block[i].quality)"
    }
  }
}

private let plant = """
  tag,timestamp_ms,value,quality
  Filler/StateCurrent,1772348400000,6,192
  Filler/StateCurrent,1772348401000,,0
  Line/ProductId,1772348402000,"Cola, 0.5 ""L""\",192
  Filler/FillPressure,1772348399000.25,2.5,64
  Filler/FillPressure,1772348403000,1e2,200

  """

private let plantRead = [
  "Filler/StateCurrent 1772348400000000000 0 number(6.0) good", "Filler/StateCurrent 1772348401000000000 0 number(nan) bad",
  "Line/ProductId 1772348402000000000 0 text(\"Cola, 0.5 \\\"L\\\"\") good",
  "Filler/FillPressure 1772348399000250000 2999750000 number(2.5) uncertain",
  "Filler/FillPressure 1772348403000000000 0 number(100.0) good",
]

@Test func aPlantsTelemetryIsReadWithQualityAndLateness() {
  let (blocks, problems) = read(plant)
  #expect(problems == [] && flat(blocks) == plantRead)
  #expect(blocks.map(\.count) == [2, 1, 2])
  // Windows line ends, a byte-order mark, no line end at the end.
  #expect(flat(read("\u{FEFF}" + plant.replacing("\n", with: "\r\n")).blocks) == plantRead)
  #expect(flat(read(String(plant.dropLast())).blocks) == plantRead)
}

@Test func whereTheStreamIsCutDoesNotMatter() {
  for portion in 1...60 {
    let (blocks, problems) = read(plant, portion: portion)
    #expect(problems == [] && flat(blocks) == plantRead, "portions of \(portion)")
  }
}

@Test func aWrongLineIsNamedAndTheOthersAreTaken() {
  let text = """
    tag,timestamp_ms,value,quality
    A,1,1,192
    A,x,1,192
    A,2,"two
    lines",192
    A,3,1
    ,3,1,192
    A,3,1,good
    A,9999999999999999,1,192
    A,3,"1"x,192
    A,3,a"b,192

    A,4,inf,192
    A,5,nan,192
    A,6,0x10,192
    A,7,7,192
    A,8,"open,192
    """
  let (blocks, problems) = read(text)
  #expect(problems.map(\.line) == [3, 6, 7, 8, 9, 10, 11, 17])
  #expect(
    problems.map(\.reason) == [
      "timestamp_ms is x, not milliseconds since 1970", "3 fields where there should be 4", "no tag", "quality is good, not a number from 0 to 255",
      "timestamp_ms is 9999999999999999, not milliseconds since 1970", "text behind a closing quote", "a quote within an unquoted field",
      "a quoted field is not closed",
    ])
  #expect(
    flat(blocks) == [
      "A 1000000 0 number(1.0) good", "A 2000000 0 text(\"two\\nlines\") good", "A 4000000 0 number(inf) bad", "A 5000000 0 number(nan) bad",
      "A 6000000 0 text(\"0x10\") good", "A 7000000 0 number(7.0) good",
    ])
  #expect(problems[0].description == "line 3: timestamp_ms is x, not milliseconds since 1970")
}

@Test func aWrongHeaderOrAnEmptyFileIsTold() {
  #expect(read("").problems.map(\.line) == [1])
  let (blocks, problems) = read("time,tag\nA,1,1,192\n")
  #expect(blocks.count == 1 && problems.map(\.line) == [1] && problems[0].reason.contains("it should be tag,timestamp_ms,value,quality"))
  var importer = TelemetryCSV.Importer()
  let notText = importer.read(Array("tag,timestamp_ms,value,quality\nA,1,".utf8) + [0xFF, 0x0A] + Array("A,2,2,192\n".utf8))
  #expect(notText.problems == [TelemetryCSV.Problem(line: 2, reason: "not UTF-8 text")] || notText.problems.first?.line == 2)
  #expect(notText.blocks.count == 1)
}

@Test func whatIsExportedIsReadBack() {
  let odd: [Double] = [0, -0.0, 0.1, 1.0 / 3, 1e308, .leastNonzeroMagnitude, -273.15, 123_456_789_012_345, 9.007199254740991e15, .infinity]
  let instants = odd.indices.map { Instant(nanoseconds: 1_772_348_400_000_000_000 + Int64($0) * 1_000_000_001) }
  let before = Instant(nanoseconds: -1_500_000)
  let blocks = [
    SampleBlock(tag: "before 1970, with \"quotes\"", instants: [before], arrivals: [before], values: .texts(["a,b\r\n\"c\""]), qualities: [.stale]),
    SampleBlock(
      tag: "T", instants: instants, arrivals: instants, values: .numbers(odd), qualities: odd.map { $0.isFinite ? .good : .bad }),
  ]
  let text = String(decoding: TelemetryCSV.headerLine + TelemetryCSV.lines(blocks), as: UTF8.self)
  let (back, problems) = read(text)
  #expect(problems == [] && back == blocks, "\(text)")
  guard case .numbers(let values) = back.last?.values else { Issue.record("no numbers"); return }
  #expect(values.map(\.bitPattern) == odd.map(\.bitPattern))
  #expect(text.contains("T,1772348400000,0,192\n") && text.contains(",-1.5,"))
}
