import Foundation
import Historian
import Storage
import Testing

// Many seeds of what the ordinary suite tries with few. Release builds only.

@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil))
struct SafetyStudy {
  /// Four crashes a seed, at any operation of append, commit, seal and merge: no acknowledged sample is lost.
  @Test func aThousandSeedsOfPowerCuts() throws {
    for seed in 1000..<2000 as Range<UInt64> { try liveThroughCrashes(seed) }
    print("1000 seeds, 4000 power cuts: every acknowledged sample came back")
  }

  /// Each step is one input for each decoder: chunks, log payloads, directories, chunks of version 1.
  @Test func tenMillionInputsForEachDecoder() {
    let before = residentMegabytes()
    var fuzz = DecoderFuzz(seed: 2026)
    let steps = Int(ProcessInfo.processInfo.environment["TAKT_FUZZ_STEPS"] ?? "") ?? 10_000_000
    for _ in 0..<steps { fuzz.step() }
    let after = residentMegabytes()
    print("\(steps) inputs for each of four decoders, \(fuzz.accepted) accepted; resident \(before) MB before, \(after) MB after")
    #expect(after < before + 50)
  }
}
