import Foundation
import LoopStability
import PlantModel
import Quantities
import ReferencePlants
import Telemetry
import Testing
import Twin

/// Whether the loop of the bottling example is certified over the reference plant at each of its calibrations, whether or not its set-points
/// have moved, and how often it loses the certificate or comes by it. `docs/loop-stability.md` has the table.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil)) struct DemoCertificateStudy {
  private static func folder() throws -> PlantFolder { try PlantFolder.inRepository("examples/bottling") }

  @Test(arguments: [false, true]) func theBottlingLoopIsCertified(moving: Bool) throws {
    let folder = try Self.folder()
    let loop = try #require(folder.loops.first { $0.program == "setpoints" })
    for seed in 0..<4 {
      var plant = ReferencePlant(seed: UInt64(seed), start: Instant(seconds: 1_800_000_000))
      var twin = Twin(plant: folder.plant, seed: UInt64(seed))
      var verdicts: [Bool] = []
      var margins: [Double] = []
      var refusals: [String: Int] = [:]
      var (asked, seconds) = (twin.calibration.id, 0.0)
      for step in 1...(8 * 120) {
        plant.advance(to: Double(step) * 30)
        for sample in plant.takeSamples() {
          let value: SampleValue
          switch sample.value {
          case .int32(let x): value = .number(Double(x))
          case .double(let x): value = .number(x)
          case .string(let text): value = .text(text)
          }
          twin.observe(
            SampleBlock(
              tag: plant.tags[sample.tag].name,
              Sample(instant: sample.instant, arrival: sample.instant, value: value, quality: sample.quality)))
        }
        twin.advance(to: plant.instant)
        if moving, step % 70 == 0 {
          // What the loop's own rollouts do in the first hours: each variable tries both sides.
          let limits = folder.envelope.limits.filter { loop.moves.contains($0.tag) && !$0.tag.hasSuffix("MachSpeed") }
          for (k, limit) in limits.enumerated() {
            let middle = 0.5 * (limit.low + limit.high)
            _ = plant.write(limit.tag, SampleValue.number(middle + 0.12 * (limit.high - limit.low) * [0, 1, -1][(step / 70 + k) % 3]))
          }
        }
        guard twin.calibration.id != asked else { continue }
        asked = twin.calibration.id
        let begun = clock()
        do throws(CertificateRefusal) {
          margins.append(try twin.certificate(for: loop, limits: folder.envelope.limits, at: plant.instant).margin)
          verdicts.append(true)
        } catch {
          verdicts.append(false)
          refusals[error.description, default: 0] += 1
        }
        seconds += Double(clock() - begun) / Double(CLOCKS_PER_SEC)
      }
      margins.sort()
      let flips = zip(verdicts, verdicts.dropFirst()).count { $0 != $1 }
      // The first two calibrations rest on ten minutes.
      let later = verdicts.dropFirst(2)
      func two(_ x: Double) -> Double { (x * 100).rounded() / 100 }
      print(
        "bottling, \(moving ? "moving" : "standing"), seed \(seed): certified \(verdicts.count { $0 }) of \(verdicts.count), \(flips) flips, "
          + "margin \(two(margins[margins.count / 2])) median \(two(margins.last ?? .nan)) greatest, "
          + "\((1e3 * seconds / Double(verdicts.count)).rounded()) ms each; refused \(refusals.sorted { $0.key < $1.key })")
      #expect(Double(later.count { $0 }) >= 0.9 * Double(later.count), "a certificate that comes and goes is noise")
    }
  }
}
