import Foundation
import Probability
import Quantities
import Synchronisation
import Telemetry
import Testing

/// The acceptance study: parts in every buffer, and residual times, on recordings of the external plant with lost, late and doubled messages.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil && ProcessInfo.processInfo.environment["TAKT_STATE"] != nil))
struct StateStudy {
  /// Right or wrong, certain or not.
  struct Tally {
    var rightCertain = 0
    var rightUncertain = 0
    var wrongUncertain = 0
    var wrongCertain = 0
    var inBounds = 0
    var count: Int { rightCertain + rightUncertain + wrongUncertain + wrongCertain }

    mutating func add(_ level: LineEstimate.Level, truth: Int) {
      switch (level.parts == truth, level.isCertain) {
      case (true, true): rightCertain += 1
      case (true, false): rightUncertain += 1
      case (false, false): wrongUncertain += 1
      case (false, true): wrongCertain += 1
      }
      if level.bounds.contains(truth) { inBounds += 1 }
    }

    static func + (a: Tally, b: Tally) -> Tally {
      Tally(
        rightCertain: a.rightCertain + b.rightCertain, rightUncertain: a.rightUncertain + b.rightUncertain,
        wrongUncertain: a.wrongUncertain + b.wrongUncertain, wrongCertain: a.wrongCertain + b.wrongCertain, inBounds: a.inBounds + b.inBounds)
    }

    var right: Double { Double(rightCertain + rightUncertain) / Double(count) }
    var certainRight: Double { Double(rightCertain) / Double(max(rightCertain + wrongCertain, 1)) }

    func row(_ name: String) -> String {
      func percent(_ n: Int) -> String { String(format: "%7.2f", 100 * Double(n) / Double(max(count, 1))) }
      return name.padding(toLength: 30, withPad: " ", startingAt: 0) + String(format: "%8.2f", 100 * right) + percent(rightCertain)
        + percent(rightUncertain) + percent(wrongUncertain) + percent(wrongCertain) + String(format: "%9.2f", 100 * certainRight)
        + percent(inBounds)
    }
    static let heading =
      "".padding(toLength: 30, withPad: " ", startingAt: 0) + "   right  r+cert r+unc  w+unc  w+cert  cert.right in bounds"
  }

  /// Where the true residual falls in its predicted law: uniform on (0, 1) if the law is right.
  struct Ranks {
    var values: [Double] = []
    var missing = 0
    var spurious = 0

    var row: String {
      let n = Double(max(values.count, 1))
      let inside = Double(values.count { $0 > 0.05 && $0 < 0.95 }) / n
      let deciles = (0..<10).map { k in values.count { Int($0 * 10) == k || (k == 9 && $0 >= 1) } }
      return String(format: "n %6d  mean %.3f  90%% interval covers %.3f", values.count, values.reduce(0, +) / n, inside)
        + "  deciles " + deciles.map { String(format: "%.3f", Double($0) / n) }.joined(separator: " ")
        + "  not seen \(missing), not there \(spurious)"
    }
  }

  struct Result {
    var live: [Tally]
    var smoothed: [Tally]
    var reliability: [Reliability]
    var work = Ranks()
    var repair = Ranks()
    var seconds = 0.0
    var messages = 0
    var corrected: [Correction.Law: Int] = [:]
    var doubled = 0
    /// By buffer and cause, wrong instants at the watermark.
    var blame: [String: Int] = [:]
    /// Each statement at the watermark, if asked for.
    var details: [String] = []
  }

  /// Why a level is wrong: whose finish, or whose start, is dated wrong; else a lot or something untold.
  private static func cause(_ b: Int, _ estimate: LineEstimate, _ truth: Recording.Moment, _ line: LineLayout) -> String {
    var causes: [String] = []
    for (s, station) in line.stations.enumerated() {
      let isProducer = station.output == .buffer(b)
      guard isProducer || station.inputs.contains(where: { $0.buffer == b }) else { continue }
      let (known, told) = (estimate.stations[s], truth.stations[s])
      if known.finished != told.finished {
        causes.append("\(station.name) finish \(known.finished > told.finished ? "early" : "late")")
      } else if known.inWork + known.blocked + known.collected != told.holding {
        causes.append("\(station.name) holds \(known.inWork + known.blocked + known.collected - told.holding) too many")
      }
    }
    return causes.isEmpty ? (line.sources.contains { $0.buffer == b } ? "lot" : "rejects or contents") : causes.joined(separator: ", ")
  }

  /// Second, buffer, stated probability, parts, true parts, least, most, and why it is wrong.
  private static func detail(_ b: Int, _ estimate: LineEstimate, _ truth: Recording.Moment, _ line: LineLayout) -> String {
    let (level, parts) = (estimate.buffers[b], truth.levels[b])
    let why = level.parts == parts ? "" : cause(b, estimate, truth, line).replacing(",", with: ";")
    return
      "\(truth.t),\(line.buffers[b].name),\(level.probability),\(level.parts),\(parts),\(level.bounds.lowerBound),\(level.bounds.upperBound),\(why)"
  }

