import Acquisition
import Quantities
import Sparkplug
import Telemetry
import Testing

/// The network loses, repeats and reorders; the node changes its aliases at every birth; the host must never mistake one tag for another.
@Suite struct HostPropertyTests {
  /// Every tag has its own range of values, so a value under a wrong tag shows.
  private static let bands: [String: ClosedRange<Double>] = [
    "Filler/Count": 1_000...1_999, "Capper/Count": 2_000...2_999, "Buffer/B1": 0...99,
  ]

  @Test(arguments: 0..<200) func noValueLandsUnderAWrongTag(seed: Int) {
    var random = Seeded(state: UInt64(seed) &* 77_777)
    var (host, node) = (TestHost(), TestNode())
    _ = host.feed(.connected)
    var flight: [TestNode.Message] = []
    var emitted = 0
    var wantsBirth = true
    var requestsAtBirth = 0
    /// Whether something was lost or moved since the last whole birth reached the host.
    var isDamaged = true

    func deliver(_ message: TestNode.Message) -> Bool {
      let gaps = host.host.report.sequenceGaps
      let births = host.host.report.births
      let effects = host.feed(.message(topic: message.topic, payload: message.payload), after: .seconds(3))
      for block in effects.blocks where block.qualities.contains(where: { $0 >= .uncertain }) {
        guard let band = Self.bands[block.tag], case .numbers(let values) = block.values else { continue }
        for (value, quality) in zip(values, block.qualities) where quality >= .uncertain {
          emitted += 1
          #expect(band.contains(value), "seed \(seed): \(value) under \(block.tag)")
        }
      }
      if message.type == .nodeBirth, host.host.report.births > births { requestsAtBirth = host.host.report.rebirthRequests }
      if host.host.report.sequenceGaps > gaps {
        let asked = host.host.report.rebirthRequests > requestsAtBirth
        #expect(asked, "seed \(seed): a gap and no request since the last birth")
      }
      return effects.rebirths > 0
    }

    for step in 0..<300 {
      if wantsBirth || step % 97 == 0 {
        // New aliases each time, handed out in a new order.
        var aliases = Array(1...7).shuffled(using: &random).map(UInt64.init)
        node.birthDeath &+= 1
        for i in node.node.indices { node.node[i].alias = aliases.removeLast() }
        for device in node.devices.keys.sorted() {
          for i in node.devices[device]!.indices { node.devices[device]![i].alias = aliases.removeLast() }
        }
        node.node[1].value = .signed(50)
        node.devices["FillerPLC"]![2].value = .signed(1_500)
        node.devices["Capper"]![1].value = .signed(2_500)
        flight += node.births(at: host.wall)
        wantsBirth = false
      }
      let value = Int64.random(in: 0...99, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: flight.append(node.data("FillerPLC", [(node.devices["FillerPLC"]![2].alias, .int32, .signed(1_000 + value))], at: host.wall))
      case 1: flight.append(node.data("Capper", [(node.devices["Capper"]![1].alias, .int32, .signed(2_000 + value))], at: host.wall))
      default: flight.append(node.data(nil, [(node.node[1].alias, .int32, .signed(value))], at: host.wall))
      }
      // The network.
      switch Int.random(in: 0..<40, using: &random) {
      case 0: flight.remove(at: Int.random(in: 0..<flight.count, using: &random))
      case 1: flight.append(flight.randomElement(using: &random)!)
      case 2: flight.shuffle(using: &random)
      case 3: flight[0].payload = Array(flight[0].payload.dropLast(3))
      default: break
      }
      while !flight.isEmpty, Bool.random(using: &random) || flight.count > 8 {
        if deliver(flight.removeFirst()) { wantsBirth = true }
      }
    }
    // Once the faults stop, it recovers: what is in flight arrives, time passes, births are asked for and come.
    for message in flight { _ = deliver(message) }
    isDamaged = host.feed(.tick, after: .seconds(61)).rebirths > 0 || host.host.onlineNodes.isEmpty
    if isDamaged { for message in node.births(at: host.wall) { _ = deliver(message) } }
    // A damage that only the next message shows is repaired by the birth after it.
    if deliver(node.data(nil, [(node.node[1].alias, .int32, .signed(40))], at: host.wall)) {
      for message in node.births(at: host.wall) { _ = deliver(message) }
    }
    let effects = host.feed([node.data(nil, [(node.node[1].alias, .int32, .signed(42))], at: host.wall)])
    #expect(effects.last("Buffer/B1")?.value == .number(42), "seed \(seed): not recovered")
    #expect(emitted > 10)
  }

  @Test(arguments: 0..<10) func noPayloadTrapsTheHost(seed: Int) {
    var random = Seeded(state: UInt64(seed) << 20)
    var (host, node) = (TestHost(), TestNode())
    _ = host.feed(.connected)
    let births = node.births(at: host.wall)
    var last = births
    for _ in 0..<10_000 {
      var message = last.randomElement(using: &random)!
      if Int.random(in: 0..<50, using: &random) == 0 {
        last = node.births(at: host.wall) + [node.data("Capper", [(20, .double, .double(2))], at: host.wall), node.death(at: host.wall)]
      }
      for _ in 0..<Int.random(in: 0...3, using: &random) where !message.payload.isEmpty {
        message.payload[Int.random(in: 0..<message.payload.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if Int.random(in: 0..<8, using: &random) == 0 { message.payload.removeLast(min(message.payload.count, 5)) }
      for block in host.feed([message]).blocks {
        if case .numbers(let values) = block.values {
          #expect(zip(values, block.qualities).allSatisfy { $0.isFinite || $1 == .bad }, "seed \(seed)")
        }
      }
    }
    #expect(host.host.report.malformedPayloads > 100)
  }
}
