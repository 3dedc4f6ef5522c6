import Quantities
internal import Yams

/// Reads a file's YAML by the shape that it must have, and collects everything that is wrong by itself.
struct ShapeReader {
  let file: String
  private let renamed: [YamlText.Spot: String]
  var issues: [PlantIssue]

  /// The file's mapping, or nil where it has none.
  static func read(file: String, text: String, as shape: Shape) -> (ObjectReading?, [PlantIssue]) {
    let yaml = YamlText(file: file, text: text)
    var reader = ShapeReader(file: file, renamed: yaml.renamed, issues: yaml.issues)
    let root = yaml.root.flatMap { reader.object($0, as: shape, at: "", example: "") }
    return (root, reader.issues)
  }

  // MARK: Mappings

  mutating func object(_ node: Node, as shape: Shape, at path: String, example: String) -> ObjectReading? {
    guard let mapping = node.mapping else {
      refuse(
        node, path, "is \(words(node)), not a mapping",
        example.isEmpty ? "write its keys: \(shape.fields.map(\.name).joined(separator: ", "))" : "write \(Self.quoted(example))")
      return nil
    }
    var object = ObjectReading(place: place(node))
    var readings: [(Field, Node)] = []
    for (key, keyPlace, value) in pairs(mapping, path) {
      if let field = shape.field(key) {
        object.keys[key] = keyPlace
        readings.append((field, value))
        continue
      }
      let absent = shape.fields.map(\.name).filter { name in !mapping.contains { $0.key.string == name } }
      let near = Spelling.nearest(to: key, among: absent) ?? Spelling.nearest(to: key, among: shape.fields.map(\.name))
      let known = "keys here: " + shape.fields.map(\.name).joined(separator: ", ")
      issues.append(
        PlantIssue(keyPlace, Self.join(path, key), "unknown key `\(key)`\(Self.inside(path))", near.map { "did you mean `\($0)`?" } ?? known))
      // Read on under the name that was meant, so that one slip is one error.
      if let near, absent.contains(near), object.keys[near] == nil, let field = shape.field(near) {
        object.keys[near] = keyPlace
        readings.append((field, value))
      }
    }
    for (field, value) in readings {
      object.values[field.name] = read(value, as: field.kind, at: Self.join(path, field.name), example: field.example)
    }
    for field in shape.fields where field.isRequired && !object.has(field.name) {
      issues.append(
        PlantIssue(
          object.place, Self.join(path, field.name), "`\(field.name)` is missing\(Self.inside(path))",
          "add `\(field.name): \(field.example)` (\(Self.lowered(field.meaning)))"))
    }
    let given = shape.oneOf.filter(object.has)
    if !shape.oneOf.isEmpty, given.count != 1, given.count > 1 || mapping.isEmpty || readings.count == mapping.count {
      let problem =
        given.isEmpty ? "none of \(Self.quoted(shape.oneOf)) stands\(Self.inside(path))" : "\(Self.quoted(given)) stand together\(Self.inside(path))"
      issues.append(PlantIssue(object.place, path, problem, "write exactly one of \(Self.quoted(shape.oneOf))"))
    }
    return object
  }

  /// Keys with their real names and places; of repeated ones only the last, and each but the first is reported.
  private mutating func pairs(_ mapping: Node.Mapping, _ path: String) -> [(String, Place, Node)] {
    var result: [(String, Place, Node)] = []
    var first: [String: Place] = [:]
    for (key, value) in mapping {
      let keyPlace = place(key)
      let spot = YamlText.Spot(line: keyPlace.line, column: keyPlace.column)
      guard let name = renamed[spot] ?? key.scalar?.string else {
        issues.append(PlantIssue(keyPlace, path, "a key\(Self.inside(path)) is no plain word", "write `key: value`"))
        continue
      }
      if let earlier = first[name] {
        issues.append(
          PlantIssue(
            keyPlace, Self.join(path, name), "`\(name)` stands twice\(Self.inside(path))", "keep one of them; the first is on line \(earlier.line)"))
        result.removeAll { $0.0 == name }
      } else {
        first[name] = keyPlace
      }
      result.append((name, keyPlace, value))
    }
    return result
  }

