extension PlantFolder {
  /// JSON Schema (draft 2020-12) of one kind of file, for editors that complete and check YAML while it is written.
  ///
  /// It knows keys, types, words and plain ranges. References, dimensions and comparisons are checked by `PlantFolder.check` alone.
  public static func schema(of kind: PlantFileKind) -> String {
    let inner = kind.shapes.dropFirst()
    var pairs: [(String, SchemaText)] = [
      ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
      ("title", .text("Takt plant folder: \(kind.path)")),
    ]
    pairs += kind.shape.schema
    if !inner.isEmpty { pairs.append(("$defs", .object(inner.map { ($0.name, .object($0.schema)) }))) }
    return SchemaText.object(pairs).rendered() + "\n"
  }
}

extension Shape {
  fileprivate var schema: [(String, SchemaText)] {
    var pairs: [(String, SchemaText)] = [
      ("description", .text(meaning)), ("type", .text("object")),
      ("properties", .object(fields.map { ($0.name, $0.schema) })),
    ]
    let required = fields.filter(\.isRequired).map { SchemaText.text($0.name) }
    if !required.isEmpty { pairs.append(("required", .list(required))) }
    if !oneOf.isEmpty { pairs.append(("oneOf", .list(oneOf.map { .object([("required", .list([.text($0)]))]) }))) }
    pairs.append(("additionalProperties", .flag(false)))
    return pairs
  }
}

extension Field {
  fileprivate var schema: SchemaText {
    let absence = if case .optional(let words) = presence, words != "-" { " If left out: \(words)." } else { "" }
    return .object([("description", .text("\(meaning)\(absence) Example: \(example)"))] + kind.schema)
  }
}

extension FieldKind {
  private static let number = #"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?"#

  fileprivate var schema: [(String, SchemaText)] {
    switch self {
    case .name, .station, .buffer, .outlet, .reference: [("type", .text("string")), ("pattern", .text(#"^\p{L}[\p{L}0-9_-]*$"#))]
    case .text: [("type", .list([.text("string"), .text("number"), .text("boolean")])), ("minLength", .number(1))]
    case .equipmentPath: [("type", .text("string")), ("pattern", .text("^[^/]+/[^/]+/[^/]+/[^/]+$"))]
    case .tag: [("type", .text("string")), ("pattern", .text(#"^[^/\s]+(/[^/\s]+)+$"#))]
    case .tagOrNone: [("type", .text("string")), ("pattern", .text(#"^(none|[^/\s]+(/[^/\s]+)+)$"#))]
    case .secret: [("type", .text("string")), ("pattern", .text("^(env|file):.+$"))]
    case .unit: [("type", .list([.text("string"), .text("integer")]))]
    case .choice(let names): [("enum", .list(names.map { .text($0) }))]
    case .flag: [("type", .text("boolean"))]
    case .clock(let text): [("type", .text("string")), ("pattern", .text(text.pattern))]
    case .whole(let range, nil):
      [("type", .text("integer")), ("minimum", .number(Double(range.lowerBound))), ("maximum", .number(Double(range.upperBound)))]
    case .whole(let range, let word?): Self.any(.whole(range), of: [("const", .text(word))])
    case .quantity("1", let bounds): Self.plainNumber(bounds)
    case .quantity: [("type", .text("string")), ("pattern", .text("^\(Self.number)\\s+\\S+$"))]
    case .measured: [("type", .list([.text("string"), .text("number")])), ("pattern", .text("^\(Self.number)(\\s+\\S+)?$"))]
    case .formula: [("type", .text("string")), ("minLength", .number(1))]
    case .comparand: [("type", .list([.text("string"), .text("number"), .text("boolean")]))]
    case .law: Self.any(.quantity("s", .positive), of: [("$ref", .text("#/$defs/\(Shapes.law.name)"))])
    case .plainLaw: Self.any(.quantity("1", .positive), of: [("$ref", .text("#/$defs/\(Shapes.plainLaw.name)"))])
    case .either(let single, let other): Self.any(single, of: other.schema)
    case .object(let shape): [("$ref", .text("#/$defs/\(shape.name)"))]
    case .map(let key, let value):
      [
        ("type", .text("object")), ("minProperties", .number(1)), ("propertyNames", .object(key.schema)),
        ("additionalProperties", .object(value.schema)),
      ]
    case .list(let element): [("type", .text("array")), ("items", .object(element.schema))]
    case .wordOr(let word, let shape): [("anyOf", .list([.object([("const", .text(word))]), Self.reference(shape)]))]
    }
  }

  private static func any(_ kind: FieldKind, of other: [(String, SchemaText)]) -> [(String, SchemaText)] {
    [("anyOf", .list([.object(kind.schema), .object(other)]))]
  }

  private static func reference(_ shape: Shape) -> SchemaText { .object([("$ref", .text("#/$defs/\(shape.name)"))]) }

  /// A number within bounds, or a text such as `1 %`.
  private static func plainNumber(_ bounds: Bounds) -> [(String, SchemaText)] {
    var plain: [(String, SchemaText)] = [("type", .text("number"))]
    if let low = bounds.low { plain.append((bounds.isLowOpen ? "exclusiveMinimum" : "minimum", .number(low))) }
    if let high = bounds.high { plain.append((bounds.isHighOpen ? "exclusiveMaximum" : "maximum", .number(high))) }
    let text: [(String, SchemaText)] = [("type", .text("string")), ("pattern", .text("^\(number)\\s+\\S+$"))]
    return [("anyOf", .list([.object(plain), .object(text)]))]
  }
}
