/// Searches the best static set-points of a plant whose truth is known, over a stretch of its scenario.
///
/// Grids over the full range, one set-point at a time, then ever narrower ones around the best, then moves of all speeds together; every
/// trial runs on the same seeds (common random numbers), and value per hour is what counts.
public struct SetpointSearch: Sendable {
  public var truth: PlantTruth
  public var timeline: [TimelineEvent]
  /// The stretch that counts, in hours from the start.
  public var fromHours: Double
  public var toHours: Double
  public var seeds: [UInt64]
  /// Points of the first grid; the narrower ones have five.
  public var levels: Int

  public init(
    _ truth: PlantTruth, timeline: [TimelineEvent], fromHours: Double = 0, toHours: Double, seeds: [UInt64] = [100, 101, 102, 103],
    levels: Int = 7
  ) {
    precondition(fromHours >= 0 && toHours > fromHours && !seeds.isEmpty && levels > 1, "nothing to search over")
    (self.truth, self.timeline, self.fromHours, self.toHours) = (truth, timeline, fromHours, toHours)
    (self.seeds, self.levels) = (seeds, levels)
  }

  /// A set-point and the machine's own limits of it.
  public struct Range: Sendable, Hashable {
    public var tag: String
    public var design: Double
    public var low: Double
    public var high: Double
  }

  /// Every set-point of the plant, station by station.
  public var ranges: [Range] {
    truth.stations.flatMap { s in
      [Range(tag: "\(s.name)/MachSpeed", design: s.speed.set, low: s.speed.low, high: s.speed.high)]
        + s.variables.map { Range(tag: "\(s.name)/\($0.name)Set", design: $0.set, low: $0.low, high: $0.high) }
    }
  }

  /// The design's set-points.
  public var design: [String: Double] { Dictionary(uniqueKeysWithValues: ranges.map { ($0.tag, $0.design) }) }

  /// Key figures of one run, over the stretch that counts, with these set-points from the start.
  public func run(_ setpoints: [String: Double], seed: UInt64) -> KeyFigures {
    var plant = ReferencePlant(truth, seed: seed, timeline: timeline, setpoints: setpoints, isObserved: false)
    plant.advance(to: fromHours * 3600)
    let then = plant.totals
    plant.advance(to: toHours * 3600)
    return plant.keyFigures(since: then)
  }

  /// Value per hour with these set-points, mean over the seeds.
  public func value(_ setpoints: [String: Double]) -> Double {
    seeds.reduce(0) { $0 + run(setpoints, seed: $1).valuePerHour } / Double(seeds.count)
  }

  /// The best set-points that the search finds; never worse than the design on its own seeds.
  ///
  /// - Parameter progress: called with the share done.
  public func best(progress: (Double) -> Void = { _ in }) -> [String: Double] {
    let ranges = ranges
    let windows: [(width: Double, levels: Int)] = [(1, levels), (0.4, 5), (0.12, 5), (0.05, 5)]
    let factors = [0.95, 0.98, 1.02, 1.05]
    let total = Double(windows.reduce(0) { $0 + $1.levels * ranges.count + factors.count })
    var done = 0.0
    var at = design
    var best = value(at)
    func tryOut(_ trial: [String: Double]) {
      let v = value(trial)
      if v > best { (at, best) = (trial, v) }
      done += 1
      progress(min(1, done / total))
    }
    for window in windows {
      for range in ranges {
        let half = window.width * (range.high - range.low) / 2
        let centre = window.width == 1 ? (range.low + range.high) / 2 : at[range.tag]!
        for level in 0..<window.levels {
          let x = centre - half + 2 * half * Double(level) / Double(window.levels - 1)
          tryOut(at.merging([range.tag: snap(x, range)]) { $1 })
        }
      }
      for factor in factors {
        var trial = at
        for range in ranges where range.tag.hasSuffix("/MachSpeed") { trial[range.tag] = snap(at[range.tag]! * factor, range) }
        tryOut(trial)
      }
    }
    progress(1)
    return at
  }

  /// Inside the range, on a grid of about two hundred points.
  private func snap(_ x: Double, _ range: Range) -> Double {
    var perUnit = 1.0
    while (range.high - range.low) * perUnit < 200 { perUnit *= 10 }
    while (range.high - range.low) * perUnit >= 2000 { perUnit /= 10 }
    return min(max((x * perUnit).rounded() / perUnit, range.low), range.high)
  }
}
