import Governance
import PlantModel
import Quantities
import Synchronization
import Telemetry

/// A real `Gateway` as its shell holds it, with its fence on a pretended disk and its writes in a box.
final class Door {
  static let tag = "Filler/MachSpeed"
  static let check = EnvelopeCheck(
    envelope: EnvelopeSpec(
      limits: [TagLimit(tag: tag, unit: "1/min", low: 40, high: 80, maxStep: 10, maxPerHour: 1e6, hold: .keep)], interlocks: [],
      authorityCeiling: .closedLoop),
    rules: GovernorRules())

  /// What survives a crash.
  private(set) var disk = FenceState()
  var now = Instant(seconds: 1_000_000)
  private(set) var isUp = false
  private var gateway: Gateway
  private var prepared: PreparedWrite?
  private var box: WriteBox

  init() {
    box = WriteBox(tags: [Self.tag])
    gateway = Gateway(taking: ActuatorBay([box]), check: Self.check, fence: disk)
  }

  var isSealed: Bool { gateway.isSealed }
  var fence: FenceState { gateway.fence }

  /// The process starts, as often as it takes to reach `epoch`, and stays sealed.
  func start(epoch: UInt64) {
    repeat {
      prepared = nil
      box = WriteBox(tags: [Self.tag])
      gateway = Gateway(taking: ActuatorBay([box]), check: Self.check, fence: disk)
      if gateway.epoch < epoch { disk = gateway.fence }
    } while gateway.epoch < epoch
    isUp = true
  }

  /// Whether the door opens once its new epoch is stored, and not before.
  func unseal() -> Bool {
    let opensUnstored = gateway.unseal(stored: disk)
    disk = gateway.fence
    let opens = gateway.unseal(stored: disk)
    return opens && !opensUnstored
  }

  /// `kill -9`.
  func crash() {
    isUp = false
    prepared = nil
  }

  func setManual(_ isManual: Bool) {
    if isUp {
      if isManual { gateway.takeOver() } else { gateway.rearm() }
      disk = gateway.fence
    } else {
      // The panel's switch is read at the next start.
      disk.mode = isManual ? .manual : .automatic
    }
  }

  /// Why the gateway refuses a command; nil where it is prepared and held here.
  func attempt(_ token: WriteToken, _ value: Double, isCurrent: Bool) -> WriteRefusal.Reason? {
    let intent = WriteIntent(
      token: token, change: ChangeID("walk"), tag: Self.tag, from: 60, value: value, purpose: .advance,
      expires: isCurrent ? now + .minutes(1) : now - .seconds(1), unit: "1/min")
    gateway.stayAlive(until: now)
    switch gateway.prepare(intent, at: now) {
    case .refused(let refusal): return refusal.reason
    case .ready(let write):
      prepared = consume write
      return nil
    }
  }

  /// The fence of the prepared write goes to disk, as the gateway asked.
  func store() {
    guard let write = prepared.take() else { return }
    disk = write.fence
    prepared = consume write
  }

  /// Lets the prepared write go; what the gateway says and what left.
  func send() -> (report: GatewayReport?, left: [DeliveredWrite]) {
    guard let write = prepared.take() else { return (nil, box.take()) }
    gateway.stayAlive(until: now)
    let report = gateway.send(write, at: now)
    if report != nil { disk = gateway.fence }
    return (report, box.take())
  }

  func read(_ value: Double) -> [GatewayReport] {
    gateway.stayAlive(until: now)
    return kept(gateway.observe(Reading(value: value, quality: .good, instant: now), of: Self.tag, at: now))
  }

  func tick() -> [GatewayReport] {
    gateway.stayAlive(until: now)
    return kept(gateway.tick(at: now))
  }

  private func kept(_ reports: [GatewayReport]) -> [GatewayReport] {
    if !reports.isEmpty { disk = gateway.fence }
    return reports
  }
}

/// An actuator that keeps what it was given.
final class WriteBox: Actuator {
  let tags: [String]
  private let sent = Mutex<[DeliveredWrite]>([])
  init(tags: [String]) { self.tags = tags }
  func begin(_ permit: consuming WritePermit) {
    let write = DeliveredWrite(tag: permit.tag, value: permit.value)
    sent.withLock { $0.append(write) }
  }
  func take() -> [DeliveredWrite] {
    sent.withLock { writes in
      defer { writes = [] }
      return writes
    }
  }
}
