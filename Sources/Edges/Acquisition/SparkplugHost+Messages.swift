internal import Quantities
internal import Sparkplug
internal import Telemetry

extension SparkplugHost {
  /// One message of an edge node or of a device.
  mutating func received(
    _ type: SparkplugMessageType, of id: EdgeNodeID, device: String?, _ bytes: [UInt8], at wall: Instant, clock: inout PlantClock
  ) -> [Effect] {
    let payload: SparkplugPayload
    do { payload = try SparkplugPayload(decoding: bytes) } catch {
      report.malformedPayloads += 1
      // A birth that cannot be read leaves its aliases without meaning; other lost messages show as a gap.
      if type == .nodeBirth || type == .deviceBirth { distrust(id, at: wall) }
      return []
    }
    switch (type, device) {
    case (.nodeBirth, _): return nodeBorn(id, payload, bytes, at: wall, clock: &clock)
    case (.nodeDeath, _): return nodeDied(id, payload, at: wall, clock: &clock)
    case (.deviceBirth, let device?):
      guard inSequence(id, payload, bytes, at: wall) else { return [] }
      return deviceBorn(id, device, payload, at: wall, clock: &clock)
    case (.deviceDeath, let device?):
      // Even after a gap a death may be believed: stale is the safe side.
      _ = inSequence(id, payload, bytes, at: wall)
      return deviceDied(id, device, at: wall, clock: &clock)
    case (.nodeData, _), (.deviceData, _):
      guard inSequence(id, payload, bytes, at: wall) else { return [] }
      return data(id, device, payload, at: wall, clock: &clock)
    case (.nodeCommand, _), (.deviceCommand, _), (_, nil): return []
    }
  }

  /// Whether the message is the next of a whole session; else it wants a rebirth, unless it is the one before delivered twice.
  private mutating func inSequence(_ id: EdgeNodeID, _ payload: SparkplugPayload, _ bytes: [UInt8], at wall: Instant) -> Bool {
    guard var online = nodes[id]?.online else {
      if case .dead = nodes[id]?.status {
        // Data after a death: it lives, but nobody saw it born.
        nodes[id]?.status = .unknown
      }
      report.droppedMetrics += payload.metrics.count
      nodes[id]?.rebirth.want(notBefore: wall)
      return false
    }
    if payload.sequence == online.expected &- 1, nodes[id]?.lastMessage == bytes {
      report.duplicates += payload.metrics.count
      return false
    }
    let isNext = payload.sequence == online.expected
    online.expected = (payload.sequence ?? online.expected) &+ 1
    nodes[id]?.status = .online(online)
    nodes[id]?.lastMessage = bytes
    if !isNext {
      report.sequenceGaps += 1
      distrust(id, at: wall)
    }
    guard isNext, online.isWhole else {
      report.droppedMetrics += payload.metrics.count
      return false
    }
    return true
  }

  private mutating func nodeBorn(
    _ id: EdgeNodeID, _ payload: SparkplugPayload, _ bytes: [UInt8], at wall: Instant, clock: inout PlantClock
  ) -> [Effect] {
    report.births += 1
    let now = present(payload, at: wall, clock: &clock)
    guard let session = nodes[id] else { return [] }
    let table = BirthTable(payload, device: nil, map: session.map, check: check, at: now, report: &report)
    var online = EdgeNodeSession.Online(
      birthDeathSequence: payload.birthDeathSequence, expected: (payload.sequence ?? 0) &+ 1, node: table)
    var gone: [String] = []
    if let earlier = session.online {
      // Devices keep their meaning for nobody: their tables are emptied of aliases and only their tags are remembered until they are reborn.
      for (device, deadline) in earlier.awaited { online.awaited[device] = deadline }
      for device in earlier.devices.keys where online.awaited[device] == nil { online.awaited[device] = wall + Self.deviceGrace }
      online.devices = earlier.devices
      let reborn = Set(table.paths)
      gone = earlier.node.paths.filter { !reborn.contains($0) }
    }
    nodes[id]?.status = .online(online)
    nodes[id]?.rebirth.settle()
    nodes[id]?.lastMessage = bytes
    return stale(gone, at: wall, clock: &clock) + emit(payload, table, isBirth: true, at: now)
  }

  private mutating func deviceBorn(
    _ id: EdgeNodeID, _ device: String, _ payload: SparkplugPayload, at wall: Instant, clock: inout PlantClock
  ) -> [Effect] {
    guard let map = nodes[id]?.map, var online = nodes[id]?.online else { return [] }
    report.births += 1
    let now = present(payload, at: wall, clock: &clock)
    let table = BirthTable(payload, device: device, map: map, check: check, at: now, report: &report)
    let reborn = Set(table.paths)
    let gone = (online.devices[device]?.paths ?? []).filter { !reborn.contains($0) }
    online.devices[device] = table
    online.awaited[device] = nil
    nodes[id]?.status = .online(online)
    return stale(gone, at: wall, clock: &clock) + emit(payload, table, isBirth: true, at: now)
  }

  private mutating func nodeDied(_ id: EdgeNodeID, _ payload: SparkplugPayload, at wall: Instant, clock: inout PlantClock) -> [Effect] {
    let said = payload.birthDeathSequence
    guard let online = nodes[id]?.online else {
      // Nothing is known of it but that it went; it will give birth when it comes back.
      if said != nil {
        nodes[id]?.status = .dead
        nodes[id]?.rebirth.settle()
      }
      return []
    }
    guard let said, online.birthDeathSequence == nil || online.birthDeathSequence == said else {
      report.staleDeaths += 1
      return []
    }
    report.deaths += 1
    nodes[id]?.status = .dead
    nodes[id]?.rebirth.settle()
    return stale(online.node.paths + online.devices.sorted { $0.key < $1.key }.flatMap(\.value.paths), at: wall, clock: &clock)
  }

  private mutating func deviceDied(_ id: EdgeNodeID, _ device: String, at wall: Instant, clock: inout PlantClock) -> [Effect] {
    guard var online = nodes[id]?.online, let table = online.devices.removeValue(forKey: device) else { return [] }
    report.deaths += 1
    online.awaited[device] = nil
    nodes[id]?.status = .online(online)
    return stale(table.paths, at: wall, clock: &clock)
  }

  private mutating func data(
    _ id: EdgeNodeID, _ device: String?, _ payload: SparkplugPayload, at wall: Instant, clock: inout PlantClock
  ) -> [Effect] {
    guard let online = nodes[id]?.online else { return [] }
    let table: BirthTable?
    if let device { table = online.awaited[device] == nil ? online.devices[device] : nil } else { table = online.node }
    guard let table else {
      // Data of a device that was not born in this session.
      report.droppedMetrics += payload.metrics.count
      nodes[id]?.rebirth.want(notBefore: wall)
      return []
    }
    let now = present(payload, at: wall, clock: &clock)
    let before = report.unknownMetrics
    let effects = emit(payload, table, isBirth: false, at: now)
    if report.unknownMetrics > before { nodes[id]?.rebirth.want(notBefore: wall) }
    return effects
  }

  /// Feeds the plant clock with the instant at which the payload was sent, and reads the present from it.
  private func present(_ payload: SparkplugPayload, at wall: Instant, clock: inout PlantClock) -> Instant {
    if let sent = payload.instant { clock.observe(source: sent, wall: wall) }
    return clock.now(wall: wall) ?? payload.instant ?? wall
  }
}
