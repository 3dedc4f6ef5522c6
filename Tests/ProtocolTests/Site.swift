import Governance
import PlantModel
import Quantities
import Telemetry

/// What governor and gateway stand in: a ledger, a disk, a plant with writes on their way; and a way to die between any two steps.
///
/// Every real governor, gateway and fact is used as the program's shell uses it. What is pretended is the plant, the disk and time.
final class Site {
  static let tags = ["Filler/MachSpeed", "Filler/TempSet"]
  static let loop = "speed"

  let plan: GovernancePlan
  var now = Instant(seconds: 1_000_000)
  /// Durable: the ledger, and the gateway's fence.
  private(set) var ledger: [Fact] = []
  private(set) var disk = FenceState()
  var plant: [String: Double] = [tags[0]: 60, tags[1]: 80]
  /// Sent, and neither landed nor lost.
  var flights: [(at: Instant, write: DeliveredWrite)] = []
  /// From leaving to landing.
  var lag: Duration = .seconds(5)
  var gateway: Gateway
  private var box = WriteBox(tags: Site.tags)
  /// Steps left to live; nil lives on.
  var fuse: Int?
  private(set) var stepsTaken = 0
  private(set) var lastLeft = WriteToken(epoch: 0, sequence: 0)
  private(set) var left: [WriteToken] = []
  /// Broken promises, in words.
  private(set) var broken: [String] = []

  struct Died: Error {}

  init(plan: GovernancePlan = Site.plan(), ledger: [Fact] = [], disk: FenceState = FenceState()) {
    (self.plan, self.ledger, self.disk) = (plan, ledger, disk)
    gateway = Gateway(taking: ActuatorBay([box]), check: plan.check, fence: disk)
  }

  static func plan() -> GovernancePlan {
    let limits = [
      TagLimit(tag: tags[0], unit: "1/min", low: 40, high: 80, maxStep: 5, maxPerHour: 1000, hold: .keep),
      TagLimit(tag: tags[1], unit: "Cel", low: 70, high: 90, maxStep: 2, maxPerHour: 1000, hold: .lastKnownGood),
    ]
    let rollout = RolloutSpec(
      shadow: .minutes(1), steps: [0.5, 1], dwell: .minutes(10), timeout: .hours(1), keepShare: 0.5, alphaGain: 0.1, alphaHarm: 0.2)
    let spec = LoopSpec(
      name: loop, program: "setpoints", arguments: [], moves: tags, objective: .goodPartsPerHour, cadence: .minutes(30), deadline: .minutes(5),
      authority: .closedLoop, rollout: rollout)
    return GovernancePlan(
      envelope: EnvelopeSpec(limits: limits, interlocks: [], authorityCeiling: .closedLoop), loops: [spec], revision: "r1",
      governance: GovernanceSpec(approvals: ApprovalSpec(wideShare: 1)))
  }

  /// A moment at which the power may fail.
  func step() throws(Died) {
    stepsTaken += 1
    guard let fuse else { return }
    if fuse <= 1 { throw Died() }
    self.fuse = fuse - 1
  }

  // MARK: - The durable parts

  /// Appends behind what is there; false where somebody else has appended meanwhile.
  func append(_ fact: Fact, index: UInt64) -> Bool {
    guard index == UInt64(ledger.count) else { return false }
    ledger.append(fact)
    return true
  }

  func store(_ fence: FenceState) { disk = fence }

  /// A new gateway process takes the door over with a new epoch, and opens it once that is durable.
  func startGateway() throws(Died) {
    box = WriteBox(tags: Self.tags)
    gateway = Gateway(taking: ActuatorBay([box]), check: plan.check, fence: disk)
    try step()
    store(gateway.fence)
    try step()
    if !gateway.unseal(stored: disk) { broken.append("the gateway does not know its own fence") }
  }

  // MARK: - A write on its way

  /// Prepare, store, send, as the shell does; returns what is to be told.
  func write(_ intent: WriteIntent) throws(Died) -> GatewayReport? {
    try step()
    gateway.stayAlive(until: now)
    switch gateway.prepare(intent, at: now) {
    case .refused(let refusal): return .refused(intent.token, refusal)
    case .ready(let prepared):
      try step()
      store(prepared.fence)
      try step()
      let report = gateway.send(prepared, at: now)
      leave(intent)
      try step()
      return report
    }
  }

  private func leave(_ intent: WriteIntent) {
    for write in box.take() {
      left.append(intent.token)
      if intent.token <= lastLeft { broken.append("\(intent.token) leaves after \(lastLeft)") }
      if intent.token.epoch != gateway.epoch { broken.append("\(intent.token) leaves in epoch \(gateway.epoch)") }
      lastLeft = max(lastLeft, intent.token)
      if !ledger.contains(where: { $0.what == .writeIntended(intent: intent) }) { broken.append("\(intent.token) leaves without its intent") }
      if flights.contains(where: { $0.write.tag == write.tag }) { broken.append("two writes are on their way to \(write.tag)") }
      flights.append((now + lag, write))
    }
  }

  /// Writes whose time has come land; with `all`, every one.
  func land(all: Bool = false) {
    for flight in flights where all || flight.at <= now { plant[flight.write.tag] = flight.write.value }
    flights.removeAll { all || $0.at <= now }
  }

  /// The gateway reads the plant and lets time pass; what it reports is stored first.
  func observe() throws(Died) -> [GatewayReport] {
    var reports: [GatewayReport] = []
    gateway.stayAlive(until: now)
    for tag in Self.tags { reports += gateway.observe(reading(tag), of: tag, at: now) }
    reports += gateway.tick(at: now)
    if !reports.isEmpty {
      try step()
      store(gateway.fence)
      try step()
    }
    return reports
  }

  func reading(_ tag: String) -> Reading { Reading(value: plant[tag] ?? .nan, quality: .good, instant: now) }

  func setGatewayMode(_ mode: GatewayMode) throws(Died) {
    if mode == .manual { gateway.takeOver() } else { gateway.rearm() }
    try step()
    store(gateway.fence)
    try step()
  }
}
