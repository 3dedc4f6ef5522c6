import Foundation
import PlantModel
import Testing
import Yams

/// As much of JSON Schema 2020-12 as our schemas use.
private struct Validator {
  let root: [String: Any]

  /// Where and why `value` does not fit; empty where it does.
  func faults(_ value: Any, _ schema: [String: Any], at path: String = "$") -> [String] {
    var faults: [String] = []
    if let reference = schema["$ref"] as? String {
      let name = String(reference.dropFirst("#/$defs/".count))
      guard let target = (root["$defs"] as? [String: Any])?[name] as? [String: Any] else { return ["\(path): dangling \(reference)"] }
      faults += self.faults(value, target, at: path)
    }
    if let types = (schema["type"] as? String).map({ [$0] }) ?? schema["type"] as? [String], !types.contains(where: { isOf($0, value) }) {
      faults.append("\(path): \(value) is none of \(types)")
    }
    if let allowed = schema["enum"] as? [String], !allowed.contains(value as? String ?? "") { faults.append("\(path): \(value) not in \(allowed)") }
    if let constant = schema["const"] as? String, constant != value as? String { faults.append("\(path): not \(constant)") }
    if let text = value as? String, let pattern = schema["pattern"] as? String, text.range(of: pattern, options: .regularExpression) == nil {
      faults.append("\(path): `\(text)` does not match \(pattern)")
    }
    if let x = number(value) {
      if let low = number(schema["minimum"]), x < low { faults.append("\(path): \(x) < \(low)") }
      if let high = number(schema["maximum"]), x > high { faults.append("\(path): \(x) > \(high)") }
      if let low = number(schema["exclusiveMinimum"]), x <= low { faults.append("\(path): \(x) <= \(low)") }
      if let high = number(schema["exclusiveMaximum"]), x >= high { faults.append("\(path): \(x) >= \(high)") }
    }
    for (key, isEnough) in [("anyOf", { $0 >= 1 }), ("oneOf", { $0 == 1 })] as [(String, (Int) -> Bool)] {
      if let options = schema[key] as? [[String: Any]], !isEnough(options.count(where: { self.faults(value, $0, at: path).isEmpty })) {
        faults.append("\(path): \(key) fails")
      }
    }
    if let list = value as? [Any], let items = schema["items"] as? [String: Any] {
      for (i, element) in list.enumerated() { faults += self.faults(element, items, at: "\(path)[\(i)]") }
    }
    guard let object = value as? [String: Any] else { return faults }
    let properties = schema["properties"] as? [String: Any] ?? [:]
    for key in schema["required"] as? [String] ?? [] where object[key] == nil { faults.append("\(path): \(key) is missing") }
    for (key, inner) in object {
      if let property = properties[key] as? [String: Any] {
        faults += self.faults(inner, property, at: "\(path).\(key)")
      } else if let more = schema["additionalProperties"] as? [String: Any] {
        faults += self.faults(inner, more, at: "\(path).\(key)")
      } else if schema["additionalProperties"] as? Bool == false {
        faults.append("\(path): unknown \(key)")
      }
    }
    return faults
  }

  private func isOf(_ type: String, _ value: Any) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "boolean": value is Bool
    case "integer": value is Int
    case "number": number(value) != nil
    default: false
    }
  }

  private func number(_ value: Any?) -> Double? { (value as? Double) ?? (value as? Int).map(Double.init) ?? (value as? NSNumber)?.doubleValue }
}

