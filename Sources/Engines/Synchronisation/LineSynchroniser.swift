import Probability
public import Quantities
import Telemetry

/// Follows the parts on a line by messages that may be lost, late or doubled.
///
/// Readings go in by `observe` in any order; `advance(to:)` closes the past up to an instant before which none is expected any more;
/// `estimate(at:)` says where every part is at an instant since then. A value without clock, thread or randomness: what it says is a
/// function of the layout and the readings.
///
/// The laws by which missing, late and contradictory readings are resolved:
/// 1. *Conservation of parts.* Level = puts − takes, and counters are cumulative: a lost message is made up for by the next one, which leaves
///    only the instant uncertain, within the two messages around it. Doubled messages change nothing. Late ones take the place of their source
///    time; beyond the allowed lateness they count from then on.
/// 2. *Feasibility.* 0 ≤ level ≤ capacity. A station that finishes a piece must have had the parts, one that goes on must have found room.
///    Histories in which that is not so are given up; where it is so in none, parts are put in or taken out.
/// 3. *State order.* A state that cannot follow the one before it in PackML means a lost state; it is put in, with its limits in time.
/// 4. *Sensor against count.* What a sensor tells, or keeps to itself, weighs the histories, and so dates finishes, rejects and lots that no
///    message told; what none explains is doubted where the next reading takes it back, or else parts that came or went unseen. Contents at
///    the beginning are learnt from sensors, from feasibility, and from machines that wait: starved means empty, blocked means full.
/// 5. *Counters.* Restarts at zero and leaps are bridged.
///
/// Each message costs a bounded number of steps, and memory is bounded by what comes within the allowed lateness.
public struct LineSynchroniser: Sendable {
  public let layout: LineLayout
  /// How often each law was applied, and how many doubled readings were left out.
  public internal(set) var corrected: [Correction.Law: Int] = [:]
  public internal(set) var doubled = 0
  /// The newest corrections, oldest first; at most `mostCorrections`.
  public internal(set) var corrections: [Correction] = []
  public static let mostCorrections = 500

  let flow: Flow
  var evidence: Evidence
  var repairs: [LearntDuration]
  var failures: [FailureWatch]
  var doubt: Doubt
  var unexplained = Unexplained()
  /// The histories at the closed instant.
  var histories: Histories
  /// How long after an instant what was told still weighs its histories.
  let lookahead: Double
  /// How long before a judged instant its histories are followed closely.
  let lead: Double
  var epoch: Instant?
  /// Seconds since the epoch up to which the past is closed.
  var closed = 0.0
  var newest = 0.0

  public init(_ layout: LineLayout) {
    self.layout = layout
    flow = Flow(layout)
    evidence = Evidence(flow)
    repairs = layout.stations.map { LearntDuration($0.repair, prior: 2, memory: 12, limits: 0...20) }
    failures = layout.stations.map { _ in FailureWatch() }
    doubt = Doubt(buffers: layout.buffers.count)
    histories = Histories(Trajectory(flow))
    lead = 2 * flow.scan
    lookahead = 3 * flow.scan + (flow.transit.max() ?? 0)
  }

  func seconds(_ instant: Instant) -> Double { epoch.map { (instant - $0).seconds } ?? 0 }
  func instant(_ seconds: Double) -> Instant { (epoch ?? Instant(seconds: 0)) + Duration(seconds: seconds) }

  // MARK: - Readings

  /// Takes one reading in.
  public mutating func observe(_ reading: LineReading) {
    // Readings of before may come after the first one.
    if epoch == nil { epoch = reading.instant - layout.heartbeat }
    let time = seconds(reading.instant)
    let arrival = seconds(reading.arrival)
    switch reading.subject {
    case .state(let s, let state):
      file(evidence.states[s].insert(reading.isGood ? state ?? .undefined : .undefined, at: time), .station(s), at: time)
    case .processed(let s, let value):
      guard reading.isGood, value.isFinite, value >= 0 else { return }
      let cycle = evidence.cycles[s].mean
      let most = { (seconds: Double) in 50 + 3 * seconds / cycle }
      let insertion = evidence.counts[s].insert(value, at: time, most: most)
      if case .added(let i) = insertion {
        noteHeartbeat(evidence.counts[s], i, s)
        // It may come late: the next one then tells of fewer pieces.
        for k in i...min(i + 1, evidence.counts[s].count - 1) where evidence.isReport(evidence.counts[s], k, of: s) {
          let counts = evidence.counts[s]
          evidence.states[s].noteFinish(of: counts.totals[k] - counts.totals[k - 1], at: counts.time(k), cycle: cycle)
        }
      }
      file(insertion, .station(s), at: time)
    case .rejected(let s, let value):
      guard reading.isGood, value.isFinite, value >= 0 else { return }
      let insertion = evidence.rejects[s].insert(value, at: time) { _ in 100_000 }
      if case .added(let i) = insertion { noteHeartbeat(evidence.rejects[s], i, s) }
      file(insertion, .station(s), at: time)
    case .level(let b, let value):
      guard reading.isGood, value.isFinite, value >= 0 else { return }
      let parts = min(Int(value.rounded()), layout.buffers[b].capacity)
      let insertion = evidence.levels[b].insert(parts, at: time)
      if case .added = insertion { evidence.beats[b].note(time) }
      file(insertion, .buffer(b), at: time)
    }
    evidence.path.arrive(lateness: max(arrival - time, 0))
    newest = max(newest, arrival, time)
  }

