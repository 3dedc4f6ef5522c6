import Foundation
import ProcessMining
import Quantities

/// Reads an object-centric event log, OCEL 2.0 in JSON or in XML.
///
/// A model of cases needs one notion of a case: an object type. Each event counts once for each object of that type that it touches; an
/// event that touches none is passed over and counted. Without a type given, it is the one that most events touch.
///
/// - Source: A. Berti et al., OCEL (Object-Centric Event Log) 2.0 Specification, 2024, arXiv:2403.01975.
public enum EventLogOCEL {
  /// - Parameter caseType: the object type that is the case.
  /// - Throws: `.malformed` where the JSON is broken or a part is missing; `.noSuchObjectType`.
  public static func read(_ bytes: [UInt8], caseType: String? = nil) throws(EventLogError) -> EventLogReading {
    let document: OCELDocument
    do {
      document = try JSONDecoder().decode(OCELDocument.self, from: Data(bytes))
    } catch let error as DecodingError { throw .malformed(problem(error)) } catch {
      throw .malformed(EventLogProblem(line: 1, found: "the JSON is broken", remedy: "check that the file is whole"))
    }
    return try reading(document, caseType: caseType)
  }

  /// - Parameter caseType: the object type that is the case.
  /// - Throws: `.malformed` where the XML breaks; `.noSuchObjectType`.
  public static func readXML(_ bytes: [UInt8], caseType: String? = nil) throws(EventLogError) -> EventLogReading {
    try reading(OCELDocument(xml: bytes), caseType: caseType)
  }

  private static func reading(_ document: OCELDocument, caseType: String?) throws(EventLogError) -> EventLogReading {
    var typeOf: [String: String] = [:]
    for object in document.objects { typeOf[object.id] = object.type }
    let types = Set(document.objects.map(\.type)).sorted()
    if let caseType, !types.contains(caseType) { throw .noSuchObjectType(caseType, known: types) }
    guard let chosen = caseType ?? commonest(document.events, typeOf) else { throw .noSuchObjectType("any", known: types) }

    var pairing = LifecyclePairing()
    var problems = ProblemList()
    var untouched = 0
    for (number, event) in document.events.enumerated() {
      // JSON says no line, so the place is the event's number and id.
      func refuse(_ column: String, _ found: String, _ remedy: String) {
        problems.add(EventLogProblem(line: event.line ?? 1, column: "events[\(number)] (\(event.id)).\(column)", found: found, remedy: remedy))
      }
      guard let instant = LogTimestamp.instant(event.time, unit: .seconds) else {
        refuse("time", "\(event.time) is no instant", LogTimestamp.remedy)
        continue
      }
      var attributes: [String: String] = [:]
      for attribute in event.attributes ?? [] { attributes[attribute.name] = attribute.value.text }
      var cases: [String] = []
      for relation in event.relationships ?? [] {
        guard let type = typeOf[relation.objectId] else {
          refuse("relationships", "object \(relation.objectId) is not among the objects", "list it under objects")
          continue
        }
        if type == chosen, !cases.contains(relation.objectId) { cases.append(relation.objectId) }
      }
      if cases.isEmpty { untouched += 1 }
      for caseID in cases {
        let resource = attributes["resource"] ?? attributes["org:resource"]
        pairing.add(
          LogEvent(caseID: caseID, activity: event.type, resource: resource, complete: instant, attributes: attributes), at: instant,
          transition: attributes["lifecycle"] ?? attributes["lifecycle:transition"])
      }
    }
    return EventLogReading(
      log: EventLog(pairing.finished()), problems: problems.kept, refused: problems.count, read: document.events.count,
      notes: ["case: object type \(chosen) of \(types.joined(separator: ", "))", "\(untouched) events touch no \(chosen)"])
  }

  /// The type that most events touch; the first by name among equals.
  private static func commonest(_ events: [OCELDocument.Event], _ typeOf: [String: String]) -> String? {
    var touched: [String: Int] = [:]
    for event in events {
      for type in Set((event.relationships ?? []).compactMap { typeOf[$0.objectId] }) { touched[type, default: 0] += 1 }
    }
    return touched.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
  }

  private static func problem(_ error: DecodingError) -> EventLogProblem {
    func place(_ path: [any CodingKey]) -> String { path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".") }
    switch error {
    case .keyNotFound(let key, let context):
      return EventLogProblem(
        line: 1, column: place(context.codingPath), found: "\(key.stringValue) is missing", remedy: "add it, as OCEL 2.0 in JSON asks")
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return EventLogProblem(line: 1, column: place(context.codingPath), found: context.debugDescription, remedy: "give the type that OCEL 2.0 asks")
    case .dataCorrupted(let context):
      return EventLogProblem(line: 1, column: place(context.codingPath), found: "the JSON is broken", remedy: "check that the file is whole")
    @unknown default: return EventLogProblem(line: 1, found: "the JSON cannot be read", remedy: "check that it is OCEL 2.0")
    }
  }
}
