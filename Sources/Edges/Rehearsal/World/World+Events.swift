import Determinism
import Governance
import PlantModel
import Quantities
import Supervision
import Telemetry
import Twin

extension World {
  func happen(_ event: Event) {
    disk.fill(now < diskFullUntil)
    disk.ledgerRefuses = now < ledgerRefusesUntil
    switch event {
    case .tick: tick()
    case .round(let node): round(of: node)
    case .report(let sensor): send([sensor].compactMap(shown))
    case .delivered(let delivery): deliver(delivery)
    case .landed(let command, let isAgain, let life): land(command, isAgain, life)
    case .fault(let index): if index >= 0 { begin(faults[index]) } else { pressureFalls() }
    case .cue(let what):
      cued.append(now - World.start)
      begin(Fault(now - World.start, what))
    case .start(let number): if number == lives + 1 { start() }
    case .startSecond(let wakes): startSecond(wakes)
    case .job(let result, let number): if let life = living(number) { hand(.finished(result), to: life) }
    case .said(let bytes, let pid, let number): hear(bytes, pid, number)
    case .spawned(let pid, let number): spawned(pid, number)
    case .exited(let pid, let number):
      guard let life = living(number), life.process?.pid == pid else { return }
      life.process = nil
      hand(.loop(Self.loop, .exited(reason: "it ended", uptime: time.uptime)), to: life)
    case .heartbeat(let pid, let number): beat(pid, number)
    case .order(let command, let person): order(command, person)
    case .approval(let change, let person): approve(change, person)
    case .acceptance(let person, let number): accept(person, number)
    case .handBack: handBack()
    case .restarted(let number): bringUp(revision: number)
    }
  }

  private func tick() {
    put(.tick, in: isQuiet ? .seconds(60) : .seconds(30))
    wake()
    for life in [life, ghost] {
      guard let life, !life.isAsleep(at: now) else { continue }
      carry(life.runtime.tick(time), of: life)
    }
  }

  /// A process that stood still goes on: what waited for it comes at once.
  func wake() {
    for life in [life, ghost] {
      guard let life, let until = life.asleepUntil, now >= until else { continue }
      life.asleepUntil = nil
      tell("life \(life.number) goes on; \(life.waiting.count) messages waited")
      let waiting = life.waiting
      life.waiting = []
      // The power may fail meanwhile: who is dead takes nothing.
      for case .delivered(let delivery) in waiting where life === self.life || life === ghost { take(delivery, life) }
    }
  }

  /// The life with this number, if it lives and is awake.
  func living(_ number: Int) -> Life? {
    for life in [life, ghost] { if let life, life.number == number, !life.isAsleep(at: now) { return life } }
    return nil
  }

  // MARK: - Telemetry

  private func round(of node: Int) {
    put(.round(node: node), in: nodes[node].interval)
    send(nodes[node].sensors.compactMap(shown))
  }

  /// What a sensor shows now; nil while it is silent.
  private func shown(by index: Int) -> SentReading? {
    let sensor = sensors[index]
    guard now >= sensor.silentUntil else { return nil }
    let truth = trueValue(index)
    let honest = index < line.points.count ? truth : shownPressure(truth)
    var value = honest
    let isFrozen = now < sensor.frozenUntil && sensor.frozenAt != nil
    if isFrozen, let frozen = sensor.frozenAt { value = frozen }
    if now < sensor.lyingUntil { value += sensor.lie }
    if now < sensor.nonsenseUntil { value = sensor.nonsense }
    let quality = now < sensor.qualityUntil ? sensor.quality : .good
    let stamp = now + (now < sourceUntil ? sourceOffset : .zero)
    return SentReading(
      sensor: index, sample: Sample(instant: stamp, arrival: stamp, value: .number(value), quality: quality), measured: now, isTrue: value == honest,
      isFrozen: isFrozen)
  }

  /// The pressure wanders by one step of its sensor: a value that stays for long is no measurement.
  private func shownPressure(_ truth: Double) -> Double {
    ((truth / RehearsalPlant.pressureStep) + sensorLuck.normal()).rounded() * RehearsalPlant.pressureStep
  }

  func trueValue(_ index: Int) -> Double { index < line.points.count ? line.points[index].value : line.pressure }

