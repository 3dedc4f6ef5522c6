import Quantities

/// How parts can move, by index.
struct Flow: Sendable {
  let layout: LineLayout
  /// For each buffer, the stations that take from it, put into it, and reject into it, and its source.
  let consumers: [[Int]]
  let producers: [[Int]]
  let rejecters: [[Int]]
  let source: [Int?]
  let transit: [Double]
  let heartbeat: Double
  let scan: Double
  /// For each station, where its inputs begin in flat arrays of inputs, and its machines in those of machines.
  let firstInput: [Int]
  let firstMachine: [Int]

  init(_ layout: LineLayout) {
    self.layout = layout
    let stations = layout.stations
    consumers = layout.buffers.indices.map { b in stations.indices.filter { stations[$0].inputs.contains { $0.buffer == b } } }
    producers = layout.buffers.indices.map { b in stations.indices.filter { stations[$0].output == .buffer(b) } }
    rejecters = layout.buffers.indices.map { b in stations.indices.filter { stations[$0].rejects == .buffer(b) } }
    source = layout.buffers.indices.map { b in layout.sources.firstIndex { $0.buffer == b } }
    transit = layout.buffers.map(\.transit.seconds)
    (heartbeat, scan) = (layout.heartbeat.seconds, layout.scan.seconds)
    firstInput = stations.reduce(into: [0]) { $0.append($0.last! + $1.inputs.count) }
    firstMachine = stations.reduce(into: [0]) { $0.append($0.last! + $1.machines) }
  }
}

/// All that one reconstruction rests on: the readings, what was learnt, and what earlier passes over them found out.
struct Evidence: Sendable {
  /// What a pass found out about an instant that no message told: the finish of a station's n-th piece, or its n-th reject.
  struct Pin: Sendable {
    enum Kind { case finish, reject }
    var kind: Kind
    var number: Int
    var earliest: Double
    var latest: Double
  }
  /// Parts that appear or vanish because nothing else explains the readings.
  struct Adjustment: Sendable {
    enum Change: Sendable, Hashable {
      case parts(buffer: Int, Int)
      /// The piece in work was not taken yet.
      case unstart(station: Int)
      /// The piece last put away is still in the machine.
      case unput(station: Int)
    }
    var time: Double
    var change: Change
    var law: Correction.Law
  }

  let flow: Flow
  var counts: [CountJournal]
  var rejects: [CountJournal]
  var states: [StateJournal]
  var levels: [Journal<Int>]
  var cycles: [LearntDuration]
  var path = MessagePath()
  /// Up to when readings may have come: the present.
  var horizon = 0.0
  var pins: [[Pin]]

  init(_ flow: Flow) {
    self.flow = flow
    let stations = flow.layout.stations
    counts = stations.map { _ in CountJournal() }
    rejects = stations.map { _ in CountJournal() }
    states = stations.map { _ in StateJournal() }
    levels = flow.layout.buffers.map { _ in Journal() }
    cycles = stations.map { LearntDuration($0.cycle, prior: 5, memory: 40, limits: 0.4...2.5) }
    pins = stations.map { _ in [] }
  }

  func pin(_ kind: Pin.Kind, _ number: Int, of s: Int) -> (earliest: Double, latest: Double) {
    var (earliest, latest) = (-Double.infinity, Double.infinity)
    for pin in pins[s] where pin.kind == kind && pin.number == number {
      earliest = max(earliest, pin.earliest)
      latest = min(latest, pin.latest)
    }
    return (earliest, latest)
  }

  /// Whether the reading was made because the count rose, and so dates the last piece: one that came within a heartbeat of the one before.
  func isReport(_ journal: CountJournal, _ i: Int) -> Bool {
    i > 0 && journal.totals[i] > journal.totals[i - 1] && journal.time(i) - journal.time(i - 1) < 0.97 * flow.heartbeat
  }

  /// A reject told at the instant of a count was made then.
  func isReject(_ s: Int, datedBy i: Int) -> Bool {
    if isReport(rejects[s], i) { return true }
    let t = rejects[s].time(i)
    let k = counts[s].raw.firstIndex(after: t) - 1
    return k > 0 && counts[s].time(k) == t && counts[s].totals[k] > counts[s].totals[k - 1]
  }
}
