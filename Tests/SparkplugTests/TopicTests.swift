import Quantities
import Sparkplug
import Testing

@Suite struct TopicTests {
  @Test func topicsReadAndWriteTheSame() {
    let id = EdgeNodeID(group: "Plant 1", node: "Line3")
    for type in SparkplugMessageType.allCases {
      let topic = SparkplugTopic.edge(type, id, device: type.isOfDevice ? "Füller" : nil)
      #expect(SparkplugTopic(topic.text) == topic)
    }
    #expect(SparkplugTopic("spBv1.0/STATE/takt") == .state(hostID: "takt"))
    #expect(SparkplugTopic.state(hostID: "takt").text == "spBv1.0/STATE/takt")
  }

  @Test func foreignTopicsAreNil() {
    for text in [
      "", "/", "spBv1.0", "spBv1.0/G/NDATA", "spBv1.0/G/NDATA/N/D", "spBv1.0/G/DDATA/N", "spBv1.0//NDATA/N", "spAv1.0/G/NDATA/N",
      "spBv1.0/G/XDATA/N", "spBv1.0/G/NDATA/N/", "spBv1.0/+/NDATA/N", "spBv1.0/STATE", "spBv1.0/STATE/a/b", "spBv1.0/G/ndata/N",
    ] { #expect(SparkplugTopic(text) == nil, "\(text)") }
  }

  @Test func stateIsReadStrictly() throws {
    let state = SparkplugState(isOnline: true, instant: Instant(milliseconds: 1_700_000_000_001))
    #expect(try SparkplugState(decoding: state.encoded()) == state)
    #expect(String(decoding: state.encoded(), as: UTF8.self) == #"{"online":true,"timestamp":1700000000001}"#)
    for text in ["", "{}", "ONLINE", #"{"online":1,"timestamp":2}"#, #"{"online":true}"#, #"{"online":true,"timestamp":-1}"#, "[[[["] {
      #expect(throws: SparkplugError.malformedState) { try SparkplugState(decoding: [UInt8](text.utf8)) }
    }
  }

  @Test func sequenceWrapsAfter255() {
    var sequence = SparkplugSequence(next: 254)
    #expect([sequence.take(), sequence.take(), sequence.take()] == [254, 255, 0])
  }

  /// Each filter is in force by itself, one after the other: a node's birth that was heard before its devices' births could be left the host with a
  /// node without devices, and nothing to ask for until they had news.
  @Test func whoHearsANodesBirthHearsTheBirthsOfItsDevices() {
    let filters = SparkplugTopic.hostFilters(for: EdgeNodeID(group: "g", node: "n"))
    #expect(filters.last == "spBv1.0/g/NBIRTH/n" && filters.count == 6 && filters.contains("spBv1.0/g/DBIRTH/n/+"))
  }
}
