import Governance
import Quantities
import Testing

/// One governor and its site, run until the change has ended, with the power failing wherever it is told to.
private struct CrashRun {
  let site: Site
  var governor: Governor
  /// Gain of the full move; nil sends no evidence, so that the change goes back when its time is up.
  let gain: Double?
  private(set) var deaths = 0

  init(gain: Double?, lag: Duration, fuse: Int?) {
    site = Site()
    (site.lag, site.fuse) = (lag, fuse)
    governor = Governor(plan: site.plan)
    self.gain = gain
  }

  /// Starts, proposes once, and goes on until no change is open. A second fuse may blow in the recovery.
  mutating func run(secondFuse: Int? = nil) {
    attempt(secondFuse) { run throws(Site.Died) in try run.start() }
    attempt(secondFuse) { run throws(Site.Died) in try run.feed(.proposed(run.site.draft())) }
    for _ in 0..<400 where governor.state.openChange != nil || governor.state.changes.isEmpty || !site.flights.isEmpty {
      site.now += .seconds(30)
      site.land()
      attempt(secondFuse) { run throws(Site.Died) in try run.turn() }
      if governor.state.changes.isEmpty { attempt(secondFuse) { run throws(Site.Died) in try run.feed(.proposed(run.site.draft())) } }
    }
  }

  private mutating func attempt(_ secondFuse: Int?, _ body: (inout CrashRun) throws(Site.Died) -> Void) {
    do { try body(&self) } catch {
      deaths += 1
      site.fuse = deaths == 1 ? secondFuse : nil
      governor = Governor(plan: site.plan, state: GovernorState(folding: site.ledger))
      attempt(secondFuse) { run throws(Site.Died) in try run.start() }
    }
  }

  private mutating func start() throws(Site.Died) {
    try site.startGateway()
    try feed(.gatewayOpened(epoch: site.gateway.epoch, mode: site.gateway.mode))
    try feed(.twin(Site.twin))
    try turn()
  }

  private mutating func turn() throws(Site.Died) {
    for report in try site.observe() { try feed(.gateway(report)) }
    for tag in Site.tags { try feed(.reading(tag: tag, site.reading(tag))) }
    try feed(.tick)
  }

  private mutating func feed(_ input: GovernorInput) throws(Site.Died) {
    var queue = [input]
    while !queue.isEmpty {
      for effect in governor.handle(queue.removeFirst(), at: site.now) {
        switch effect {
        case .record(let index, let fact):
          try site.step()
          #expect(site.append(fact, index: index))
          try site.step()
          queue.append(.recorded(index: index, fact))
        case .requestProof(let proposal): queue.append(.proof(site.proof(of: proposal)))
        case .requestEvidence(let request): if let gain { queue.append(.evidence(site.evidence(for: request, gain: gain))) }
        case .write(let intent): if let report = try site.write(intent) { queue.append(.gateway(report)) }
        case .setGatewayMode(let mode): try site.setGatewayMode(mode)
        default: break
        }
      }
    }
  }

  /// What must be true at the end, whatever happened.
  func expectRest(_ comment: String) {
    let state = governor.state
    #expect(site.broken.isEmpty, "\(comment): \(site.broken)")
    #expect(state.openChange == nil && state.openIntents.isEmpty, "\(comment): \(state.changes.last?.status.word ?? "no change") never ended")
    for tag in Site.tags where !state.changes.isEmpty {
      #expect(state.lastKnownGood[tag] == site.plant[tag], "\(comment): \(tag) stands at \(site.plant[tag] ?? .nan)")
    }
    #expect(GovernorState(folding: site.ledger).hash == state.hash, "\(comment): replay")
    #expect(site.disk.issued.isEmpty, "\(comment): the gateway still waits for \(site.disk.issued)")
  }
}

/// Scenario 8: the power fails at every step between intent, write, acknowledgement and DONE.
@Suite struct CrashTests {
  /// A change that is kept, one that does harm, one that is never judged; writes that land at once, and late.
  private static let lives: [(name: String, gain: Double?, lag: Duration)] = [
    ("kept, lands in 5 s", 10, .seconds(5)), ("harmful, lands in 100 s", -30, .seconds(100)), ("never judged, lands in 250 s", nil, .seconds(250)),
  ]

  @Test(arguments: 0..<3)
  func wherePowerFailsTheLedgerIsThePlantInTheEnd(life: Int) {
    let (name, gain, lag) = Self.lives[life]
    var whole = CrashRun(gain: gain, lag: lag, fuse: nil)
    whole.run()
    whole.expectRest(name)
    let points = whole.site.stepsTaken
    #expect(points > 60 && whole.governor.state.changes.last?.outcome?.end == (gain == 10 ? .settled : .rolledBack))
    var ends: [String: Int] = [:]
    for point in 1...points {
      var run = CrashRun(gain: gain, lag: lag, fuse: point)
      // Every third time the power fails again while the recovery is under way.
      run.run(secondFuse: point % 3 == 0 ? 1 + point % 17 : nil)
      #expect(run.deaths >= 1)
      run.expectRest("\(name), dead at step \(point)")
      ends[run.governor.state.changes.last?.status.word ?? "none", default: 0] += 1
    }
    print("crash at each of \(points) steps, \(name): \(ends.sorted { $0.key < $1.key })")
  }
}
