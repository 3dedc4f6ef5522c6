import Governance
import Historian
import Ledger
import PlantModel
import Quantities
import Supervision
import Telemetry
import Twin

/// One life of Takt's process, from a start to its death: the production runtime on the simulated disk.
final class Life {
  let number: Int
  var runtime: PlantRuntime
  let outbox: CommandOutbox
  let storage: DiskOfOneLife
  let folder: PlantFolder
  /// The number of the folder's revision.
  let revision: Int
  let openedAt: Instant
  /// Stands still until then; what arrives waits.
  var asleepUntil: Instant?
  var waiting: [World.Event] = []
  /// Takeovers hold within the life even where the disk refused to keep them.
  var isStoppedByPerson = false
  /// Takeovers and halts that were ordered and are not facts yet.
  var stopsUnderWay = 0
  var process: Process?

  /// The loop's process, simulated.
  struct Process {
    var pid: Int32
    var hangsUntil = Instant(nanoseconds: 0)
  }

  /// Opens the records and wires everything as the program does; nothing runs yet.
  ///
  /// - Parameter facts: the ledger's, if they are known already; else they are decoded.
  init(number: Int, folder: PlantFolder, revision: Int, disk: SimulatedDisk, facts: [Fact], limits: PlantFolder, at now: Instant, mutant: Mutant?)
    throws
  {
    storage = DiskOfOneLife(disk)
    let historian = try Historian(on: storage)
    let store = SimulatedLedger(on: disk)
    var fence = try FenceFile.read(disk)
    var known = facts
    if mutant == .allowanceForgotten { (fence.spent, known) = ([], facts.map(\.withoutItsStep)) }
    let latest = historian.lastOfAll().map(\.sample.arrival).max() ?? Instant(nanoseconds: 0)
    let plan = GovernancePlan(limits, rules: World.rules)
    let outbox = CommandOutbox(tags: folder.envelope.limits.map(\.tag))
    let kernel = PlantKernel(
      folder: limits, state: GovernorState(folding: known), rules: World.rules, seed: 1, twin: World.twin, supervision: World.supervision)
    let gateway = Gateway(taking: ActuatorBay([outbox]), check: plan.check, fence: fence)
    (self.number, self.folder, self.revision, self.outbox, openedAt) = (number, folder, revision, outbox, now)
    runtime = try PlantRuntime(kernel: kernel, gateway: gateway, historian: historian, store: store, storage: storage, since: latest)
  }

  func isAsleep(at now: Instant) -> Bool { asleepUntil.map { now < $0 } ?? false }
}

extension Fact {
  /// As if an intended write had moved nothing (see `Mutant.allowanceForgotten`): governor and gateway each keep a count, and both must forget.
  fileprivate var withoutItsStep: Fact {
    guard case .writeIntended(var intent) = what else { return self }
    intent.from = intent.value
    return Fact(at: at, .writeIntended(intent: intent))
  }
}
