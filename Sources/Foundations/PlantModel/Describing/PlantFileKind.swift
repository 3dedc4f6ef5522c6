/// The kinds of files in a plant folder.
public enum PlantFileKind: String, Hashable, Sendable, Codable, CaseIterable {
  case plant, envelope, loop, connections, governance, historian

  /// Where it stands in the folder, e.g. `plant.yaml`, `loops/*.yaml`.
  public var path: String { shape.name }

  var shape: Shape {
    switch self {
    case .plant: Shapes.plant
    case .envelope: Shapes.envelope
    case .loop: Shapes.loop
    case .connections: Shapes.connections
    case .governance: Shapes.governance
    case .historian: Shapes.historian
    }
  }

  /// The file's shape and every shape inside it, each once, outer ones first.
  var shapes: [Shape] {
    var found: [Shape] = [shape]
    var index = 0
    while index < found.count {
      for field in found[index].fields {
        for inner in field.kind.shapes where !found.contains(where: { $0.name == inner.name }) { found.append(inner) }
      }
      index += 1
    }
    return found
  }
}

extension FieldKind {
  /// The shapes that it speaks of directly.
  var shapes: [Shape] {
    switch self {
    case .object(let shape), .wordOr(_, let shape): [shape]
    case .map(_, let value): value.shapes
    case .list(let element): element.shapes
    case .law: [Shapes.law]
    case .plainLaw: [Shapes.plainLaw]
    case .either(let single, let other): single.shapes + other.shapes
    default: []
    }
  }

  /// For the reference page.
  var words: String {
    switch self {
    case .name: "name"
    case .station: "station"
    case .buffer: "buffer"
    case .outlet: "buffer, or `sink`"
    case .reference(let noun): noun
    case .flag: "`true`, `false`"
    case .clock(let text): text.words
    case .text: "text"
    case .equipmentPath: "four names with `/`"
    case .tag: "tag"
    case .tagOrNone: "tag, or `none`"
    case .secret: "reference"
    case .unit: "UCUM code"
    case .choice(let names): names.map { "`\($0)`" }.joined(separator: ", ")
    case .whole(let range, let word): "whole number, \(range.lowerBound) … \(range.upperBound)\(word.map { ", or `\($0)`" } ?? "")"
    case .quantity("1", let bounds): "plain number or %\(bounds.clause)"
    case .quantity("s", let bounds): "duration\(bounds.clause)"
    case .quantity(let code, let bounds): "number with unit (as `\(code)`)\(bounds.clause)"
    case .measured: "number with unit"
    case .comparand: "number with unit, or PackML state"
    case .formula(let isTemporal): isTemporal ? "[formula](envelope.md#formulas)" : "[condition](envelope.md#conditions)"
    case .law: "duration or [law](#law)"
    case .plainLaw: "plain number or [plain_law](#plain_law)"
    case .either(let single, let other): "\(single.words); or \(other.words)"
    case .object(let shape): "[\(shape.name)](#\(shape.name))"
    case .map(let key, let value): "for each \(key.words): \(value.words)"
    case .list(let element): "list of \(element.words)"
    case .wordOr(let word, let shape): "`\(word)` or [\(shape.name)](#\(shape.name))"
    }
  }
}

extension PlantFolder {
  /// The reference of every field of every file as Markdown: the part of docs/plant-folder.md that is derived, so that it cannot go stale.
  public static var fieldReference: String {
    var lines: [String] = []
    var told: Set<String> = []
    for kind in PlantFileKind.allCases {
      for shape in kind.shapes where told.insert(shape.name).inserted {
        lines += [shape.name == kind.path ? "## `\(shape.name)`" : "### \(shape.name)", "", shape.meaning, ""]
        if !shape.oneOf.isEmpty { lines += ["Exactly one of \(shape.oneOf.map { "`\($0)`" }.joined(separator: ", ")).", ""] }
        lines += ["| key | value | if left out | example | meaning |", "|---|---|---|---|---|"]
        for field in shape.fields {
          let absence =
            if case .optional(let words) = field.presence { shape.oneOf.contains(field.name) ? "one of these" : words } else { "**required**" }
          lines.append("| `\(field.name)` | \(field.kind.words) | \(absence) | `\(field.example)` | \(field.meaning) |")
        }
        lines.append("")
      }
    }
    return lines.joined(separator: "\n")
  }
}
