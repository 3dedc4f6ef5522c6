import Determinism
import Governance
import Quantities

/// Scenario 9: a leader pauses for half a minute with its writes on their way, a second one is elected, the first wakes up.
///
/// Two real governors, each with its own idea of the plant; one real gateway; one ledger, which takes only the fact that comes next. What
/// the governors send to the gateway may come late, twice, out of order, or never.
struct TwoLeaders {
  /// What one interleaving did.
  struct Tally {
    var left = 0
    var ofFirst = 0
    var ofSecond = 0
    var refused: [WriteRefusal.Reason: Int] = [:]
    var broken: [String] = []
  }

  /// The first leader at the moment of its pause, with the writes that it has decided on and not yet handed over.
  struct Pause {
    let plan: GovernancePlan
    let ledger: [Fact]
    let first: Governor
    let writes: [WriteIntent]
    let second: Governor
    let now: Instant
  }

  private let site: Site
  private var leaders: [Governor]
  private var hasSealed = false
  private var channel: [WriteIntent]
  private var tally = Tally()

  /// Runs the first leader up to its first writes, and stops it there.
  static func pause() throws(Site.Died) -> Pause {
    let site = Site()
    var governor = Governor(plan: site.plan)
    var writes: [WriteIntent] = []
    func feed(_ input: GovernorInput) {
      var queue = [input]
      while !queue.isEmpty {
        for effect in governor.handle(queue.removeFirst(), at: site.now) {
          switch effect {
          case .record(let index, let fact): if site.append(fact, index: index) { queue.append(.recorded(index: index, fact)) }
          case .requestProof(let proposal): queue.append(.proof(site.proof(of: proposal)))
          case .write(let intent): writes.append(intent)
          default: break
          }
        }
      }
    }
    try site.startGateway()
    feed(.gatewayOpened(epoch: site.gateway.epoch, mode: .automatic))
    feed(.twin(Site.twin))
    for tag in Site.tags { feed(.reading(tag: tag, site.reading(tag))) }
    feed(.proposed(site.draft()))
    for _ in 0..<20 where writes.isEmpty {
      site.now += .seconds(30)
      for tag in Site.tags { feed(.reading(tag: tag, site.reading(tag))) }
    }
    let second = Governor(plan: site.plan, state: GovernorState(folding: site.ledger))
    return Pause(plan: site.plan, ledger: site.ledger, first: governor, writes: writes, second: second, now: site.now)
  }

  /// One interleaving, picked by `random`.
  static func interleave(_ pause: Pause, _ random: inout RandomStream) throws(Site.Died) -> Tally {
    var run = TwoLeaders(pause)
    try run.site.startGateway()
    _ = try run.site.observe()
    for _ in 0..<40 { try run.takeOneStep(&random) }
    run.tally.broken = run.site.broken
    run.tally.left = run.site.left.count
    run.tally.ofFirst = run.site.left.count { $0.epoch == 1 }
    run.tally.ofSecond = run.site.left.count { $0.epoch == 2 }
    return run.tally
  }

  private init(_ pause: Pause) {
    site = Site(plan: pause.plan, ledger: pause.ledger)
    site.now = pause.now
    site.lag = .seconds(20)
    leaders = [pause.first, pause.second]
    channel = pause.writes
  }

  private mutating func takeOneStep(_ random: inout RandomStream) throws(Site.Died) {
    switch random.integer(below: 10) {
    case 0, 1, 2: try deliver(&random)
    case 3:
      if hasSealed {
        feed(1, .tick)
      } else {
        // The second leader is elected and takes the door over; the first knows nothing of it.
        hasSealed = true
        try site.startGateway()
        feed(1, .gatewayOpened(epoch: site.gateway.epoch, mode: site.gateway.mode))
        feed(1, .twin(Site.twin))
      }
    case 4: feed(0, .tick)
    case 5, 6:
      let leader = random.integer(below: 2)
      if leader == 0 || hasSealed { for tag in Site.tags { feed(leader, .reading(tag: tag, site.reading(tag))) } }
    case 7:
      for report in try site.observe() { tell(report) }
      for leader in 0..<(hasSealed ? 2 : 1) { for tag in Site.tags { feed(leader, .reading(tag: tag, site.reading(tag))) } }
    case 8: if !site.flights.isEmpty { site.flights.remove(at: random.integer(below: site.flights.count)) }
    default:
      // Half a minute or so; now and then past every deadline, so that the second leader goes on to act.
      site.now += random.integer(below: 3) == 0 ? .minutes(4) : .seconds(Double(random.integer(below: 40)))
      site.land()
    }
  }

  /// Any command on its way arrives; it may come again.
  private mutating func deliver(_ random: inout RandomStream) throws(Site.Died) {
    guard !channel.isEmpty else { return }
    let index = random.integer(below: channel.count)
    let intent = channel[index]
    if random.integer(below: 2) == 0 { channel.remove(at: index) }
    guard let report = try site.write(intent) else { return }
    if case .refused(_, let refusal) = report { tally.refused[refusal.reason, default: 0] += 1 }
    tell(report)
  }

  private mutating func tell(_ report: GatewayReport) {
    feed(0, .gateway(report))
    if hasSealed { feed(1, .gateway(report)) }
  }

  private mutating func feed(_ leader: Int, _ input: GovernorInput) {
    var queue = [input]
    while !queue.isEmpty {
      for effect in leaders[leader].handle(queue.removeFirst(), at: site.now) {
        switch effect {
        case .record(let index, let fact): if site.append(fact, index: index) { queue.append(.recorded(index: index, fact)) }
        case .write(let intent): channel.append(intent)
        default: break
        }
      }
    }
  }
}