  /// Follows the recording as a twin would: every second of arrival, with the allowed lateness of a minute.
  static func follow(_ recording: Recording, isDetailed: Bool = false) -> Result {
    let buffers = recording.line.buffers.count
    var result = Result(
      live: Array(repeating: Tally(), count: buffers), smoothed: Array(repeating: Tally(), count: buffers),
      reliability: Array(repeating: Reliability(), count: buffers))
    var synchroniser = LineSynchroniser(recording.line)
    let lateness = Duration.seconds(60)
    // Looks in order of the present: live ones at t, those at the watermark a minute later.
    var looks = recording.truth.map { (now: recording.start + .seconds($0.t), moment: $0, isLive: true) }
    looks += recording.truth.map { (now: recording.start + .seconds($0.t) + lateness, moment: $0, isLive: false) }
    looks.sort { $0.now < $1.now }
    let begin = clock()
    var next = 0
    var tick = recording.start
    for look in looks {
      while next < recording.readings.count, recording.readings[next].arrival <= look.now {
        while recording.readings[next].arrival >= tick + .seconds(1) {
          tick += .seconds(1)
          synchroniser.advance(to: tick - lateness, now: tick)
        }
        synchroniser.observe(recording.readings[next])
        next += 1
      }
      let instant = recording.start + .seconds(look.moment.t)
      let estimate = synchroniser.estimate(at: instant, now: look.now)
      for b in 0..<buffers {
        if look.isLive {
          result.live[b].add(estimate.buffers[b], truth: look.moment.levels[b])
        } else {
          result.smoothed[b].add(estimate.buffers[b], truth: look.moment.levels[b])
          result.reliability[b].add(stated: estimate.buffers[b].probability, isRight: estimate.buffers[b].parts == look.moment.levels[b])
          if isDetailed { result.details.append(detail(b, estimate, look.moment, recording.line)) }
          if estimate.buffers[b].parts != look.moment.levels[b] {
            let name = recording.line.buffers[b].name + (estimate.buffers[b].isCertain ? " certain " : " uncertain ")
            result.blame[name + cause(b, estimate, look.moment, recording.line), default: 0] += 1
          }
        }
      }
      if look.isLive { continue }
      for (s, truth) in look.moment.stations.enumerated() {
        let station = estimate.stations[s]
        if station.isCertain {
          if let left = truth.work, let work = station.work { result.work.values.append(work.cdf(left)) }
          if truth.work != nil, station.work == nil { result.work.missing += 1 }
          if truth.work == nil, station.work != nil { result.work.spurious += 1 }
        }
        if let left = truth.repair, let repair = station.repair { result.repair.values.append(repair.cdf(left)) }
        if truth.repair != nil, station.repair == nil { result.repair.missing += 1 }
        if truth.repair == nil, station.repair != nil { result.repair.spurious += 1 }
      }
    }
    result.seconds = clock() - begin
    result.messages = next
    result.corrected = synchroniser.corrected
    result.doubled = synchroniser.doubled
    return result
  }

  private static func clock() -> Double {
    var t = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t)
    return Double(t.tv_sec) + Double(t.tv_nsec) / 1e9
  }

  @Test func partsInEachBufferAreRightAtNinetyNineOfHundredInstants() throws {
    let root = URL(filePath: ProcessInfo.processInfo.environment["TAKT_STATE"] ?? "")
    let only = ProcessInfo.processInfo.environment["TAKT_RUNS"]
    let folders = try FileManager.default.contentsOfDirectory(at: root, includingPropertiesForKeys: nil).sorted { $0.path < $1.path }
      .filter { folder in only.map { $0.contains(folder.lastPathComponent) } ?? true }
    try #require(!folders.isEmpty)
    for folder in folders {
      let recording = try Recording(folder: folder)
      let details = ProcessInfo.processInfo.environment["TAKT_DETAILS"].map { URL(filePath: $0).appending(path: folder.lastPathComponent + ".csv") }
      let result = StateStudy.follow(recording, isDetailed: details != nil)
      if let details { try result.details.joined(separator: "\n").write(to: details, atomically: true, encoding: .utf8) }
      print("\n== \(folder.lastPathComponent): \(result.messages) messages, \(recording.truth.count) instants")
      print(Tally.heading)
      for (title, tallies) in [("live", result.live), ("watermark", result.smoothed)] {
        for (b, buffer) in recording.line.buffers.enumerated() {
          print(tallies[b].row("\(title) \(buffer.name)\(buffer.isMeasured ? " (sensor)" : "")"))
        }
        print(tallies.reduce(Tally(), +).row("\(title) all"))
        let counted = recording.line.buffers.indices.filter { b in
          recording.line.buffers[b].isMeasured || !recording.line.sources.contains { $0.buffer == b }
        }
        let observable = counted.map { tallies[$0] }.reduce(Tally(), +)
        print(observable.row("\(title) observable"))
        if title == "watermark" {
          print(counted.map { result.reliability[$0] }.reduce(Reliability(), +).rows.joined(separator: "\n"))
          #expect(observable.right >= 0.99, "\(folder.lastPathComponent)")
          #expect(observable.certainRight >= 0.99, "\(folder.lastPathComponent)")
        }
      }
      for (cause, n) in result.blame.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }).prefix(40) {
        print(String(format: "blame %5d  %.2f %%  ", n, 100 * Double(n) / Double(recording.truth.count)) + cause)
      }
      print("work    \(result.work.row)")
      print("repair  \(result.repair.row)")
      print(
        "corrected", Correction.Law.allCases.map { "\($0.rawValue) \(result.corrected[$0] ?? 0)" }.joined(separator: ", "),
        "doubled \(result.doubled)")
      print(String(format: "%.2f CPU s, %.1f us a message", result.seconds, 1e6 * result.seconds / Double(result.messages)))
    }
  }
}
