import Acquisition
import MQTT
import PlantModel
import Quantities
import Sparkplug
import Telemetry
import Testing

@Suite struct HostTests {
  private func born() -> (TestHost, TestNode) {
    var (host, node) = (TestHost(), TestNode())
    _ = host.host.will(at: host.wall)
    _ = host.feed(.connected)
    _ = host.feed(node.births(at: host.wall))
    return (host, node)
  }

  @Test func connectingAnnouncesTheHostAndAsksForBirthsOnlyIfNoneCome() throws {
    var host = TestHost()
    let will = host.host.will(at: host.wall)
    let effects = host.feed(.connected)
    guard case .subscribe(let filters)? = effects.first else { return #expect(Bool(false), "first of all it must subscribe") }
    #expect(filters.contains("spBv1.0/G/DDATA/N/+") && filters.contains("spBv1.0/STATE/takt"))
    let birth = try #require(effects.published.first)
    #expect(birth.retain && birth.qos == .atLeastOnce && birth.topic == "spBv1.0/STATE/takt" && will.retain && will.topic == birth.topic)
    let (online, offline) = (try SparkplugState(decoding: birth.payload), try SparkplugState(decoding: will.payload))
    #expect(online.isOnline && !offline.isOnline && online.instant == offline.instant)

    #expect(host.feed(.tick).rebirths == 0)
    #expect(host.feed(.tick, after: .seconds(1)).rebirths == 1)
    // Unanswered, it asks again after 2, 4, 8 … seconds.
    var asked: [Int] = []
    for second in 1...40 where host.feed(.tick, after: .seconds(1)).rebirths > 0 { asked.append(second) }
    #expect(asked == [2, 6, 14, 30])

    var (other, node) = (TestHost(), TestNode())
    _ = other.feed(.connected)
    _ = other.feed(node.births(at: other.wall))
    #expect(other.feed(.tick, after: .seconds(5)).rebirths == 0)
    // A foreign offline on our own topic is answered; stop says offline itself.
    let said = other.feed(.message(topic: birth.topic, payload: offline.encoded()), after: .seconds(2)).published
    #expect(try said.first.map { try SparkplugState(decoding: $0.payload).isOnline } == true)
    #expect(try other.feed(.stop).published.first.map { try SparkplugState(decoding: $0.payload).isOnline } == false)
  }

  @Test func birthsGiveValuesUnderThePlantsNames() {
    var (host, node) = (TestHost(), TestNode())
    _ = host.feed(.connected)
    let effects = host.feed(node.births(at: host.wall))
    #expect(Set(effects.blocks.map(\.tag)) == Set(testPlant().tags.map(\.path)))
    #expect(effects.last("Line/ProductId")?.value == .text("A"))
    #expect(
      effects.last("Filler/StateCurrent")
        == Sample(
          instant: wallStart + .milliseconds(10), arrival: effects.last("Filler/StateCurrent")!.arrival, value: .number(6), quality: .good))
    #expect(effects.blocks.allSatisfy { $0.qualities == [.good] })
    #expect(host.host.report.issues.isEmpty)
    #expect(host.host.address(of: "Filler/Pressure")?.device == "FillerPLC")
    #expect(host.host.address(of: "Filler/Pressure")?.alias == 10)
    #expect(host.host.address(of: "Buffer/B1")?.commandTopic.text == "spBv1.0/G/NCMD/N")
    #expect(host.host.address(of: "Nothing/Here") == nil)
    // The same births again bring nothing new.
    #expect(host.feed(node.births(at: wallStart + .milliseconds(10))).blocks.isEmpty)
    #expect(host.host.report.duplicates == 7)
  }

  @Test func dataByAliasFollowTheSequenceRoundItsWrap() {
    var (host, node) = born()
    for i in 0..<600 {
      let effects = host.feed([node.data("FillerPLC", [(12, .int32, .signed(Int64(i)))], at: host.wall)])
      #expect(effects.last("Filler/Count")?.value == .number(Double(i)))
      #expect(effects.rebirths == 0)
    }
    #expect(host.host.report.sequenceGaps == 0)
  }

  @Test func aGapDropsDataAndAsksForARebirthUntilItComes() {
    var (host, node) = born()
    _ = node.data("Capper", [(21, .int32, .signed(8))], at: host.wall)  // lost on the way
    let after = host.feed([node.data("FillerPLC", [(10, .double, .double(3))], at: host.wall)])
    #expect(after.blocks.isEmpty && after.rebirths == 1)
    #expect(host.host.address(of: "Filler/Pressure") == nil)
    #expect(host.feed([node.data("FillerPLC", [(10, .double, .double(3))], at: host.wall)]).blocks.isEmpty)
    #expect(host.host.report.sequenceGaps == 1)
    _ = host.feed(node.births(at: host.wall))
    #expect(host.feed([node.data("FillerPLC", [(10, .double, .double(3.5))], at: host.wall)]).last("Filler/Pressure")?.value == .number(3.5))
    // A second gap at once: no second request within two seconds, but one then.
    _ = node.sequence.take()
    #expect(host.feed([node.data("FillerPLC", [(10, .double, .double(1))], at: host.wall)]).rebirths == 0)
    #expect(host.feed(.tick, after: .seconds(2)).rebirths == 1)
  }

