internal import PlantModel
public import Quantities
public import SequentialTesting

/// What the pairs of an interleaved stage say so far.
///
/// **What is compared.** Machines that share a buffer take from each other: of the parts that pass in an hour a faster machine would seem to gain
/// what the other lost, and an hour's parts depend on who else delivers. So a machine is measured by two things that are its own, y, what it makes of
/// a part, and p, the parts that it finishes in an hour of its own time (working, or standing by a short stop of its own; waiting, breakdowns and
/// closed hours are none of it), and a pair's difference D of each (`InterleaveDesign`) counts for the line as
///
///     d = n·(P·D(y) + u·b·y·D(p)),    b = max(0, 1 − w/0.2)
///
/// n: machines moved; P: parts in an open hour, u: share of the open time that is the machines' own, y: made of a part, w: share of the open time in
/// which they wait, each over all machines and both periods. A better part counts for every part that passes. A quicker one counts as far as the
/// machines do not wait for others: where they wait for a fifth of the time or more they are no bottleneck, and only wait longer.
///
/// **A machine that stops voids its windows**, and not the change: a window counts where half of it is the machine's own, a machine in a pair
/// where half of either dwell counts, a pair where either side has a machine that counts. `stood` pairs lack one for such reasons; `missing` ones
/// because telemetry is missing or an arm did not stand at its set-points. Breakdowns are counted apart (`breakdowns`), void pairs included: else
/// a change that breaks machines would hide behind what it breaks.
public struct InterleaveTally: Hashable, Sendable {
  /// Differences in the objective's unit per hour, of the whole of the stage's move; nil before the first pair that counts.
  public private(set) var pairs: RandomizedPairs?
  /// Breakdowns in a dwell, carrying less not carrying.
  public private(set) var breakdowns = RandomizedPairs(expectedSD: 0.5)
  /// Finished pairs that do not count, because nobody knows, and because machines stood.
  public private(set) var missing = 0
  public private(set) var stood = 0
  /// What the moved machines made together, per hour: of the first pair that counts, and the mean over all of them.
  public private(set) var firstRate = 0.0
  public private(set) var meanRate = 0.0

  /// Pairs that count.
  public var count: Int { pairs?.count ?? 0 }
  /// Pairs whose last dwell is over, whether they count or not.
  public var finished: Int { count + missing + stood }

  /// - Parameters:
  ///   - since: when the calendar began.
  ///   - until: how far the windows reach; pairs that end later are not finished.
  ///   - excluding: pairs in which an arm did not stand at its set-points when its dwell began.
  ///   - tolerating: share of what a moved machine makes that the move may lose.
  public init(
    _ windows: [MachineWindow], _ design: InterleaveDesign, since: Instant, until: Instant, excluding: Set<Int> = [], tolerating: Double = 0
  ) {
    struct Key: Hashable {
      var pair: Int
      var arm: SwitchbackDesign.Arm
      var machine: String
    }
    var arms: [Key: MachineArm] = [:]
    let moved = Set(design.moved.map(\.station))
    for window in windows {
      guard let position = design.calendar.position(from: window.start, to: window.end, since: since) else { continue }
      let isControl = moved.contains(window.machine) && !design.carrying(at: position).move.contains(window.machine)
      let lost = isControl ? tolerating * window.made.magnitude : 0
      arms[Key(pair: position.pair, arm: position.arm, machine: window.machine), default: MachineArm()].add(window, less: lost)
    }
    for pair in 0..<design.calendar.spec.pairs {
      guard design.calendar.end(ofPair: pair, since: since) <= until else { break }
      if excluding.contains(pair) {
        missing += 1
      } else {
        add(InterleavePair(design.sides(of: pair), design) { arms[Key(pair: pair, arm: $1, machine: $0)] })
      }
    }
    meanRate /= Double(max(count, 1))
  }

  private mutating func add(_ pair: InterleavePair) {
    guard pair.isKnown else {
      missing += 1
      return
    }
    if let broke = pair.difference({ _ in true }, { Double($0.breakdowns) }) { breakdowns.add(broke) }
    guard let difference = pair.difference(pair.counts, pair.value), let sd = pair.expectedSD, difference.isFinite else {
      stood += 1
      return
    }
    if pairs == nil {
      pairs = RandomizedPairs(expectedSD: sd)
      firstRate = pair.rate
    }
    meanRate += pair.rate
    pairs?.add(difference)
  }
}
