/// One history of the line that agrees with the readings: where every part is, instant by instant.
///
/// Three are followed. In the *likely* one each instant that no message told has its likeliest value; in the *earliest* and the *latest* all
/// of them lie at their limits. In a line of these rules every part moves earlier when any finish does, so whatever is between has counts
/// of puts and takes between those of the two (monotonicity of max-plus systems: Baccelli, Cohen, Olsder & Quadrat 1992).
struct Trajectory: Sendable {
  enum Mode: Sendable { case likely, earliest, latest }

  struct StationState: Sendable, Hashable {
    var finished = 0
    var rejected = 0
    var inWork = 0
    /// Finished pieces that find no room.
    var held = 0
    /// Whether the due finish is dated by a message.
    var isDueKnown = false
    /// The last finish was not dated by a message: then it was here.
    var undated: Double?
    /// The last reject was not dated: likewise.
    var undatedReject: Double?
    /// When a reject was last inferred from a sensor alone.
    var untoldReject: Double?
    var lastFinish = -Double.infinity
    /// The last start is exact: for learning cycles.
    var isStartKnown = false
  }
  struct BufferState: Sendable, Hashable {
    /// Parts that have arrived; below zero only in the limits.
    var ready = 0
    var puts = 0
    var takes = 0
    /// Parts put in by corrections, less those taken out.
    var adjusted = 0
    /// Of the source's lot, what found no room yet.
    var waiting = 0
    var lotEnd = 0.0
    /// When the last lot came, as long as no reading bears it out.
    var untoldLot: Double?
    /// The level has been told, by a sensor or by a machine that waited; else its contents at the beginning are unknown.
    var isAnchored = false

    var level: Int { puts - takes + adjusted }
  }

  let mode: Mode
  let flow: Flow
  var clock = 0.0
  var stations: [StationState]
  var buffers: [BufferState]
  /// By input of each station, parts taken for the piece to come.
  var kit: [Int]
  /// By machine of each station, when the pieces in work were taken, oldest first.
  var starts: [Double]
  /// By buffer, when the travelling parts arrive, oldest first.
  var travelling: [[Double]]
  var agenda: Agenda
  var queue: [Int] = []
  /// Changes of contents, found by the likely history and followed by the limits.
  var adjustments: [Evidence.Adjustment] = []
  var nextAdjustment = 0
  /// What this pass found out that only another pass can use.
  var found: [(station: Int, pin: Evidence.Pin)] = []
  var muted: Set<Int> = []
  var mayRestart = false
  var notes: [Correction.Note] = []
  /// Seconds of work of pieces whose start and finish are dated.
  var cycles: [(station: Int, seconds: Double)] = []

  init(_ flow: Flow, mode: Mode) {
    (self.flow, self.mode) = (flow, mode)
    let (s, b) = (flow.layout.stations.count, flow.layout.buffers.count)
    stations = Array(repeating: StationState(), count: s)
    buffers = Array(repeating: BufferState(), count: b)
    // The watch began a heartbeat after the epoch.
    for i in 0..<b { buffers[i].lotEnd = flow.heartbeat }
    kit = Array(repeating: 0, count: flow.firstInput[s])
    starts = Array(repeating: 0, count: flow.firstMachine[s])
    travelling = Array(repeating: [], count: b)
    agenda = Agenda(count: 3 * s + 3 * b)
  }

  /// What can be due; of one instant, in this order.
  enum Slot { case finish, arrival, lot, level, state, alarm }

  func slot(_ kind: Slot, _ i: Int) -> Int {
    let (s, b) = (stations.count, buffers.count)
    return switch kind {
    case .finish: i
    case .arrival: s + i
    case .lot: s + b + i
    case .level: s + 2 * b + i
    case .state: s + 3 * b + i
    case .alarm: 2 * s + 3 * b + i
    }
  }

  private func event(_ slot: Int) -> (kind: Slot, index: Int) {
    let (s, b) = (stations.count, buffers.count)
    if slot < s { return (.finish, slot) }
    if slot < s + b { return (.arrival, slot - s) }
    if slot < s + 2 * b { return (.lot, slot - s - b) }
    if slot < s + 3 * b { return (.level, slot - s - 2 * b) }
    if slot < 2 * s + 3 * b { return (.state, slot - s - 3 * b) }
    return (.alarm, slot - 2 * s - 3 * b)
  }

  /// Plans anew what readings decide, after some have come.
  mutating func refresh(_ evidence: Evidence) {
    for s in stations.indices {
      takeBack(s, evidence)
      plan(s, evidence)
      planState(s, evidence)
    }
    for b in buffers.indices {
      planLevel(b, evidence)
      planLot(b, evidence)
    }
  }

  /// Lets time pass up to and including `end`.
  mutating func run(to end: Double, _ evidence: Evidence) {
    while true {
      let (slot, time) = agenda.first
      if nextAdjustment < adjustments.count, adjustments[nextAdjustment].time <= min(time, end), mode != .likely {
        clock = max(clock, adjustments[nextAdjustment].time)
        apply(adjustments[nextAdjustment].change, evidence)
        nextAdjustment += 1
        continue
      }
      if time > end { break }
      clock = max(clock, time)
      let (kind, i) = event(slot)
      switch kind {
      case .finish: finish(i, evidence)
      case .arrival: arrive(i, evidence)
      case .lot: bringLot(i, evidence)
      case .level: readLevel(i, evidence)
      case .state: readState(i, evidence)
      case .alarm: alarm(i, evidence)
      }
    }
    clock = max(clock, end)
  }

  /// This history with the contents of the other wherever all neighbours of a buffer agree: what differs there is what the other was
  /// corrected by, and no longer a limit.
  func agreeing(with other: Trajectory) -> Trajectory {
    var copy = self
    func agrees(_ s: Int) -> Bool {
      let (a, b) = (stations[s], other.stations[s])
      return (a.finished, a.rejected, a.inWork, a.held) == (b.finished, b.rejected, b.inWork, b.held)
        && kit[flow.firstInput[s]..<flow.firstInput[s + 1]] == other.kit[flow.firstInput[s]..<flow.firstInput[s + 1]]
    }
    for b in buffers.indices
    where flow.producers[b].allSatisfy(agrees) && flow.consumers[b].allSatisfy(agrees) && flow.rejecters[b].allSatisfy(agrees) {
      copy.buffers[b] = other.buffers[b]
      copy.travelling[b] = other.travelling[b]
      copy.agenda[slot(.arrival, b)] = other.travelling[b].first ?? .infinity
    }
    return copy
  }
}
