import Foundation
import LoopStability
import PlantModel
import Quantities
import ReferencePlants
import Telemetry
import Testing
import Twin

/// Whether the loop of the bottling example is certified over the reference plant, hour by hour, whether or not its set-points
/// have moved. `docs/loop-stability.md` has the table.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil)) struct DemoCertificateStudy {
  private static func folder() throws -> PlantFolder {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let folder = root.appendingPathComponent("examples/bottling")
    var files: [String: String] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where path.hasSuffix(".yaml") {
      files[path] = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    }
    return try PlantFolder.read(files: files)
  }

  @Test(arguments: [false, true]) func theBottlingLoopIsCertified(moving: Bool) throws {
    let folder = try Self.folder()
    let loop = try #require(folder.loops.first { $0.program == "setpoints" })
    var certified = 0
    for seed in 0..<3 {
      var plant = ReferencePlant(seed: UInt64(seed), start: Instant(seconds: 1_800_000_000))
      var twin = Twin(plant: folder.plant, seed: UInt64(seed))
      var words: [String] = []
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
        guard step % 120 == 0 else { continue }
        let begun = clock()
        do throws(CertificateRefusal) {
          let certificate = try twin.certificate(for: loop, limits: folder.envelope.limits, at: plant.instant)
          words.append("\((certificate.margin * 1000).rounded() / 1000)")
          certified += 1
        } catch {
          words.append("\(error)")
        }
        words[words.count - 1] += " (\(Double(clock() - begun) * 1e3 / Double(CLOCKS_PER_SEC)) ms)"
      }
      print("bottling, \(moving ? "moving" : "standing"), seed \(seed), margin by hour: \(words.joined(separator: ", "))")
    }
    #expect(certified > 0, "a loop that is never certified never closes")
  }
}
