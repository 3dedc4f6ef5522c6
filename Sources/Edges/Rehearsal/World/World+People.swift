import Determinism
import Governance
import PlantModel
import Quantities
import Supervision

/// People: some do their work, some take over, some order whatever comes to mind.
extension World {
  static let engineer = Person(name: "Eve", role: .engineer)
  static let approver = Person(name: "Ada", role: .approver)
  static let safety = [Person(name: "Sam", role: .safety), Person(name: "Sue", role: .safety)]

  /// An order with whatever change it may be about.
  func give(_ order: Fault.Order) {
    guard let life, !life.isAsleep(at: now) else { return }
    let changes = life.runtime.kernel.governor.state.changes
    let newest = changes.last?.id ?? ChangeID("nobody-knows-1")
    let person = Person(name: order.role == .viewer ? Person.localPanel.name : order.role.rawValue, role: order.role)
    let command: OperatorCommand =
      switch order.verb {
      case .takeOver: .takeOver
      case .halt: .halt
      case .rearm: .rearm
      case .resume: .resume
      case .approve: .approve(newest, binding: changes.last?.binding)
      case .approveStale: .approve(newest, binding: changes.dropLast().last?.binding ?? "0")
      case .reject: .reject(newest)
      case .rollback: .rollback(newest)
      case .promote: .promote(loop: Self.loop)
      case .demote: .demote(loop: Self.loop)
      case .acknowledge: .acknowledge(newest)
      }
    self.order(command, person)
  }

  func storm(_ orders: Int, _ every: Duration, _ seed: UInt64) {
    var luck = RandomStream(seed: seed)
    for i in 0..<orders {
      let order = FaultPlan.order(&luck)
      guard let life else { return }
      let newest = life.runtime.kernel.governor.state.changes.last?.id ?? ChangeID("nobody-knows-1")
      let command: OperatorCommand =
        switch order.verb {
        case .takeOver: .takeOver
        case .halt: .halt
        case .rearm: .rearm
        case .resume: .resume
        case .rollback: .rollback(newest)
        case .reject: .reject(newest)
        case .promote: .promote(loop: Self.loop)
        case .demote: .demote(loop: Self.loop)
        default: .approve(newest, binding: nil)
        }
      put(.order(command, by: Person(name: order.role.rawValue, role: order.role)), in: every * Double(i))
    }
  }

  func order(_ command: OperatorCommand, _ person: Person) {
    guard let life, !life.isAsleep(at: now) else { return }
    if options.mutant == .takeoverNotPassedOn, command == .takeOver {
      watch.ordered(command, refusal: nil, by: life, in: self)
      return
    }
    let (refusal, errands) = life.runtime.command(command, by: person, time)
    tell("\(person.name) orders \(command): \(refusal ?? "done")")
    // What leaves within the call is the order's own doing.
    let sent = life.outbox.count
    let isStop = command.isStop
    watch.ordered(command, refusal: refusal, by: life, in: self)
    if sent > 0, isStop { watch.breach(.bumpless, "\(command) moved \(sent) set-points by itself", at: now) }
    carry(errands, of: life)
    if refusal == nil, isStop { put(.handBack, in: .minutes(peopleLuck.uniform(4, 40))) }
  }

  /// Two people look at what waits, each in their own time.
  func askForApproval(_ change: ChangeID) {
    for person in [Self.engineer, Self.approver] { put(.approval(change, by: person), in: .minutes(peopleLuck.uniform(2, 8))) }
  }

  /// Now and then the answer is no. Who finds it decided already, leaves it.
  func approve(_ change: ChangeID, _ person: Person) {
    let isYes = peopleLuck.chance(0.9)
    guard let life, !life.isAsleep(at: now), let record = life.runtime.kernel.governor.state.change(change) else { return }
    guard case .awaitingApproval = record.status else { return }
    order(isYes ? .approve(change, binding: record.binding) : .reject(change), person)
  }

  /// Limits that are wider than those in force wait for the safety role; two of it must say so.
  func accept(_ person: Person, _ number: Int) {
    guard let life, life.number == number else { return }
    guard !life.isAsleep(at: now) else { return put(.acceptance(by: person, life: number), in: .minutes(2)) }
    let hash = plant.envelopeHashes[life.revision]
    let state = life.runtime.kernel.governor.state
    guard state.envelope != hash, state.accepted[hash]?.contains(person) != true else { return }
    order(.acceptEnvelope(binding: hash), person)
  }

  /// An engineer hands the plant back to Takt.
  func handBack() {
    guard let life, !life.isAsleep(at: now) else {
      if isQuiet { put(.handBack, in: .minutes(2)) }
      return
    }
    switch life.runtime.kernel.governor.state.mode {
    case .automatic: break
    case .manual: order(.rearm, Self.engineer)
    case .halted: order(.resume, Self.engineer)
    }
    if isQuiet, !life.runtime.kernel.governor.state.mode.isAutomatic { put(.handBack, in: .minutes(2)) }
    if isQuiet, life.runtime.kernel.loops.contains(where: { $0.status == .gaveUp }) { hand(.resumeLoop(Self.loop), to: life) }
  }
}
