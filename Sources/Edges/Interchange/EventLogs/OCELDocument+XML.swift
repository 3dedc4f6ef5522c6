import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

extension OCELDocument {
  /// From OCEL 2.0 in XML: `objects/object` and `events/event` with their `id`, `type` and `time`, an event's `attributes/attribute` and its
  /// `objects/relationship`. Declarations of types, and attributes and relationships of objects, are passed over. External entities are never resolved.
  ///
  /// - Throws: `EventLogError.malformed` where the XML breaks, is no OCEL, or an event or object lacks what the format asks for.
  init(xml bytes: [UInt8]) throws(EventLogError) {
    let parser = XMLParser(stream: InputStream(data: Data(bytes)))
    parser.shouldResolveExternalEntities = false
    let reader = OCELReader()
    parser.delegate = reader
    let isParsed = parser.parse() && parser.parserError == nil && reader.isClosed
    if let problem = reader.problem { throw .malformed(problem) }
    guard isParsed else {
      let what = parser.parserError.map { "\($0.localizedDescription)" } ?? "the XML ends too early"
      throw .malformed(
        EventLogProblem(
          line: max(parser.lineNumber, 1), found: "the XML is broken here (\(what))", remedy: "export the log again, or check that the file is whole")
      )
    }
    self = reader.document
  }

  /// Whether XML is an object-centric log rather than XES, whose root has the same name: it declares object types before anything else.
  static func isObjectCentric(_ bytes: [UInt8]) -> Bool {
    let head = String(decoding: bytes.prefix(4096), as: UTF8.self)
    return head.contains("<object-types") || head.contains("<objects")
  }
}

/// The state of one parse.
private final class OCELReader: NSObject, XMLParserDelegate {
  private(set) var document = OCELDocument()
  private(set) var isClosed = false
  private(set) var problem: EventLogProblem?
  private var path: [String] = []
  private var event: OCELDocument.Event?
  private var attribute: (name: String, text: String)?

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]
  ) {
    let line = parser.lineNumber
    func required(_ key: String) -> String {
      if let value = attributes[key] { return value }
      if problem == nil {
        problem = EventLogProblem(line: line, column: name, found: "\(key) is missing", remedy: "add it, as OCEL 2.0 in XML asks")
      }
      return ""
    }
    if path.isEmpty && name != "log" && problem == nil {
      problem = EventLogProblem(line: line, found: "the root is <\(name)>", remedy: "give OCEL 2.0 in XML, whose root is <log>")
    }
    switch (path, name) {
    case (["log", "objects"], "object"): document.objects.append(.init(id: required("id"), type: required("type")))
    case (["log", "events"], "event"):
      event = .init(id: required("id"), type: required("type"), time: required("time"), attributes: [], relationships: [], line: line)
    case (["log", "events", "event", "attributes"], "attribute"): attribute = (required("name"), "")
    // Some exporters write `object` where the specification has `relationship`.
    case (["log", "events", "event", "objects"], "relationship"), (["log", "events", "event", "objects"], "object"):
      event?.relationships?.append(.init(objectId: required("object-id")))
    default: break
    }
    path.append(name)
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) { attribute?.text += text }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    path.removeLast()
    switch (path, name) {
    case ([], "log"): isClosed = true
    case (["log", "events"], "event"):
      if let event { document.events.append(event) }
      event = nil
    case (["log", "events", "event", "attributes"], "attribute"):
      if let attribute {
        let text = attribute.text.trimmingCharacters(in: .whitespacesAndNewlines)
        event?.attributes?.append(.init(name: attribute.name, value: .init(text)))
      }
      attribute = nil
    default: break
    }
  }
}