@Suite struct SchemaTests {
  private func schema(_ kind: PlantFileKind) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(PlantFolder.schema(of: kind).utf8)) as? [String: Any])
  }

  private func kind(of path: String) -> PlantFileKind { PlantFileKind.allCases.first { $0.path == path } ?? .loop }

  @Test(arguments: PlantFileKind.allCases) func everySchemaIsWhole(_ kind: PlantFileKind) throws {
    let text = PlantFolder.schema(of: kind)
    #expect(text == PlantFolder.schema(of: kind))
    let schema = try schema(kind)
    #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    let definitions = schema["$defs"] as? [String: Any] ?? [:]
    for reference in text.matches(of: /"#\/\$defs\/([^"]+)"/) { #expect(definitions[String(reference.1)] != nil, "\(reference.1) is not defined") }
    for (name, definition) in definitions { #expect(text.contains("\"#/$defs/\(name)\""), "\(name) is not used: \(definition)") }
  }

  @Test func goodFilesFitTheirSchemas() throws {
    for files in try [GoodFolder.files, WideFolder.files] + Examples.names.map(Examples.files) {
      for (path, text) in files {
        let schema = try schema(kind(of: path)), value = try #require(try load(yaml: text))
        #expect(Validator(root: schema).faults(value, schema) == [], "\(path)")
      }
    }
  }

  /// What the reader refuses by itself the schema refuses too, so that an editor underlines it while it is written.
  @Test(arguments: [
    "unknown key", "missing key", "wrong type", "no unit", "a half part", "two laws", "no space before the unit", "unknown authority",
    "a secret inline", "a port that is none", "a misspelt clock",
  ])
  func editorsSeeWhatTheReaderRefuses(_ name: String) throws {
    let folder = try #require(MalformedFolder.all.first { $0.name == name })
    let path = folder.expected[0].file, text = try #require(folder.files[path])
    let schema = try schema(kind(of: path)), value = try #require(try load(yaml: text))
    #expect(!Validator(root: schema).faults(value, schema).isEmpty)
  }

  @Test func thePlantOnThePageHasNoIssue() throws {
    let page = try String(contentsOf: Examples.root.appending(path: "docs/plant-folder.md"), encoding: .utf8)
    var files: [String: String] = [:]
    for block in page.matches(of: /```yaml\n# (\S+)\n((?s:.*?))```/) { files[String(block.1)] = String(block.2) }
    #expect(files.count == 5)
    #expect(PlantFolder.check(files: files).issues.map(\.description) == [])
  }

  /// The page's shorter examples are parts of a plant.yaml: their keys, types and words are right, though much is left out.
  @Test func theSnippetsOnThePageFitTheSchema() throws {
    let page = try String(contentsOf: Examples.root.appending(path: "docs/plant-folder.md"), encoding: .utf8)
    let schema = try schema(.plant)
    let snippets = page.matches(of: /```yaml\n((?s:.*?))```/).map { String($0.1) }.filter { !$0.hasPrefix("# ") }
    #expect(snippets.count > 8)
    for snippet in snippets {
      let faults = Validator(root: schema).faults(try #require(try load(yaml: snippet)), schema)
      #expect(faults.filter { !$0.hasSuffix("is missing") } == [], "\(snippet)")
    }
  }

  @Test func thePageHoldsTheWholeReference() throws {
    let file = Examples.root.appending(path: "docs/plant-folder.md")
    var page = try String(contentsOf: file, encoding: .utf8)
    if ProcessInfo.processInfo.environment["TAKT_RECORD"] != nil {
      let begin = try #require(page.range(of: "<!-- fields begin -->\n")), end = try #require(page.range(of: "<!-- fields end -->"))
      page.replaceSubrange(begin.upperBound..<end.lowerBound, with: "\n\(PlantFolder.fieldReference)\n")
      try page.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("docs/plant-folder.md was written anew: run again without TAKT_RECORD")
    }
    #expect(page.contains(PlantFolder.fieldReference), "docs/plant-folder.md is behind the shapes: run once with TAKT_RECORD=1")
    var keys: Set<String> = []
    for kind in PlantFileKind.allCases { keys.formUnion(propertyNames(try schema(kind))) }
    #expect(keys.count > 150)
    for key in keys.sorted() { #expect(page.contains("`\(key)`"), "`\(key)` is not on the page") }
  }

  private func propertyNames(_ schema: Any) -> Set<String> {
    if let list = schema as? [Any] { return list.reduce(into: []) { $0.formUnion(propertyNames($1)) } }
    guard let object = schema as? [String: Any] else { return [] }
    var names: Set<String> = []
    for (key, value) in object {
      // What stands under `properties` are names, one of which may itself be `properties`.
      if key == "properties", let properties = value as? [String: Any] {
        names.formUnion(properties.keys)
        for inner in properties.values { names.formUnion(propertyNames(inner)) }
      } else {
        names.formUnion(propertyNames(value))
      }
    }
    return names
  }
}