  @Test func unknownAliasForeignDeviceAndDataBeforeBirthAskForARebirth() {
    var (host, node) = born()
    let wrong = host.feed([node.data("FillerPLC", [(20, .double, .double(3))], at: host.wall)])
    #expect(wrong.blocks.isEmpty && wrong.rebirths == 1)
    var (second, other) = born()
    let foreign = second.feed([other.data("Labeller", [(10, .double, .double(3))], at: second.wall)])
    #expect(foreign.blocks.isEmpty && foreign.rebirths == 1)
    var (third, late) = (TestHost(), TestNode())
    _ = third.feed(.connected)
    #expect(third.feed([late.data("FillerPLC", [(10, .double, .double(3))], at: third.wall)]).blocks.isEmpty)
    #expect(third.feed(.tick, after: .seconds(1)).rebirths == 1)
  }

  @Test func deathsOfTheRunningSessionMakeItsTagsStale() {
    var (host, node) = born()
    var earlier = node
    earlier.birthDeath = 77
    #expect(host.feed([earlier.death(at: host.wall)]).isEmpty)
    #expect(host.host.report.staleDeaths == 1)
    let death = host.feed([node.death(at: host.wall)])
    #expect(Set(death.blocks.map(\.tag)) == Set(testPlant().tags.map(\.path)))
    #expect(death.blocks.allSatisfy { $0.qualities == [.stale] })
    #expect(death.last("Filler/Pressure")?.value == .number(2.5))
    #expect(host.host.onlineNodes.isEmpty)
    #expect(host.feed([node.death(at: host.wall)]).isEmpty, "once is enough")
    #expect(host.feed(.tick, after: .seconds(100)).rebirths == 0, "it will give birth by itself")
    // Born again with values as old as before, they are good again, and newer than the stale ones.
    node.birthDeath = 1
    let again = host.feed(node.births(at: wallStart))
    #expect(again.blocks.allSatisfy { $0.qualities == [.good] })
    #expect(again.last("Filler/Pressure")!.instant > death.last("Filler/Pressure")!.instant)
  }

  @Test func deviceDeathDisconnectionAndAMissingBirthMakeTagsStale() {
    var (host, node) = born()
    let payload = SparkplugPayload(instant: host.wall, sequence: node.sequence.take(), metrics: [])
    let death = host.feed(.message(topic: "spBv1.0/G/DDEATH/N/Capper", payload: payload.encoded()))
    #expect(death.blocks.map(\.tag).sorted() == ["Capper/Count", "Capper/Torque"])
    #expect(host.feed([node.deviceBirth("Capper", at: host.wall)]).last("Capper/Torque")?.quality == .good)

    // A new node birth without the Capper's: after a while its tags are stale.
    node.devices["Capper"] = nil
    _ = host.feed(node.births(at: host.wall))
    #expect(host.feed(.tick, after: .seconds(9)).blocks.isEmpty)
    #expect(host.feed(.tick, after: .seconds(2)).blocks.map(\.tag).sorted() == ["Capper/Count", "Capper/Torque"])

    let cut = host.feed(.disconnected)
    #expect(cut.blocks.map(\.tag).sorted() == ["Buffer/B1", "Filler/Count", "Filler/Pressure", "Filler/StateCurrent", "Line/ProductId"])
    #expect(host.feed(.disconnected).isEmpty)
  }

  @Test func repeatedDeliveryIsCountedNotEmitted() {
    var (host, node) = born()
    let message = node.data("FillerPLC", [(10, .double, .double(3))], at: host.wall)
    #expect(host.feed([message]).blocks.count == 1)
    let again = host.feed([message])
    #expect(again.isEmpty && host.host.report.duplicates == 1 && host.host.report.sequenceGaps == 0)
  }

  @Test func historicalSamplesComeApart() {
    var (host, node) = born()
    let old = host.wall - .hours(2)
    let effects = host.feed([node.data("FillerPLC", [(10, .double, .double(1.5))], at: old, historical: true)])
    #expect(effects.blocks.isEmpty)
    #expect(effects.past.map(\.tag) == ["Filler/Pressure"])
    #expect(effects.past[0][0].quality == .good && effects.past[0][0].instant == old)
    #expect(host.feed([node.death(at: host.wall)]).last("Filler/Pressure")?.value == .number(2.5), "the present was not touched")
  }

  @Test func malformedPayloadsAreCountedAndABrokenBirthIsAskedForAgain() {
    var (host, node) = born()
    #expect(host.feed(.message(topic: "spBv1.0/G/DDATA/N/Capper", payload: [0xFF, 0xFF])).isEmpty)
    #expect(host.host.report.malformedPayloads == 1)
    #expect(host.feed(.message(topic: "spBv1.0/G/DBIRTH/N/Capper", payload: [0x12, 0x05])).rebirths == 1)
    #expect(host.feed([node.data("Capper", [(21, .int32, .signed(9))], at: host.wall)]).blocks.isEmpty)
    #expect(host.feed(.message(topic: "x/y", payload: [])).isEmpty)
    #expect(host.feed(.message(topic: "spBv1.0/Other/DDATA/N/Capper", payload: [])).isEmpty)
    #expect(host.host.report.foreignTopics == 2)
  }
}
