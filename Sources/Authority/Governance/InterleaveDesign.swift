internal import Determinism
public import PlantModel
public import Quantities

/// Which of several like machines carry the move when: a crossover, whose calendar is fixed before the first pair.
///
///     pair 0, heads   period 0  MillA carries the move   MillB stands as control
///                     period 1  MillA stands as control  MillB carries the move
///     pair 1, tails   period 2  MillA stands as control  MillB carries the move   …
///
/// In each pair the machines that the change moves are divided into two parts, by lot where there are more than two; a fair coin says which part
/// carries the move first. The first part follows the calendar of a switchback (`SwitchbackDesign`: washouts, dwells, its coin), the other runs
/// against it. Where the change moves a single machine, its likes stand as control all the time.
///
/// With A the part that carries the move in the calendar's candidate period c, and B the other, the pair's difference is
///
///     d = ((A_c − B_c) − (A_b − B_b)) / 2        b: the calendar's baseline period
///
/// (without the half where B carries nothing). What is common to a period cancels in the inner differences, what is peculiar to a machine in the
/// outer one. The coin turns the sign of what is left of the noise and knows nothing of it, which is all that `RandomizedPairs` asks.
///
/// - Source: B. Jones, M. G. Kenward 2014, Design and Analysis of Cross-Over Trials, chapter 2 (two by two).
public struct InterleaveDesign: Hashable, Sendable, Codable {
  /// Periods, washouts and coins.
  public let calendar: SwitchbackDesign
  /// The machines that the change moves, in the plant's order.
  public let moved: [LikeMachine]
  /// Their likes that it leaves alone.
  public let untouched: [LikeMachine]

  /// - Precondition: something is moved, and something stands beside it.
  public init(_ calendar: SwitchbackDesign, moved: [LikeMachine], untouched: [LikeMachine]) {
    precondition(!moved.isEmpty && moved.count + untouched.count > 1, "\(moved.count) machines moved, \(untouched.count) beside them")
    (self.calendar, self.moved, self.untouched) = (calendar, moved, untouched)
  }

  /// The two sides of a pair: names of stations, in the plant's order.
  public struct Sides: Hashable, Sendable {
    /// Carry the move in the calendar's candidate period.
    public let with: [String]
    /// Carry it in the baseline period; where there are none, the change moves one machine.
    public let against: [String]
  }

  /// Who follows the calendar in a pair, and who runs against it.
  public func sides(of pair: Int) -> Sides {
    let names = moved.map(\.station)
    guard names.count > 1 else { return Sides(with: names, against: []) }
    var lot = names
    var stream = RandomStream(seed: calendar.seed, "interleave").split(calendar.change.name).split(pair)
    stream.shuffle(&lot)
    let chosen = Set(lot.prefix(lot.count / 2))
    return Sides(with: names.filter(chosen.contains), against: names.filter { !chosen.contains($0) })
  }

  /// The stations that carry the move at a place of the calendar, and all that stand as control beside them.
  public func carrying(at position: SwitchbackDesign.Position) -> (move: [String], control: [String]) {
    let sides = sides(of: position.pair)
    let move = position.arm == .candidate ? sides.with : sides.against
    return (move, machines.filter { !move.contains($0) })
  }

  /// All machines: what evidence is wanted of.
  public var machines: [String] { (moved + untouched).map(\.station) }

  /// Set-points at a place of the calendar: the change's where a machine carries the move, those without it elsewhere.
  public func targets(_ change: ChangeRecord, at position: SwitchbackDesign.Position) -> [String: Double] {
    let move = carrying(at: position).move
    var targets = change.lastKnownGood
    for machine in moved where move.contains(machine.station) {
      for tag in machine.tags { if let target = change.targets[tag] { targets[tag] = target } }
    }
    return targets
  }

  /// Windows to a dwell: of about five minutes, so that a machine that stops costs no more than it has to.
  public var windowsPerDwell: Int { max(1, Int((calendar.spec.dwell / .minutes(5)).rounded(.down))) }

  /// What evidence is asked for: every window of every dwell that is over.
  public func question(since: Instant, until now: Instant) -> MachineQuestion {
    let length = Duration(nanoseconds: calendar.spec.dwell.nanoseconds / Int64(windowsPerDwell))
    var spans: [MachineQuestion.Span] = []
    for period in 0..<(2 * calendar.spec.pairs) {
      let dwell = since + Duration(nanoseconds: calendar.period.nanoseconds * Int64(period)) + calendar.spec.washout
      guard dwell < now else { break }
      for k in 0..<windowsPerDwell {
        let start = dwell + Duration(nanoseconds: length.nanoseconds * Int64(k))
        if start + length <= now { spans.append(MachineQuestion.Span(start: start, end: start + length)) }
      }
    }
    return MachineQuestion(machines: machines, spans: spans)
  }
}
