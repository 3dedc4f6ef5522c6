import Determinism
import Foundation
import Governance
import PlantModel
import Quantities
import SequentialTesting
import Testing

/// What k like machines made in windows of five minutes under an interleaved design, each with noise of standard deviation 1.
struct InterleaveRecord {
  static let since = SwitchbackRecord.since
  var design: InterleaveDesign
  var windows: [MachineWindow] = []

  /// - Parameters:
  ///   - gain: of a machine that carries the move, in standard deviations of a window.
  ///   - phi: autocorrelation from window to window, of the common noise as of each machine's own.
  ///   - common: share of the variance that all machines have in common.
  init(_ design: InterleaveDesign, gain: Double, phi: Double, common: Double, drift: Double = 0, _ stream: inout RandomStream) {
    self.design = design
    let count = Int((design.calendar.length / .minutes(5)).rounded()), innovation = (1 - phi * phi).squareRoot()
    var shared = stream.normal(), own = design.machines.map { _ in stream.normal() }
    for i in 0..<count {
      let start = Self.since + .minutes(5 * Double(i))
      guard let position = design.calendar.position(at: start, since: Self.since) else { break }
      let move = position.counts ? design.carrying(at: position).move : []
      for (m, machine) in design.machines.enumerated() {
        let noise = common.squareRoot() * shared + (1 - common).squareRoot() * own[m] + drift * Double(i)
        if position.counts { windows.append(Self.window(machine, start, 100 + (move.contains(machine) ? gain : 0) + noise)) }
        own[m] = phi * own[m] + innovation * stream.normal()
      }
      shared = phi * shared + innovation * stream.normal()
    }
  }

  static func window(_ machine: String, _ start: Instant, _ made: Double) -> MachineWindow {
    MachineWindow(
      machine: machine, start: start, end: start + .minutes(5), made: made, good: 100, rejected: 0, own: 300, waiting: 0, down: 0, breakdowns: 0,
      unknown: 0)
  }

  var end: Instant { Self.since + design.calendar.length }
  var evidence: Evidence {
    Evidence(
      change: design.calendar.change, step: 0, since: Self.since, windows: [], missingShare: 0, complete: true, machines: windows, until: end)
  }
  func tally(until: Instant? = nil, excluding: Set<Int> = []) -> InterleaveTally {
    InterleaveTally(windows, design, since: Self.since, until: until ?? end, excluding: excluding)
  }
}

@Suite struct InterleaveTests {
  static func machines(_ names: [String]) -> [LikeMachine] { names.map { LikeMachine(station: $0, tags: ["\($0)/MachSpeed"]) } }
  static func design(_ pairs: Int, moved: [String] = ["A", "B"], untouched: [String] = [], seed: UInt64 = 7) -> InterleaveDesign {
    InterleaveDesign(SwitchbackTests.design(pairs, seed: seed), moved: machines(moved), untouched: machines(untouched))
  }
  /// Claims are those of two machines: in parts an hour, twelve windows an hour.
  static func judge(claim: Double, alphaGain: Double = 0.05) -> InterleaveJudge {
    InterleaveJudge(
      claimed: ClaimInterval(lower: claim * 12, expected: claim * 24, upper: claim * 36),
      rollout: RolloutSpec(
        shadow: .zero, steps: [1], dwell: .minutes(15), timeout: .hours(90), keepShare: 0.5, alphaGain: alphaGain, alphaHarm: 0.1),
      rules: GovernorRules())
  }

