import Acquisition
import Actuation
import Console
import Disk
import Foundation
import Governance
import Historian
import Ledger
import Logging
import PlantModel
import Quantities
import Storage
import Supervision
import Twin

/// All wiring of a running plant, in one place: what is made, from what, and who is given whom.
///
/// ```
/// broker ─ SparkplugSession ─┐                       ┌─ Historian, FactLedger, fence (data folder)
///      HTTP ─ LineProtocol ──┼─▶ PlantCore ──────────┼─ Gateway ─ ActuatorBay ─ SparkplugActuator ─▶ broker
///   browser ─ ConsoleServer ─┘   (PlantRuntime, PlantKernel inside) └─ loops' processes, Job on other cores
/// ```
struct Topology {
  var folder: PlantFolder
  var directory: String
  var data: String
  var port: Int
  var seed: UInt64
  var log: Logger
  /// Told of each fact once it is in the ledger.
  var announce: @Sendable (Fact) -> Void

  /// A plant brought up: running until `stop`.
  struct Running {
    let core: PlantCore
    let sessions: [SparkplugSession]
    let actuators: [SparkplugActuator]
    let console: ConsoleServer
    let token: String
    let recovery: String
    /// Given once, on a data folder without accounts.
    let firstPassword: String?
    let lock: DataFolderLock

    /// What runs, without the lock, which stays where it was taken.
    var parts: Parts { Parts(core: core, sessions: sessions, actuators: actuators, console: console, token: token) }
  }

  struct Parts: Sendable {
    let core: PlantCore
    let sessions: [SparkplugSession]
    let actuators: [SparkplugActuator]
    let console: ConsoleServer
    let token: String
  }

  /// Opens the records, folds the ledger, catches the twin up from the historian, and wires everything; nothing runs yet.
  func bringUp() throws -> Running {
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    let lock = try DataFolderLock(folder: data)
    let storage = try FileStorage(folder: data)
    let historian = try Historian(on: storage)
    let store = try SQLiteLedgerStore(path: "\(data)/ledger.sqlite")
    let state = GovernorState(folding: try store.read(0..<store.count()).map { entry throws in try Fact(decoding: entry.payload) })

    let clock = SharedPlantClock(folder.connections.clock, wall: { WallClock.now })
    let hand = DeliveryHand()
    let sessions = try folder.connections.sparkplug.map { spec in
      try SparkplugSession(
        spec, plant: folder.plant, password: try spec.password.map(Secret.resolve), clock: clock,
        tell: { [log] in log.tell($0, of: "the broker at \(spec.host):\(spec.port)") }
      ) { hand.take($0) }
    }
    // The first edge node is the one that is written to; further ones are read. An actuator bay takes each tag once.
    let actuators = try zip(folder.connections.sparkplug, sessions).prefix(1).map { spec, session in
      try SparkplugActuator(
        spec, tags: folder.envelope.limits.map(\.tag), password: try spec.password.map(Secret.resolve), address: { session.address(of: $0) },
        plantNow: { clock.now }, wall: { WallClock.now }
      ) { [log] outcome in
        if case .dropped(let token, let reason) = outcome { log.warning("write \(token) did not leave: \(reason.rawValue)") }
      }
    }

    let speed = if case .telemetry(let speed) = folder.connections.clock { speed } else { 1.0 }
    // A plant that runs faster than the wall: what disks, brokers and machines need in wall time is more of its own.
    var rules = GovernorRules()
    rules.intentLifetime = max(rules.intentLifetime, .seconds(3 * speed))
    rules.readBackDeadline = max(rules.readBackDeadline, .seconds(5 * speed))
    let keys = LoopKeys(
      programs: try LoopRunner(plantDirectory: directory, takt: CommandLine.executablePath).programs(folder.loops),
      decoySecret: folder.governance.decoys == nil ? nil : DecoySecret(try Secret.kept(in: "\(data)/decoys.key")))
    var kernel = PlantKernel(folder: folder, state: state, rules: rules, keys: keys, seed: seed, speed: speed)
    let catchUp = TwinCatchUp(historian: historian, reach: kernel.twin.configuration.memory)
    let latest = try catchUp.run(&kernel)
    // A new record is followed from its beginning.
    let followed = latest > Instant(nanoseconds: 0) ? latest - catchUp.reach : nil
    let panel = PanelSwitch()
    let gateway = Gateway(
      taking: ActuatorBay(actuators), check: GovernancePlan(folder, rules: rules).check, fence: try FenceFile.read(storage), speed: speed,
      panel: panel)
    let runtime = try PlantRuntime(
      kernel: kernel, gateway: gateway, historian: historian, store: store, storage: storage, since: latest)
    let core = PlantCore(
      runtime: runtime, clock: clock, loopRunner: LoopRunner(plantDirectory: directory, takt: CommandLine.executablePath), log: log,
      announce: announce)
    hand.give(to: core)

    let accounts = Accounts(data: data)
    var firstPassword: String?
    if accounts.isEmpty {
      let password = Secret.random(bytes: 6)
      try accounts.set(name: "engineer", password: password, roles: [.engineer, .approver])
      firstPassword = password
    }
    let token = Secret.random()
    let lineProtocol = try folder.connections.lineProtocol.map {
      LineProtocolGate($0, plant: folder.plant, token: try $0.token.map(Secret.resolve), clock: sessions.isEmpty ? clock : nil)
    }
    let console = ConsoleServer(
      configuration: ConsoleConfiguration(
        port: port, token: ConsoleToken(secret: token, account: Account(name: "takt command", roles: [.engineer, .approver, .operator]))),
      backend: PlantBackend(
        core: core, panel: panel, accounts: accounts, sessions: sessions, lineProtocol: lineProtocol, speed: speed,
        place: RecordPlace(plant: directory, data: data, since: followed)), logger: log)
    return Running(
      core: core, sessions: sessions, actuators: actuators, console: console, token: token, recovery: "\(historian.recovery)",
      firstPassword: firstPassword, lock: lock)
  }
}

extension Logger {
  fileprivate func tell(_ connection: SparkplugSession.Connection, of broker: String) {
    switch connection {
    case .open: notice("connected to \(broker)")
    case .down(let reason): warning("no connection to \(broker) (\(reason)); trying again")
    }
  }
}

extension CommandLine {
  /// This program's own file.
  static var executablePath: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? arguments[0]
  }
}
