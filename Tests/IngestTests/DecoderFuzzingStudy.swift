import Foundation
import Testing

@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil)) struct DecoderFuzzingStudy {
  static let decoders: [(String, @Sendable (inout DecoderFuzzing) -> Void)] = [
    ("line protocol", { $0.lineProtocol() }), ("remote write", { $0.remoteWrite() }), ("gzip", { $0.gzip() }),
  ]

  /// Ten million inputs each; memory after the first tenth may not grow by more than 16 MB.
  @Test func tenMillionInputsEach() throws {
    for (name, step) in Self.decoders {
      var fuzzing = DecoderFuzzing(seed: 20_260_102)
      var before = 0
      for i in 0..<10_000_000 {
        if i == 1_000_000 { before = try Self.residentBytes() }
        step(&fuzzing)
      }
      let grown = try Self.residentBytes() - before
      print("\(name): 10,000,000 inputs, \(fuzzing.taken) samples or bytes taken, \(fuzzing.refused) inputs refused, grown by \(grown >> 10) KiB")
      #expect(grown < 16 << 20, "\(name)")
    }
  }

  private static func residentBytes() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    return (Int(text.split(separator: " ")[1]) ?? 0) * 4096
  }
}
