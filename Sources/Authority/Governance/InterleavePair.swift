internal import PlantModel
internal import Quantities

/// One machine in one dwell of a pair.
struct MachineArm {
  /// Seconds of which something is known; those of them in which the machine was not closed, worked or stood by itself, and waited.
  private(set) var known = 0.0
  private(set) var open = 0.0
  private(set) var working = 0.0
  private(set) var waiting = 0.0
  private(set) var breakdowns = 0
  /// Parts, and what was made of them, in all windows.
  private(set) var parts = 0.0
  private(set) var made = 0.0
  /// Windows that count, and their length together.
  private(set) var windows: [(made: Double, parts: Double, hours: Double)] = []
  private(set) var counted = 0.0

  /// - Parameter lost: of what was made, by what is tolerated.
  mutating func add(_ window: MachineWindow, less lost: Double) {
    known += window.seconds - window.unknown
    working += window.own
    waiting += window.waiting
    open += window.own + window.waiting + window.down
    breakdowns += window.breakdowns
    let count = Double(window.good) + Double(window.rejected)
    parts += count
    made += window.made - lost
    guard window.own >= 0.5 * window.seconds, window.unknown <= 0.2 * window.seconds else { return }
    counted += window.seconds
    windows.append((window.made - lost, count, window.own / 3600))
  }

  /// Made of a part, and parts in an hour of its own time; nil where no part was finished.
  var figures: (yield: Double, pace: Double)? {
    let (made, parts, hours) = windows.reduce((0.0, 0.0, 0.0)) { ($0.0 + $1.made, $0.1 + $1.parts, $0.2 + $1.hours) }
    return parts > 0 && hours > 0 ? (made / parts, parts / hours) : nil
  }
}

/// One finished pair of an interleaved stage: every machine in both of its arms.
struct InterleavePair {
  /// By machine; absent where there are no windows of an arm.
  private let arms: [String: (candidate: MachineArm, baseline: MachineArm)]
  private let with: [String]
  private let control: [String]
  private let isCrossover: Bool
  private let dwell: Double
  /// n·P, and n·u·b·y: what an hour's line makes of a better part, and of a quicker one.
  private let worthOfYield: Double
  private let worthOfPace: Double
  /// What the moved machines make together in an open hour.
  let rate: Double

  /// Share of the open time from which on waiting machines are no bottleneck at all.
  static let idle = 0.2

  /// - Parameter arm: what a machine did in an arm of this pair.
  init(_ sides: InterleaveDesign.Sides, _ design: InterleaveDesign, _ arm: (String, SwitchbackDesign.Arm) -> MachineArm?) {
    (with, isCrossover, dwell) = (sides.with, !sides.against.isEmpty, design.calendar.spec.dwell.seconds)
    control = isCrossover ? sides.against : design.untouched.map(\.station)
    var arms: [String: (candidate: MachineArm, baseline: MachineArm)] = [:]
    // In the plant's order, so that sums are always taken in the same.
    var all: [MachineArm] = []
    for machine in design.machines where with.contains(machine) || control.contains(machine) {
      guard let candidate = arm(machine, .candidate), let baseline = arm(machine, .baseline) else { continue }
      arms[machine] = (candidate, baseline)
      all += [candidate, baseline]
    }
    self.arms = arms
    let open = max(all.reduce(0) { $0 + $1.open }, 1), parts = max(all.reduce(0) { $0 + $1.parts }, 1)
    let made = all.reduce(0) { $0 + $1.made }, n = Double(design.moved.count)
    let binding = max(0, 1 - all.reduce(0) { $0 + $1.waiting } / open / Self.idle)
    worthOfYield = n * parts / open * 3600
    worthOfPace = n * all.reduce(0) { $0 + $1.working } / open * binding * made / parts
    rate = n * made / open * 3600
  }

  /// Half of either dwell is known of a machine of each side, at least.
  var isKnown: Bool {
    [with, control].allSatisfy { side in
      side.contains { machine in arms[machine].map { min($0.candidate.known, $0.baseline.known) >= 0.5 * dwell } ?? false }
    }
  }

  /// A machine that tells something in both arms.
  func counts(_ machine: String) -> Bool {
    guard let (candidate, baseline) = arms[machine] else { return false }
    return min(candidate.counted, baseline.counted) >= 0.5 * dwell && candidate.figures != nil && baseline.figures != nil
  }

  /// What an arm is worth to the line in an hour, but for what all arms have in common.
  func value(_ arm: MachineArm) -> Double {
    guard let figures = arm.figures else { return .nan }
    return worthOfYield * figures.yield + worthOfPace * figures.pace
  }

  /// ((A_c − B_c) − (A_b − B_b)) / 2 over the machines that are asked for; nil where a side has none.
  func difference(_ isAsked: (String) -> Bool, _ value: (MachineArm) -> Double) -> Double? {
    func change(_ side: [String]) -> Double? {
      let found = side.filter(isAsked).compactMap { arms[$0] }
      return found.isEmpty ? nil : found.reduce(0) { $0 + value($1.candidate) - value($1.baseline) } / Double(found.count)
    }
    guard let moved = change(with), let others = change(control) else { return nil }
    return (moved - others) / (isCrossover ? 2 : 1)
  }

  /// Standard deviation of the difference by the windows' scatter inside each dwell: neither the coin nor a gain has a part in it. Nil where nothing is
  /// seen of it.
  var expectedSD: Double? {
    let sides = [with, control].map { side in side.filter(counts).compactMap { arms[$0] }.flatMap { [$0.candidate, $0.baseline] } }
    var (squares, free) = (0.0, 0)
    for arm in sides.flatMap({ $0 }) {
      let values = arm.windows.filter { $0.parts > 0 }.map { worthOfYield * $0.made / $0.parts + worthOfPace * $0.parts / $0.hours }
      guard values.count > 1 else { continue }
      let mean = values.reduce(0, +) / Double(values.count)
      squares += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      free += values.count - 1
    }
    let seen = free > 0 ? squares / Double(free) : 0
    let variance = sides.reduce(0) { sum, side in
      let machines = Double(max(side.count / 2, 1))
      // Where no scatter is seen, as if parts came by chance.
      let own = side.reduce(0) { sum, arm in
        let guess = value(arm) * value(arm) / max(arm.parts, 1)
        return sum + (seen > 0 ? seen / Double(max(arm.windows.count, 1)) : guess)
      }
      return sum + own / (machines * machines)
    }
    let sd = variance.squareRoot() / (isCrossover ? 2 : 1)
    return sd.isFinite && sd > 0 ? sd : nil
  }
}
