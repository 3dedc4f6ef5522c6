import Foundation
import ProcessMining
import Quantities
import Testing

@testable import Interchange

@Suite struct EventLogReaderTests {
  private func csv(_ text: String, _ given: EventLogColumns.Given = .init(), portion: Int = 7) throws(EventLogError) -> EventLogReading {
    var reader = EventLogCSV(columns: given)
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: portion) { reader.read(Array(bytes[start..<min(start + portion, bytes.count)])) }
    return try reader.finish()
  }

  @Test func columnsAreGuessedFromTheHeader() throws {
    let reading = try csv(
      """
      Case ID,Activity,Resource,Start Timestamp,Complete Timestamp,Qty
      A,mill,M1,2012/01/30 06:24:00.000,2012/01/30 07:00,3
      A,"pack, seal",,2012-01-30T08:00:00+01:00,2012-01-30T07:30:00Z,
      """)
    #expect(reading.refused == 0 && reading.read == 2)
    let events = reading.log.events
    #expect(
      events[0]
        == LogEvent(
          caseID: "A", activity: "mill", resource: "M1", start: Instant(iso8601: "2012-01-30T06:24:00Z"),
          complete: Instant(iso8601: "2012-01-30T07:00:00Z"),
          attributes: ["Qty": "3"]))
    #expect(events[1].activity == "pack, seal" && events[1].resource == nil && events[1].start == Instant(iso8601: "2012-01-30T07:00:00Z"))
  }

  @Test func badRowsAreCountedAndNamed() throws {
    let reading = try csv(
      """
      case,activity,timestamp
      A,mill,2012-01-30T06:24:00Z
      A,,2012-01-30T06:25:00Z
      ,mill,2012-01-30T06:25:00Z
      A,mill,30/01/2012
      A,mill
      A,pack,2012-01-30T06:26:00Z
      """)
    #expect(reading.log.events.count == 2 && reading.refused == 4 && reading.read == 6)
    #expect(reading.problems.map(\.line) == [3, 4, 5, 6])
    #expect(reading.problems.map(\.column) == ["activity", "case", "timestamp", nil])
    #expect(reading.problems[2].description.contains("30/01/2012 is no instant; write year first"))
  }

  @Test func aHeaderThatDoesNotSayIsRefusedWithARemedy() throws {
    #expect(throws: EventLogError.unmapped(part: "activity", header: ["case", "what", "time"])) { try csv("case,what,time\n") }
    let given = EventLogColumns.Given(activity: "wht")
    #expect(throws: EventLogError.noSuchColumn("wht", meant: "what", header: ["case", "what", "time"])) { try csv("case,what,time\n", given) }
    #expect(try csv("case,what,time\nA,mill,5\n", .init(activity: "what")).log.events[0].complete == Instant(seconds: 5))
    #expect(throws: EventLogError.self) { try csv("case;activity;time\n") }
    #expect(throws: EventLogError.self) { try csv("") }
  }

  @Test func millisecondsAndSensorsAreUnderstood() throws {
    let log = try csv("time_ms,sensor,value\n1500,S1,P_1\n2000,lock,1\n").log
    #expect(log.events[0].complete == Instant(seconds: 1.5) && log.events[0].caseID == "P_1" && log.signals == ["lock"])
  }

  private let xes = """
    <?xml version="1.0" encoding="UTF-8"?>
    <log xes.version="1849.2016" xmlns="http://www.xes-standard.org/">
      <global scope="event"><string key="org:resource" value="nobody"/></global>
      <trace><string key="concept:name" value="order 1"/>
        <event><string key="concept:name" value="mill"><string key="concept:name" value="nested"/></string>
          <date key="time:timestamp" value="2026-01-01T08:00:00.000+00:00"/><string key="lifecycle:transition" value="start"/></event>
        <event><string key="concept:name" value="mill"/><string key="org:resource" value="M1"/><int key="qty" value="4"/>
          <date key="time:timestamp" value="2026-01-01T08:10:00Z"/><string key="lifecycle:transition" value="complete"/></event>
        <event><string key="concept:name" value="pack"/></event>
      </trace>
    </log>
    """

  @Test func xesEventsArePairedByTheirLifecycle() throws {
    let reading = try EventLogXES.read(Array(xes.utf8))
    #expect(reading.read == 3 && reading.refused == 1 && reading.log.events.count == 1)
    let event = reading.log.events[0]
    #expect(event.caseID == "order 1" && event.activity == "mill" && event.resource == "nobody" && event.attributes == ["qty": "4"])
    #expect(event.start == Instant(iso8601: "2026-01-01T08:00:00Z") && event.complete == Instant(iso8601: "2026-01-01T08:10:00Z"))
    #expect(reading.problems[0].line == 9 && reading.problems[0].column == "time:timestamp")
  }

  @Test func xmlThatBreaksOffIsRefusedWithItsLine() throws {
    let cut = String(xes.prefix(700))
    do {
      _ = try EventLogXES.read(Array(cut.utf8))
      Issue.record("half a log was taken")
    } catch {
      guard case .malformed(let problem) = error else { throw error }
      #expect(problem.line > 4 && problem.remedy.contains("whole"))
    }
    #expect(throws: EventLogError.self) { try EventLogXES.read(Array("<a/>".utf8)) }
  }

  private let ocel = """
    {"objectTypes": [], "eventTypes": [],
     "objects": [{"id": "o1", "type": "order"}, {"id": "i1", "type": "item"}, {"id": "i2", "type": "item"}],
     "events": [
       {"id": "e1", "type": "pick", "time": "2026-01-01T08:00:00Z", "attributes": [{"name": "resource", "value": "R"}, {"name": "n", "value": 2}],
        "relationships": [{"objectId": "o1", "qualifier": "of"}, {"objectId": "i1", "qualifier": ""}, {"objectId": "i2", "qualifier": ""}]},
       {"id": "e2", "type": "ship", "time": "2026-01-01T09:00:00Z", "relationships": [{"objectId": "o1", "qualifier": "of"}]},
       {"id": "e3", "type": "ship", "time": "soon", "relationships": [{"objectId": "o1", "qualifier": "of"}]}
     ]}
    """

  @Test func objectsOfOneTypeAreTheCases() throws {
    let orders = try EventLogOCEL.read(Array(ocel.utf8))
    #expect(orders.log.events.map(\.activity) == ["pick", "ship"] && orders.log.cases == ["o1"] && orders.refused == 1)
    #expect(orders.problems[0].column == "events[2] (e3).time")
    let items = try EventLogOCEL.read(Array(ocel.utf8), caseType: "item")
    #expect(items.log.cases == ["i1", "i2"] && items.log.events[0].resource == "R")
    #expect(throws: EventLogError.noSuchObjectType("box", known: ["item", "order"])) { try EventLogOCEL.read(Array(ocel.utf8), caseType: "box") }
    #expect(throws: EventLogError.self) { try EventLogOCEL.read(Array("{\"objects\": []}".utf8)) }
  }

  /// The same log in the other notation, objects with attributes and relationships of their own.
  private let ocelXML = """
    <?xml version="1.0" encoding="UTF-8"?>
    <log>
      <object-types><object-type name="order"><attributes><attribute name="price" type="float"/></attributes></object-type></object-types>
      <event-types><event-type name="pick"><attributes><attribute name="resource" type="string"/></attributes></event-type></event-types>
      <objects>
        <object id="o1" type="order">
          <attributes><attribute name="price" time="1970-01-01T00:00:00Z">12.5</attribute></attributes>
          <objects><relationship object-id="i1" qualifier="has"/></objects>
        </object>
        <object id="i1" type="item"/><object id="i2" type="item"/>
      </objects>
      <events>
        <event id="e1" type="pick" time="2026-01-01T08:00:00Z">
          <attributes><attribute name="resource">R &amp; S</attribute><attribute name="n">2</attribute></attributes>
          <objects><relationship object-id="o1" qualifier="of"/><relationship object-id="i1" qualifier=""/><relationship object-id="i2"/></objects>
        </event>
        <event id="e2" type="ship" time="2026-01-01T09:00:00Z"><objects><relationship object-id="o1" qualifier="of"/></objects></event>
        <event id="e3" type="ship" time="soon"><objects><relationship object-id="o1" qualifier="of"/></objects></event>
      </events>
    </log>
    """

  @Test func objectCentricLogsAreReadFromXMLToo() throws {
    // By its first bytes, as a file comes: the root's name is that of XES.
    let orders = try EventLogFile.read(Array(ocelXML.utf8))
    #expect(orders.log.events.map(\.activity) == ["pick", "ship"] && orders.log.cases == ["o1"] && orders.refused == 1 && orders.read == 3)
    #expect(orders.problems[0].column == "events[2] (e3).time" && orders.problems[0].line == 18)
    let items = try EventLogFile.read(Array(ocelXML.utf8), caseType: "item")
    #expect(items.log.cases == ["i1", "i2"] && items.log.events[0].resource == "R & S" && items.log.events[0].attributes["n"] == "2")
    let cut = Array(ocelXML.utf8.prefix(ocelXML.utf8.count - 20))
    #expect(throws: EventLogError.self) { try EventLogFile.read(cut) }
    let nameless = ocelXML.replacingOccurrences(of: " type=\"ship\"", with: "")
    #expect(throws: EventLogError.self) { try EventLogFile.read(Array(nameless.utf8)) }
  }

  @Test func theProductionLogIsReadWhole() throws {
    guard let reading = try RealLogs.production() else { return }
    #expect(reading.refused == 0 && reading.log.events.count == 3511 && reading.log.cases.count == 150)
  }
}