  @Test(arguments: [1, 2, 3, 5]) func eachMovedMachineCarriesTheMoveOnceInEachPairAndAnotherStandsBeside(moved: Int) throws {
    let names = ["A", "B", "C", "D", "E"].prefix(moved).map { $0 }
    let design = Self.design(60, moved: names, untouched: moved == 1 ? ["X"] : [])
    var firsts: [String: Int] = [:]
    for pair in 0..<60 {
      let positions = try [0, 1].map {
        try #require(design.calendar.position(at: Self.since + .minutes(70 * Double(pair) + 35 * Double($0)), since: Self.since))
      }
      let carrying = positions.map { design.carrying(at: $0) }
      #expect(carrying.flatMap(\.move).sorted() == names)
      for (move, control) in carrying { #expect(!control.isEmpty && (move + control).sorted() == design.machines.sorted()) }
      for name in carrying[0].move { firsts[name, default: 0] += 1 }
    }
    // No machine is the first by habit.
    #expect(names.allSatisfy { (18...42).contains(firsts[$0] ?? 0) }, "\(firsts)")
  }
  static let since = SwitchbackRecord.since

  @Test func theCalendarFollowsFromTheSeedAlone() {
    let names = ["A", "B", "C", "D"]
    let design = Self.design(40, moved: names)
    let again = Self.design(40, moved: names), other = Self.design(40, moved: names, seed: 8)
    #expect((0..<40).allSatisfy { design.sides(of: $0) == again.sides(of: $0) })
    #expect(!(0..<40).allSatisfy { design.sides(of: $0) == other.sides(of: $0) })
    #expect(Set((0..<40).map { design.sides(of: $0) }).count == 6, "four machines fall into halves in six ways")
  }

  /// What all machines do at a time, and what one of them does all the time, are no gain; and only what the carriers add is.
  @Test func whatIsCommonToTheTimeOrPeculiarToAMachineCancels() throws {
    let design = Self.design(20, moved: ["A", "B", "C"])
    var windows: [MachineWindow] = []
    for pair in 0..<20 {
      for period in 0..<2 {
        let dwell = Self.since + .minutes(70 * Double(pair) + 35 * Double(period) + 15)
        let move = design.carrying(at: try #require(design.calendar.position(at: dwell, since: Self.since))).move
        for (m, machine) in design.machines.enumerated() {
          for w in 0..<4 {
            let jump = 40.0 * Double((pair * 7 + period * 3 + w) % 5)
            windows.append(
              InterleaveRecord.window(machine, dwell + .minutes(5 * Double(w)), 100 + jump - 30 * Double(m) + (move.contains(machine) ? 2 : 0)))
          }
        }
      }
    }
    let tally = InterleaveTally(windows, design, since: Self.since, until: Self.since + design.calendar.length)
    let differences = try #require(tally.pairs?.differences)
    // Three machines, twelve windows an hour.
    #expect(differences.count == 20 && differences.allSatisfy { abs($0 - 3 * 2 * 12) < 1e-6 }, "\(differences)")
  }

  @Test(arguments: [0, 0.9, 0.98]) func noGainIsRarelyKeptWhateverTheNoise(phi: Double) {
    var kept = 0
    for run in 0..<24 {
      var stream = RandomStream(seed: UInt64(run), "interleave", "\(phi)")
      let record = InterleaveRecord(Self.design(30, seed: UInt64(run)), gain: 0, phi: phi, common: run % 2 == 0 ? 0 : 0.9, drift: 0.007, &stream)
      let isKept = stride(from: 6, through: 30, by: 8).contains {
        var evidence = record.evidence
        evidence.until = record.design.calendar.end(ofPair: $0 - 1, since: Self.since)
        return Self.judge(claim: 0.5).judge(evidence, record.design).verdict == .keep
      }
      if isKept { kept += 1 }
    }
    #expect(kept <= 2, "\(kept) of 24 at 5 %")
  }

  /// Half of it needs a quarter of the pairs: the noise that machines have in common is gone, where a switchback takes it for what it has to outvote.
  @Test func commonNoiseCostsAnInterleavedPairNothing() {
    func pairs(_ common: Double) -> Int {
      let found = (0..<21).map { run in
        var stream = RandomStream(seed: UInt64(run), "common")
        let tally = InterleaveRecord(Self.design(120, seed: UInt64(run)), gain: 0.15, phi: 0, common: common, &stream).tally()
        var pairs = RandomizedPairs(expectedSD: tally.pairs?.expectedSD ?? 1)
        for difference in tally.pairs?.differences ?? [] {
          pairs.add(difference)
          if pairs.logEvidence(above: 0) >= log(20) { return pairs.count }
        }
        return 999
      }
      return found.sorted()[10]
    }
    let (apart, together) = (pairs(0), pairs(0.8))
    #expect(together < apart / 2, "\(together) pairs with common noise, \(apart) without")
  }

  @Test func whatMachinesTakeFromEachOtherIsNoGain() {
    // A faster machine that starves its like: parts an hour would show twice the step. Both wait for a third of the time.
    let design = Self.design(12)
    var windows: [MachineWindow] = []
    var better: [MachineWindow] = []
    for record in [InterleaveRecord(design, gain: 0, phi: 0, common: 0, &Self.quiet)] {
      for window in record.windows {
        let position = design.calendar.position(at: window.start, since: Self.since)!
        let isFast = design.carrying(at: position).move.contains(window.machine)
        var starved = window
        // Eighty parts a window come for both; they are shared as the mills can take them: 66 to 60.
        let parts = 80 * (isFast ? 66.0 : 60) / 126
        (starved.made, starved.good, starved.own, starved.waiting) = (parts + 0.001 * window.made, Int(1000 * parts), 200, 100)
        windows.append(starved)
        // The same waits, and every part that carries the move is worth two per cent more.
        (starved.good, starved.made) = (40_000, 40 * (isFast ? 1.02 : 1) + 0.001 * window.made)
        better.append(starved)
      }
    }
    func judgement(_ windows: [MachineWindow]) -> Judgement {
      Self.judge(claim: 0.4).judge(
        Evidence(
          change: ChangeID("x"), step: 0, since: Self.since, windows: [], missingShare: 0, complete: true, machines: windows,
          until: Self.since + design.calendar.length), design)
    }
    let (taken, made) = (judgement(windows), judgement(better))
    #expect(taken.verdict != .keep && abs(taken.estimate) < 1, "parts an hour would show \(24 * 80 * 6 / 126): \(taken)")
    #expect(made.verdict == .keep && abs(made.estimate - 2 * 12 * 0.8) < 2, "\(made)")
  }
  private static nonisolated(unsafe) var quiet = RandomStream(seed: 5, "quiet")

  @Test func aMachineThatStopsVoidsItsWindowsAndNotTheChange() {
    var stream = RandomStream(seed: 1, "stops")
    let record = InterleaveRecord(Self.design(12), gain: 6, phi: 0, common: 0.5, &stream)
    func stopped(_ pairs: Set<Int>, _ edit: (inout MachineWindow) -> Void) -> InterleaveRecord {
      var record = record
      for i in record.windows.indices where record.windows[i].machine == "A" {
        let pair = record.design.calendar.position(at: record.windows[i].start, since: Self.since)?.pair
        if pairs.contains(pair ?? -1) { edit(&record.windows[i]) }
      }
      return record
    }
    // Broken down, switched off, without work: the pair says nothing, the others do.
    for edit in [
      { $0.down = 300 }, { _ in }, { $0.waiting = 300 },
    ] as [(inout MachineWindow) -> Void] {
      let record = stopped([2, 5, 7, 8]) {
        ($0.own, $0.made, $0.good) = (0, 0, 0)
        edit(&$0)
      }
      let tally = record.tally()
      #expect(tally.count == 8 && tally.stood == 4 && tally.missing == 0)
      #expect(Self.judge(claim: 6).judge(record.evidence, record.design).verdict == .keep)
    }
    // A stop of five minutes costs a window, not the pair.
    var short = record
    let first = short.windows.firstIndex { $0.machine == "A" }!
    (short.windows[first].own, short.windows[first].down, short.windows[first].made) = (60, 240, 10)
    #expect(short.tally().count == 12 && abs((short.tally().pairs?.estimate ?? 0) - (record.tally().pairs?.estimate ?? 1)) < 5)
    // More than half of all pairs is nothing to go by.
    #expect(Self.judge(claim: 6).judge(stopped(Set(0..<7)) { $0.own = 0 }.evidence, record.design).verdict == .noEvidence)
  }

  @Test func missingDataNeverKeeps() {
    var stream = RandomStream(seed: 1, "flaws")
    let record = InterleaveRecord(Self.design(12), gain: 6, phi: 0, common: 0.5, &stream)
    func verdict(excluding: Set<Int> = [], _ edit: (inout Evidence) -> Void = { _ in }) -> Verdict {
      var evidence = record.evidence
      edit(&evidence)
      return Self.judge(claim: 6).judge(evidence, record.design, excluding: excluding).verdict
    }
    #expect(verdict() == .keep)
    #expect(verdict { $0.machines = nil } == .noEvidence)
    #expect(verdict { $0.machines = [] } == .noEvidence)
    #expect(verdict { $0.complete = false } == .noEvidence)
    #expect(verdict { $0.machines?[7].made = .nan } == .noEvidence)
    #expect(verdict { $0.machines?[7].own = -1 } == .noEvidence)
    #expect(verdict { $0.machines?[7].own = 9_000 } == .noEvidence)
    #expect(verdict { $0.machines?.swapAt(0, 9) } == .noEvidence)
    #expect(verdict { $0.machines?.removeAll { $0.machine == "B" } } == .noEvidence)
    // Three of twelve pairs are too many, two are not.
    func lost(_ pairs: Set<Int>) -> Verdict {
      verdict { evidence in
        evidence.machines = evidence.machines?.map { window in
          var window = window
          if pairs.contains(record.design.calendar.position(at: window.start, since: Self.since)?.pair ?? -1) {
            (window.own, window.unknown) = (0, 300)
          }
          return window
        }
      }
    }
    #expect(lost([1, 5, 7]) == .noEvidence && lost([1, 5]) == .keep)
    #expect(verdict(excluding: [1, 5, 7]) == .noEvidence && verdict(excluding: [1, 5]) == .keep)
    // One wild window makes no gain, and nothing traps.
    let idle = InterleaveRecord(Self.design(12), gain: 0, phi: 0, common: 0.5, &stream)
    for i in 0..<20 {
      var evidence = idle.evidence
      evidence.machines?[i].made = i % 2 == 0 ? 1e308 : -1e308
      #expect(Self.judge(claim: 6).judge(evidence, idle.design).verdict != .keep)
    }
  }

  @Test func breakdownsOfTheCarriersAreHarmWhateverTheMachinesMakeMeanwhile() {
    var stream = RandomStream(seed: 3, "breakdowns")
    let record = InterleaveRecord(Self.design(30), gain: 3, phi: 0, common: 0.5, &stream)
    func verdict(_ breaks: (_ carries: Bool, _ pair: Int) -> Bool) -> (Verdict, String) {
      var record = record
      for i in record.windows.indices {
        let window = record.windows[i]
        let position = record.design.calendar.position(at: window.start, since: Self.since)!
        let isFirst = i < 2 || record.windows[i - 2].start < window.start - .minutes(6)
        if isFirst, breaks(record.design.carrying(at: position).move.contains(window.machine), position.pair) {
          (record.windows[i].own, record.windows[i].down, record.windows[i].breakdowns, record.windows[i].made) = (60, 240, 1, 20)
        }
      }
      let judgement = Self.judge(claim: 30).judge(record.evidence, record.design)
      return (judgement.verdict, judgement.reason)
    }
    let carriers = verdict { carries, pair in carries && pair % 3 == 0 }
    #expect(carriers.0 == .rollback && carriers.1.contains("break down"), "\(carriers)")
    let both = verdict { _, pair in pair % 3 == 0 }
    #expect(!both.1.contains("break down"), "\(both)")
  }
}
