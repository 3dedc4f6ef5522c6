public import Foundation
import ProcessMining
import Quantities

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Reads an event log in XES, the XML format of IEEE 1849-2016.
///
/// The case is the trace's `concept:name`, the activity the event's; `time:timestamp`, `lifecycle:transition`, `lifecycle:instance` and
/// `org:resource` as the standard extensions define them. Start and complete events are joined (`LifecyclePairing`). Global defaults of the
/// header apply to events that lack the key. Nested attributes, lists and containers are passed over.
///
/// The parser is Foundation's event parser over a stream: memory is the events, not the document. External entities are never resolved.
public enum EventLogXES {
  /// - Throws: `EventLogError.malformed` where the XML breaks; what was read before it is not given, for half a log is no log.
  public static func read(_ bytes: [UInt8]) throws(EventLogError) -> EventLogReading { try read(InputStream(data: Data(bytes))) }

  /// Reads from a stream that is not yet open.
  public static func read(_ stream: InputStream) throws(EventLogError) -> EventLogReading {
    let parser = XMLParser(stream: stream)
    parser.shouldResolveExternalEntities = false
    let reader = XESReader()
    parser.delegate = reader
    // A stream that merely ends is no error to the parser: the log must have been closed too.
    let whole = parser.parse() && parser.parserError == nil && (reader.closedLog || !reader.sawLog)
    if !whole {
      let what = parser.parserError.map { "\($0.localizedDescription)" } ?? "the XML ends too early"
      throw .malformed(
        EventLogProblem(
          line: max(parser.lineNumber, reader.lastLine, 1), column: parser.parserError == nil ? nil : "\(parser.columnNumber)",
          found: "the XML is broken here (\(what))",
          remedy: "export the log again, or check that the file is whole"))
    }
    guard reader.sawLog else {
      throw .malformed(EventLogProblem(line: 1, found: "there is no <log> element", remedy: "give a file in XES, whose root is <log>"))
    }
    return reader.reading()
  }
}

/// The state of one parse.
private final class XESReader: NSObject, XMLParserDelegate {
  private enum Scope { case log, trace, event, globalTrace, globalEvent }
  private(set) var sawLog = false
  private(set) var closedLog = false
  /// The line of the last element that was begun.
  private(set) var lastLine = 0
  private var scopes: [Scope] = []
  /// How deep within an attribute the parser is: nested attributes belong to their parent, not to the event.
  private var depth = 0
  private var traceAttributes: [String: String] = [:]
  private var eventAttributes: [String: String] = [:]
  private var globals: [String: String] = [:]
  private var traces = 0
  private var eventLine = 0
  private var pairing = LifecyclePairing()
  private var problems = ProblemList()
  private var count = 0

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]
  ) {
    lastLine = parser.lineNumber
    switch name {
    case "log":
      sawLog = true
      scopes.append(.log)
    case "trace":
      traces += 1
      traceAttributes = [:]
      scopes.append(.trace)
    case "event":
      eventAttributes = [:]
      eventLine = parser.lineNumber
      scopes.append(.event)
    case "global": scopes.append(attributes["scope"] == "event" ? .globalEvent : .globalTrace)
    case "string", "date", "int", "float", "boolean", "id", "list", "container":
      depth += 1
      guard depth == 1, let key = attributes["key"], let value = attributes["value"] else { return }
      switch scopes.last {
      case .trace: traceAttributes[key] = value
      case .event: eventAttributes[key] = value
      case .globalEvent: globals[key] = value
      default: break
      }
    default: break
    }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    switch name {
    case "event":
      takeEvent()
      scopes.removeLast()
    case "log", "trace", "global":
      scopes.removeLast()
      closedLog = closedLog || name == "log"
    case "string", "date", "int", "float", "boolean", "id", "list", "container": depth -= 1
    default: break
    }
  }

  private func takeEvent() {
    count += 1
    func refuse(_ column: String, _ found: String, _ remedy: String) {
      problems.add(EventLogProblem(line: eventLine, column: column, found: found, remedy: remedy))
    }
    let own = eventAttributes
    let attributes = globals.merging(own) { _, new in new }
    guard let activity = attributes["concept:name"], !activity.isEmpty else {
      return refuse("concept:name", "the event has no name", "give each event a string of key concept:name")
    }
    guard let time = own["time:timestamp"] else {
      return refuse("time:timestamp", "the event has no instant", "give each event a date of key time:timestamp")
    }
    guard let instant = LogTimestamp.instant(time, unit: .seconds) else {
      return refuse("time:timestamp", "\(time) is no instant", LogTimestamp.remedy)
    }
    let mapped: Set<String> = ["concept:name", "time:timestamp", "lifecycle:transition", "lifecycle:instance", "org:resource"]
    let event = LogEvent(
      caseID: traceAttributes["concept:name"] ?? "trace \(traces)", activity: activity, resource: attributes["org:resource"], complete: instant,
      attributes: own.filter { !mapped.contains($0.key) })
    pairing.add(
      event, at: instant, transition: attributes["lifecycle:transition"],
      instance: own["concept:instance"] ?? own["lifecycle:instance"] ?? "")
  }

  func reading() -> EventLogReading {
    var notes = ["\(traces) traces"]
    for (name, number) in pairing.passedOver.sorted(by: { $0.key < $1.key }) { notes.append("\(number) transitions \(name) passed over") }
    return EventLogReading(
      log: EventLog(pairing.finished()), problems: problems.kept, refused: problems.count, read: count, notes: notes)
  }
}
