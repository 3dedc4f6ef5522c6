import Foundation

/// A run by its truth log, as far as scoring needs it.
public struct RunLog: Sendable, Hashable {
  public var seed: UInt64
  public var truth: PlantTruth
  public var timeline: [TimelineEvent]
  /// One per complete hour: its end in hours, value per hour, good parts per hour.
  public var hours: [Hour]

  public struct Hour: Sendable, Hashable {
    public var end: Int
    public var valuePerHour: Double
    public var goodPerHour: Double
  }

  /// From the text of a truth log.
  /// - Throws: `ScoreError` where a line is not what `takt-plant` writes; a retry does not help.
  public init(text: String) throws(ScoreError) {
    struct Line: Decodable {
      var kind: String
      var t: Double
      var seed: UInt64?
      var parameters: PlantTruth?
      var timeline: [TimelineEvent]?
      var value_per_h: Double?
      var good_per_h: Double?
    }
    var header: Line?
    hours = []
    for (number, line) in text.split(whereSeparator: \.isNewline).enumerated() {
      guard line.contains("\"kind\":\"header\"") || line.contains("\"kind\":\"kpi\"") else { continue }
      guard let parsed = try? JSONDecoder().decode(Line.self, from: Data(line.utf8)) else { throw .malformed(line: number + 1) }
      if parsed.kind == "header" { header = parsed }
      if parsed.kind == "kpi", let value = parsed.value_per_h, let good = parsed.good_per_h {
        hours.append(Hour(end: Int((parsed.t / 3600).rounded()), valuePerHour: value, goodPerHour: good))
      }
    }
    guard let header, let seed = header.seed, let truth = header.parameters, let timeline = header.timeline else { throw .noHeader }
    (self.seed, self.truth, self.timeline) = (seed, truth, timeline)
  }
}

/// Why a truth log could not be scored.
public enum ScoreError: Error, Sendable, Hashable {
  case noHeader
  case malformed(line: Int)
  /// The run ended before one hour was complete after the given one.
  case noCompleteHour(after: Int)
}

/// The best static set-points of one scenario, to be kept in a file and used again.
public struct BestSetpoints: Sendable, Hashable, Codable {
  /// Names truth, timeline and stretch; a search with another one is not this one's.
  public var fingerprint: String
  public var setpoints: [String: Double]
  public init(fingerprint: String, setpoints: [String: Double]) { (self.fingerprint, self.setpoints) = (fingerprint, setpoints) }
}

/// How good a run was between doing nothing and the best static set-points, on the run's own luck.
public struct RunScore: Sendable, Hashable, Codable {
  public struct Figures: Sendable, Hashable, Codable {
    public var valuePerHour: Double
    public var goodPerHour: Double
  }
  public var fromHours: Int
  public var toHours: Int
  public var seed: UInt64
  public var run: Figures
  /// The same seed at the design's set-points.
  public var design: Figures
  /// The same seed at the best static set-points.
  public var best: Figures
  public var bestSetpoints: [String: Double]
  /// Value per hour that the run left behind: best − run.
  public var regretPerHour: Double
  public var regretPercent: Double
  /// 100·(run − design)/(best − design); nil where best and design differ by less than one percent.
  public var gainCapturedPercent: Double?

  /// The search whose result scores this run from `fromHours` on.
  public static func search(for log: RunLog, fromHours: Int = 0) throws(ScoreError) -> SetpointSearch {
    guard let last = log.hours.last, last.end > fromHours else { throw .noCompleteHour(after: fromHours) }
    return SetpointSearch(log.truth, timeline: log.timeline, fromHours: Double(fromHours), toHours: Double(last.end))
  }

  /// Scores a run against set-points that its search found.
  public init(_ log: RunLog, search: SetpointSearch, best setpoints: [String: Double]) {
    fromHours = Int(search.fromHours)
    toHours = Int(search.toHours)
    seed = log.seed
    let from = fromHours
    let counted = log.hours.filter { $0.end > from }
    func rounded(_ x: Double) -> Double { (x * 100).rounded() / 100 }
    func mean(_ f: (RunLog.Hour) -> Double) -> Double { rounded(counted.reduce(0) { $0 + f($1) } / Double(counted.count)) }
    func replay(_ setpoints: [String: Double]) -> Figures {
      let k = search.run(setpoints, seed: log.seed)
      return Figures(valuePerHour: rounded(k.valuePerHour), goodPerHour: rounded(k.goodPerHour))
    }
    run = Figures(valuePerHour: mean(\.valuePerHour), goodPerHour: mean(\.goodPerHour))
    design = replay(search.design)
    best = replay(setpoints)
    bestSetpoints = setpoints
    let gain = best.valuePerHour - design.valuePerHour
    regretPerHour = rounded(best.valuePerHour - run.valuePerHour)
    regretPercent = rounded(100 * regretPerHour / best.valuePerHour)
    gainCapturedPercent = abs(gain) > 0.01 * abs(best.valuePerHour) ? rounded(100 * (run.valuePerHour - design.valuePerHour) / gain) : nil
  }
}

extension SetpointSearch {
  /// FNV-1a over everything that the result depends on, in hexadecimal.
  public var fingerprint: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var bytes = [UInt8]("\(fromHours) \(toHours) \(seeds) \(levels)".utf8)
    for part in [try? encoder.encode(truth), try? encoder.encode(timeline)] {
      guard let part else { preconditionFailure("a truth holds a number that is not finite") }
      bytes += part
    }
    let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
  }
}