  /// A counter that tells what it told before was not asked by a change.
  private mutating func noteHeartbeat(_ journal: CountJournal, _ i: Int, _ s: Int) {
    if i > 0, journal.totals[i] == journal.totals[i - 1] { evidence.states[s].heartbeats.note(journal.time(i)) }
  }

  private mutating func file<Value>(_ insertion: Journal<Value>.Insertion, _ place: Correction.Place, at time: Double) {
    switch insertion {
    case .added: if time < closed { record(.init(law: .tooLate, place: place, parts: 0, from: time, to: closed)) }
    case .doubled: doubled += 1
    case .tooLate: record(.init(law: .tooLate, place: place, parts: 0, from: time, to: closed))
    }
  }

  mutating func record(_ note: Correction.Note, states: [MachineState] = []) {
    corrected[note.law, default: 0] += 1
    corrections.append(
      Correction(
        law: note.law, place: note.place, parts: note.parts, from: instant(max(note.from, 0)), to: instant(max(note.to, 0)), states: states))
    if corrections.count > LineSynchroniser.mostCorrections { corrections.removeFirst(LineSynchroniser.mostCorrections / 5) }
  }

  // MARK: - Time

  /// Closes the past up to `watermark`; what comes about it later only counts from then on. `now` is up to when messages have been listened for.
  public mutating func advance(to watermark: Instant, now: Instant) {
    guard epoch != nil else { return }
    let time = seconds(watermark)
    // The open readings are gone over anew each time, so not more often than there is something to close.
    guard time >= closed + flow.scan else { return }
    evidence.horizon = max(seconds(now), time)
    histories.refresh(evidence)
    histories.run(to: time, evidence)
    learn(upTo: time, histories.best)
    histories.forgetNotes()
    closed = time
    trim()
  }

  /// The line at an instant between the closed past and the present, `now`; everything that has arrived is used, what is younger than
  /// `instant` too.
  public func estimate(at instant: Instant, now: Instant) -> LineEstimate {
    let time = max(seconds(instant), closed)
    var evidence = evidence
    evidence.horizon = max(seconds(now), time)
    evidence.learns = false
    var histories = histories
    histories.refresh(evidence)
    // What was long ago leaves no trace in the judged instant but counts; and little can be told of one after which nothing has come yet.
    let isLive = isLive(time, evidence)
    let close = time - (isLive ? flow.scan : lead)
    (evidence.most, evidence.isCoarse) = (Histories.few, true)
    if isLive { evidence.least = Histories.leastAlike }
    if close > closed { histories.run(to: close, evidence) }
    (evidence.most, evidence.isCoarse) = (isLive ? 2 * Histories.few : Histories.most, false)
    histories.refine(evidence)
    histories.run(to: time, evidence)
    histories.judge()
    histories.run(to: min(time + lookahead, evidence.horizon), evidence, whileOpen: true)
    return describe(histories, evidence)
  }

  /// So little has come since that the instant counts as the present.
  func isLive(_ time: Double, _ evidence: Evidence) -> Bool { evidence.horizon < time + lead }

  private mutating func trim() {
    for s in layout.stations.indices {
      evidence.counts[s].trim(before: closed)
      evidence.rejects[s].trim(before: closed)
      // Work on a piece is reckoned from its start, through every stop since.
      let begin = histories.all.reduce(closed) { $1.stations[s].inWork > 0 ? min($0, $1.starts[flow.firstMachine[s]]) : $0 }
      evidence.states[s].trim(before: begin)
    }
    for b in layout.buffers.indices { _ = evidence.levels[b].trim(before: closed) }
  }
}
