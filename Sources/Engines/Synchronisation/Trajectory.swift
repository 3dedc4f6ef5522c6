/// One history of the line: where every part is, instant by instant, and how well that agrees with what was told.
///
/// Several are followed side by side. Where an instant is not told by any message, a history splits into one for each part of the law of
/// that instant (`Trajectory+Split`); what is told later weighs them against each other; those that have become the same are one again
/// (`Histories`). So the share of weight of a statement is its posterior probability, given all that has arrived.
struct Trajectory: Sendable {
  struct StationState: Sendable, Hashable {
    var finished = 0
    var rejected = 0
    var inWork = 0
    /// Finished pieces that find no room.
    var held = 0
    /// Whether the due finish is dated by a message.
    var isDueKnown = false
    var open: Open?
    /// Log-density of what was told that is counted already for the pieces to come.
    var credit = 0.0
    /// The last finish was dated by a message.
    var wasDated = true
    var lastFinish = -Double.infinity
    var lastReject = -Double.infinity
    /// The last start is exact: for learning cycles.
    var isStartKnown = false
  }
  struct BufferState: Sendable, Hashable {
    /// Parts that have arrived.
    var ready = 0
    var puts = 0
    var takes = 0
    /// Parts put in by corrections, less those taken out.
    var adjusted = 0
    /// Of the source's lot, what found no room yet.
    var waiting = 0
    var lotEnd = 0.0
    /// The window in which a lot comes that no reading has told to the second, and which part of it this history stands for.
    var lotLow = 0.0
    var lotHigh = 0.0
    var lotCell = 0
    /// A lot has come since the last reading.
    var lotIsUntold = false
    /// What the sensor saw when it last looked.
    var seen = -1
    /// When it last had something to tell.
    var toldAt = -Double.infinity
    /// The level has been told, by a sensor or by a machine that waited; else its contents at the beginning are unknown.
    var isAnchored = false
    /// The last move, and the last part put in of which it is open when.
    var blur = Blur()
    var blurredPut = Blur()
    /// The last part that arrived.
    var arrived = Blur()

    var level: Int { puts - takes + adjusted }
  }
  /// Of a judged instant, one of the states that this history may have had then, and its share (logarithm).
  struct Past: Sendable {
    var state: Int
    var share: Double
  }

  let flow: Flow
  var clock = 0.0
  /// Logarithm of the probability, up to a constant that all histories share.
  var weight = 0.0
  var pasts: [Past] = []
  var stations: [StationState]
  var buffers: [BufferState]
  /// By input of each station, parts taken for the piece to come.
  var kit: [Int]
  /// By machine of each station, when the pieces in work were taken, oldest first; 0 for the others.
  var starts: [Double]
  var travels = Travels()
  var agenda: Agenda
  var queue: [Int] = []
  /// Of what happens now, half the width of the time in which it may have happened.
  var blur = Trajectory.resolution
  var notes: [Correction.Note] = []
  /// Seconds of work of pieces whose start and finish are dated.
  var cycles: [(station: Int, seconds: Double)] = []

  init(_ flow: Flow) {
    self.flow = flow
    let (s, b) = (flow.layout.stations.count, flow.layout.buffers.count)
    stations = Array(repeating: StationState(), count: s)
    buffers = Array(repeating: BufferState(), count: b)
    // The watch began a heartbeat after the epoch.
    for i in 0..<b { buffers[i].lotEnd = flow.heartbeat }
    kit = Array(repeating: 0, count: flow.firstInput[s])
    starts = Array(repeating: 0, count: flow.firstMachine[s])
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

  /// Lets time pass up to and including `end`; the other histories of each split are appended to `others`.
  ///
  /// - Parameter untilSplit: stops at the first split, after what happened then.
  mutating func run(to end: Double, _ evidence: Evidence, _ others: inout [Trajectory], untilSplit: Bool = false) {
    let before = others.count
    while true {
      if untilSplit, others.count > before { return }
      let (slot, time) = agenda.first
      if time > end { break }
      clock = max(clock, time)
      let (kind, i) = event(slot)
      blur = Trajectory.resolution
      switch kind {
      case .finish: finishDue(i, evidence, &others)
      case .arrival: arrive(i, evidence)
      case .lot: lotDue(i, evidence, &others)
      case .level: look(i, evidence)
      case .state: readState(i, evidence, &others)
      case .alarm: alarm(i, evidence)
      }
    }
    clock = max(clock, end)
    blur = Trajectory.resolution
  }
}
