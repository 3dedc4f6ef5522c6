import Foundation
import LineModel
import OutputAnalysis
import Reports
import Simulation
import Testing

@Test func sharesFiguresAndLossesOfALineAddUp() throws {
  let line = try threeStations()
  let base = try run(line)
  let study = LineStudy(about: about(4, span: 6000, warmUp: 1200), of: base, idealCycle: 2.5, curveStep: 120)
  for station in study.stations {
    #expect((station.shares.reduce(0) { $0 + $1.share.mean } - 1).magnitude < 1e-9)
    let f = station.figures
    // Replication by replication OEE is the product; of the means it is near.
    #expect((f.oee.mean - f.availability.mean * f.effectiveness.mean * f.qualityRatio.mean).magnitude < 0.005)
    #expect((f.availability.mean - station.share(.working)).magnitude < 1e-9, "nothing is closed")
  }
  let losses = study.losses
  #expect(losses.constraint == study.bottleneck.station)
  #expect(zip(losses.losses, losses.losses.dropFirst()).allSatisfy { $0.share.mean >= $1.share.mean }, "ranked")
  let lost = losses.losses.reduce(0) { $0 + $1.perHour.mean }
  #expect((losses.ideal.mean - lost - losses.good.mean).magnitude < 1e-6 * losses.ideal.mean, "ideal − losses = good")
  // But for what stands in the buffers at the end, that is what the line made.
  let good = try #require(study["goodPerHour"])
  #expect((losses.good.mean - good.estimate.mean).magnitude < 0.02 * good.estimate.mean)
  #expect((try #require(study["lineOEE"]).estimate.mean - good.estimate.mean * 2.5 / 36).magnitude < 1e-9)
  #expect((study.bottleneck.shares.reduce(0) { $0 + $1.sole + $1.shifting / 2 }) > 0.95, "somebody always holds the line up")
  #expect(study.curve.mean.count == 60 && study.about.events > 1000)
}

@Test func aVariantIsComparedOnTheSameLuck() throws {
  let line = try threeStations()
  let base = try run(line)
  let whatIfs = try ["station.Weld.cycle=-10%", "station.Weld.cycle=+10%", "buffer.B2.headway=0 s"].map { try WhatIf(parsing: $0, for: line) }
  let variants = try whatIfs.map { LineStudy.Variant(name: $0.text, changes: $0.changes, run: try run($0.applied(to: line))) }
  let study = LineStudy(about: about(4, span: 6000, warmUp: 1200), of: base, variants: variants)
  #expect(study.variants[0].gain.mean > 0 && study.variants[1].gain.mean < 0 && study.variants[1].isSignificant)
  #expect(study.variants[2].gain.mean == 0 && study.variants[2].gain.halfWidth == 0 && !study.variants[2].isSignificant)
  #expect((study.variants[0].gain.confidence - (1 - 0.05 / 3)).magnitude < 1e-12, "Bonferroni")
  #expect(study.variants[0].changes == ["station.Weld.cycle from 2.5 s to 2.25 s"])
}

/// One machine a station; states by hand.
private func trace(_ spells: [[(Double, LineTrace.State)]], levels: [(Double, Int, Int)] = []) -> LineTrace {
  var entries: [LineTrace.Entry] = []
  for (machine, list) in spells.enumerated() {
    entries += list.map { LineTrace.Entry(time: $0.0, kind: .state, index: Int32(machine), value: Int32($0.1.rawValue)) }
  }
  entries += levels.map { LineTrace.Entry(time: $0.0, kind: .level, index: Int32($0.1), value: Int32($0.2)) }
  return LineTrace(entries: entries.sorted { $0.time < $1.time }, isCut: false, stations: Array(spells.indices))
}

@Test func theBottleneckShiftsWhereActivePeriodsOverlap() throws {
  let line = try threeStations()
  var base = try run(line, count: 2, horizon: 200, warmUp: 0)
  // Cut is active for 60 s, Weld from 50 s on for 90 s, Pack twice for a moment.
  base.trace = trace([
    [(0, .working), (30, .failed), (45, .working), (60, .blocked)], [(0, .starved), (50, .working), (140, .starved)],
    [(0, .starved), (20, .working), (30, .starved), (150, .working), (160, .starved)],
  ])
  let study = LineStudy(about: about(2, span: 200, warmUp: 0), of: base)
  let shares = study.bottleneck.shares
  #expect(study.bottleneck.station == "Weld")
  #expect(shares.map { ($0.sole * 200).rounded() } == [50, 80, 10])
  #expect(shares.map { ($0.shifting * 200).rounded() } == [10, 10, 0])
  // A window that leaves out the beginning: Cut is still the one until Weld takes over.
  let late = LineStudy(about: about(2, span: 160, warmUp: 40), of: base).bottleneck.shares
  #expect(late.map { ($0.sole * 160).rounded() } == [10, 80, 10])
}

@Test func starvingAndBlockingAreLaidAtTheDoorOfWhoeverStopped() throws {
  let line = try threeStations()
  var base = try run(line, count: 2, horizon: 400, warmUp: 0)
  // Weld is the bottleneck by its long spell; it is starved for 40 s while Cut is down (30 s) and then slow (10 s), and for 1 s at the start.
  base.trace = trace(
    [
      [(0, .working), (100, .failed), (130, .working), (150, .blocked)],
      [(0, .starved), (1, .working), (100, .starved), (140, .working), (340, .blocked), (360, .working)],
      [(0, .starved), (2, .working), (20, .starved), (340, .microstopped), (360, .starved)],
    ], levels: [(1, 1, 5), (100, 1, 0), (140, 1, 3), (340, 2, 10), (360, 2, 9)])
  let study = LineStudy(about: about(2, span: 400, warmUp: 0), of: base)
  #expect(study.bottleneck.station == "Weld")
  let causes = study.losses.losses.map(\.cause)
  #expect(causes.contains("starved by failures of Cut") && causes.contains("starved by pace of Cut"))
  let starved = study.losses.losses.filter { $0.cause.hasPrefix("starved") }
  let total = starved.reduce(0) { $0 + $1.share.mean }
  let failures = try #require(starved.first { $0.cause == "starved by failures of Cut" })
  #expect((failures.share.mean / total - 30 / 41).magnitude < 1e-9)
}