  mutating func entries(_ node: Node, key: FieldKind, value: FieldKind, at path: String, example: String) -> [EntryReading]? {
    guard let mapping = node.mapping else {
      refuse(node, path, "is \(words(node)), not a mapping of names", "write \(Self.quoted(example))")
      return nil
    }
    if mapping.isEmpty { refuse(node, path, "is empty", "write \(Self.quoted(example)), or leave the key out where it may be") }
    return pairs(mapping, path).map { name, keyPlace, child in
      let inner = Self.join(path, name)
      if let fault = Self.fault(ofKey: name, kind: key) {
        issues.append(PlantIssue(keyPlace, inner, fault.0, fault.1))
      }
      return EntryReading(key: name, place: keyPlace, value: read(child, as: value, at: inner, example: Self.valueExample(value, in: example)))
    }
  }

  // MARK: Values

  mutating func read(_ node: Node, as kind: FieldKind, at path: String, example: String) -> Reading? {
    if let scalar = node.scalar, scalar.style == .plain, ["", "~", "null"].contains(scalar.string) {
      refuse(node, path, "has no value", "write `\(example)`, or leave the key out where it may be")
      return nil
    }
    let here = place(node)
    func reading(_ content: Reading.Content?) -> Reading? { content.map { Reading(place: here, content: $0) } }
    switch kind {
    case .object(let shape): return reading(object(node, as: shape, at: path, example: example).map { .object($0) })
    case .map(let key, let value): return reading(entries(node, key: key, value: value, at: path, example: example).map { .entries($0) })
    case .list(let element):
      guard let sequence = node.sequence else {
        refuse(node, path, "is \(words(node)), not a list", "write `\(example)`")
        return nil
      }
      return reading(.list(sequence.enumerated().compactMap { read($1, as: element, at: "\(path)[\($0)]", example: example) }))
    case .law, .plainLaw: return reading(law(node, as: kind, at: path, example: example).map { .law($0) })
    case .either(let single, let other): return read(node, as: node.scalar == nil ? other : single, at: path, example: example)
    case .wordOr(let word, let shape):
      if let text = node.scalar?.string {
        if text == word { return reading(.text(text)) }
        refuse(node, path, "is `\(text)`", "write `\(word)` or `\(example)`")
        return nil
      }
      return reading(object(node, as: shape, at: path, example: example).map { .object($0) })
    default:
      guard let text = node.scalar?.string else {
        refuse(node, path, "is \(words(node)), not a single value", "write `\(example)`")
        return nil
      }
      return reading(scalar(text, node, as: kind, at: path, example: example))
    }
  }

  // MARK: Places and words

  mutating func report(_ place: Place, _ path: String, _ problem: String, _ remedy: String) {
    issues.append(PlantIssue(place, path, problem, remedy))
  }

  mutating func refuse(_ node: Node, _ path: String, _ problem: String, _ remedy: String) {
    issues.append(PlantIssue(place(node), path, "\(path.isEmpty ? "the file" : "`\(path)`") \(problem)", remedy))
  }

  func place(_ node: Node) -> Place { Place(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1) }

  func words(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar): "`\(scalar.string)`"
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .alias: "an alias"
    }
  }

  static func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
  static func inside(_ path: String) -> String { path.isEmpty ? "" : " in `\(path)`" }
  static func quoted(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
  static func quoted(_ name: String) -> String { "`\(name)`" }
  static func lowered(_ sentence: String) -> String {
    let bare = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    return bare.prefix(1).lowercased() + bare.dropFirst()
  }

  /// An example for one value of a map, from the example of the map.
  private static func valueExample(_ kind: FieldKind, in example: String) -> String {
    guard let colon = example.firstIndex(of: ":"), example.hasPrefix("{"), example.hasSuffix("}") else { return example }
    return String(example[example.index(after: colon)...].dropLast().drop(while: { $0 == " " }))
  }
}