  private func send(_ readings: [SentReading]) {
    guard !readings.isEmpty, now >= network.telemetryCutUntil else { return }
    let delivery = Delivery(readings: readings)
    var delay = Duration.seconds(deliveryLuck.uniform(0.05, 0.5))
    if now < network.troubledUntil {
      delay += network.delay * deliveryLuck.uniform()
      if deliveryLuck.chance(network.loss) { return }
      if deliveryLuck.chance(network.doubled) { put(.delivered(delivery), in: network.delay * deliveryLuck.uniform()) }
    }
    put(.delivered(delivery), in: delay)
  }

  private func deliver(_ delivery: Delivery) {
    guard now >= network.telemetryCutUntil else { return }
    for life in [life, ghost] {
      guard let life else { continue }
      if life.isAsleep(at: now) { life.waiting.append(.delivered(delivery)) } else { take(delivery, life) }
    }
  }

  func take(_ delivery: Delivery, _ life: Life) {
    let time = time
    var blocks: [SampleBlock] = []
    for reading in delivery.readings {
      var sample = reading.sample
      sample.arrival = time.told ?? sample.arrival
      watch.delivered(reading, to: life.number, tag: sensors[reading.sensor].tag, at: now)
      if options.mutant == .badReadingsPassAsGood { sample.quality = .good }
      if options.mutant == .readingsNeverAge { sample.instant = sample.arrival }
      blocks.append(SampleBlock(tag: sensors[reading.sensor].tag, sample))
    }
    let (errands, failure) = life.runtime.take(blocks, time)
    countFrozen(delivery, life)
    if life === self.life {
      for block in blocks { failure == nil ? watch.acknowledged(block[0], of: block.tag) : watch.taken(block[0], of: block.tag) }
    }
    carry(errands, of: life)
  }

  /// Counts the readings that a frozen sensor's life takes until it is called frozen.
  private func countFrozen(_ delivery: Delivery, _ life: Life) {
    guard let freeze = freezes.last, freeze.called == nil, now < sensors[freeze.sensor].frozenUntil,
      delivery.readings.contains(where: { $0.sensor == freeze.sensor && $0.isFrozen })
    else { return }
    freezes[freezes.count - 1].readings += 1
    if life.runtime.kernel.twin.isFrozen(sensors[freeze.sensor].tag) { freezes[freezes.count - 1].called = freeze.readings + 1 }
  }

  // MARK: - Commands

  /// What has left the gateway goes on the wire.
  func send(_ command: SentCommand, of life: Life) {
    watch.sent(command, by: life, in: self)
    tell("life \(life.number) sends \(command.token) \(command.tag) := \(command.value)")
    lastCommand = command
    writeTimes.append((now - World.start, command.token, command.tag, command.value))
    guard now >= network.commandsCutUntil else { return tell("… lost: no command gets through") }
    var delay = Duration.seconds(commandLuck.uniform(0.5, 4)) + (now < slowUntil ? slowBy : .zero)
    if now < network.troubledUntil {
      delay += network.delay * commandLuck.uniform()
      if commandLuck.chance(network.loss) { return tell("… lost") }
      if commandLuck.chance(network.doubled) { put(.landed(command, isAgain: true, life: life.number), in: network.delay * commandLuck.uniform()) }
    }
    let lands = max(now + delay, (lastLanding[life.number] ?? now) + .milliseconds(1))
    lastLanding[life.number] = lands
    commandsOnTheWire += 1
    agenda.put(.landed(command, isAgain: false, life: life.number), at: lands)
    if options.mutant == .commandsRepeat { put(.landed(command, isAgain: false, life: life.number), in: .minutes(20)) }
  }

  private func land(_ command: SentCommand, _ isAgain: Bool, _ number: Int) {
    if !isAgain { commandsOnTheWire -= 1 }
    let mover: TrueLine.Mover = isAgain ? .wire : .token(command.token.epoch, command.token.sequence)
    guard let movement = line.move(command.tag, to: command.value, by: mover, at: now) else { return }
    tell("\(command.tag) goes from \(movement.from) to \(movement.to) (\(isAgain ? "a repeat on the wire" : "\(command.token)"))")
    // Its own stop, not our write, has moved it.
    if now < line.ceilingUntil(command.tag) { watch.disturbed(command.tag, at: now) }
    watch.landed(movement, command, life: number, at: now)
    reportSoon(command.tag)
  }

  func reportSoon(_ tag: String) {
    if let index = sensors.firstIndex(where: { $0.tag == tag }) { put(.report(sensor: index), in: .seconds(1)) }
  }
}
