import Probability
import Quantities
internal import Yams

// Single values: texts, numbers with units, laws.
extension ShapeReader {
  mutating func scalar(_ text: String, _ node: Node, as kind: FieldKind, at path: String, example: String) -> Reading.Content? {
    switch kind {
    case .text, .tag, .tagOrNone, .name, .station, .buffer, .outlet, .reference, .equipmentPath, .secret, .unit:
      if let fault = Self.fault(of: text, kind: kind, path: path, example: example) {
        refuse(node, path, fault.0, fault.1)
        return nil
      }
      return .text(text)
    case .choice(let names):
      guard names.contains(text) else {
        let near = Spelling.nearest(to: text, among: names)
        refuse(node, path, "is `\(text)`", near.map { "did you mean `\($0)`?" } ?? "write one of \(Self.quoted(names))")
        return nil
      }
      return .text(text)
    case .flag:
      guard let flag = ["true": true, "false": false][text.lowercased()] else {
        refuse(node, path, "is `\(text)`", "write `true` or `false`")
        return nil
      }
      return .flag(flag)
    case .clock(let kind):
      guard let content = kind.read(text) else {
        refuse(node, path, "is `\(text)`", "write \(kind.words), e.g. `\(kind.example)`")
        return nil
      }
      return content
    case .whole(_, let word?) where text == word: return .whole(.max)
    case .whole(let range, let word):
      if let word, text.first?.isLetter == true {
        refuse(node, path, "is `\(text)`", "write a whole number, or `\(word)`")
        return nil
      }
      guard let x = number(text, node, in: .one, at: path, example: example) else { return nil }
      guard x == x.rounded(), abs(x) < 1e15, range.contains(Int(x)) else {
        refuse(node, path, "is \(text)", "write a whole number from \(range.lowerBound) to \(range.upperBound), e.g. `\(example)`")
        return nil
      }
      return .whole(Int(x))
    case .quantity(let code, let bounds):
      guard let unit = try? EngineeringUnit(code) else { preconditionFailure("the shapes name a unit that is none: \(code)") }
      guard let x = number(text, node, in: unit, at: path, example: example) else { return nil }
      guard bounds.contains(x) else {
        refuse(node, path, "is \(text)", "it must be \(bounds.words)\(code == "1" ? "" : " \(code)"), e.g. `\(example)`")
        return nil
      }
      if unit.dimension == .time, x > 9e9 {  // Instants and durations reach 292 years.
        refuse(node, path, "is \(text)", "it must be shorter than 285 years")
        return nil
      }
      return .number(x)
    case .measured: return quantity(text, node, at: path, example: example).map { .quantity($0) }
    case .comparand:
      if text.first?.isLetter == true, !["nan", "inf", "infinity"].contains(text.lowercased()) { return .text(text) }
      return quantity(text, node, at: path, example: example).map { .quantity($0) }
    case .formula(let isTemporal): return formula(text, node, isTemporal: isTemporal, at: path)
    case .object, .map, .list, .law, .plainLaw, .wordOr, .either: preconditionFailure("\(path) is no single value")
    }
  }

  /// The number in `unit`, or nil with an issue.
  private mutating func number(_ text: String, _ node: Node, in unit: EngineeringUnit, at path: String, example: String) -> Double? {
    guard let quantity = quantity(text, node, at: path, example: example) else { return nil }
    do throws(UnitError) {
      return try quantity.value(in: unit)
    } catch {
      let given = quantity.unit.dimension, wanted = unit.dimension
      if given == .one {
        refuse(node, path, "is `\(text)`, without a unit", "write it with a unit of \(wanted), e.g. `\(example)`")
      } else if wanted == .one {
        refuse(node, path, "is `\(text)`, a \(given)", "write a plain number, e.g. `\(example)`")
      } else {
        refuse(node, path, "is `\(text)`, a \(given)", "write a \(wanted), e.g. `\(example)`")
      }
      return nil
    }
  }

  private mutating func quantity(_ text: String, _ node: Node, at path: String, example: String) -> Quantity? {
    do throws(UnitError) {
      return try Quantity(parsing: text)
    } catch {
      switch error {
      case .unknownUnit(let code, let meant):
        let alias = (try? EngineeringUnit.fromPlantSpelling(code))?.code
        refuse(
          node, path, "has the unit `\(code)`, which UCUM does not know",
          (alias ?? meant).map { "did you mean `\($0)`?" } ?? "write a UCUM code, e.g. `\(example)`")
      case .malformedUnit(let code, let problem):
        refuse(node, path, "has the unit `\(code)`, which is no UCUM code (\(problem))", "write e.g. `\(example)`")
      case .notFinite: refuse(node, path, "is `\(text)`, not a finite number", "write a finite number, e.g. `\(example)`")
      case .noSpaceBeforeUnit where text.contains(","), .notANumber where text.contains(","):
        refuse(node, path, "is `\(text)`", "write a decimal point and no separators, e.g. `\(example)`")
      case .noSpaceBeforeUnit: refuse(node, path, "is `\(text)`", "put a space between number and unit, e.g. `\(example)`")
      case .notANumber: refuse(node, path, "is `\(text)`, not a number", "write e.g. `\(example)`")
      case .offsetUnitInTerm, .differentDimensions: refuse(node, path, "is wrong: \(error)", "write e.g. `\(example)`")
      }
      return nil
    }
  }

  /// A law: a number alone, or one key of `Shapes.law` or `Shapes.plainLaw`.
  mutating func law(_ node: Node, as kind: FieldKind, at path: String, example: String) -> Law? {
    let isPlain = if case .plainLaw = kind { true } else { false }
    if node.scalar != nil {
      let number = FieldKind.quantity(isPlain ? "1" : "s", .positive)
      guard case .number(let x)? = read(node, as: number, at: path, example: isPlain ? "1" : "2.5 s")?.content else { return nil }
      return .constant(x)
    }
    guard let object = object(node, as: isPlain ? Shapes.plainLaw : Shapes.law, at: path, example: example) else { return nil }
    if case .number(let x)? = object.reading("constant")?.content { return .constant(x) }
    if case .number(let x)? = object.reading("exponential")?.content { return .exponential(mean: x) }
    for key in ["gamma", "lognormal"] {
      guard let inner = object.object(key) else { continue }
      let mean = inner.number("mean"), cv = inner.number("cv")
      guard mean.isFinite, cv.isFinite else { return nil }
      return key == "gamma" ? .gamma(mean: mean, cv: cv) : .lognormal(mean: mean, cv: cv)
    }
    if let inner = object.object("weibull") {
      let mean = inner.number("mean"), shape = inner.number("shape")
      return mean.isFinite && shape.isFinite ? .weibull(mean: mean, shape: shape) : nil
    }
    for key in ["uniform", "triangular"] {
      guard let inner = object.object(key) else { continue }
      let low = inner.number("low"), high = inner.number("high"), mode = key == "uniform" ? (low + high) / 2 : inner.number("mode")
      if low >= high {
        report(inner.place(of: "low"), Self.join(path, "\(key).low"), "`low` is not below `high`", "swap them, or write a constant")
        return nil
      }
      if mode < low || mode > high {
        report(inner.place(of: "mode"), Self.join(path, "\(key).mode"), "`mode` lies outside `low` … `high`", "put it between them")
        return nil
      }
      guard low.isFinite, high.isFinite, mode.isFinite else { return nil }
      return key == "uniform" ? .uniform(low: low, high: high) : .triangular(low: low, mode: mode, high: high)
    }
    if let list = object.reading("empirical") {
      let values = object.numbers("empirical")
      if values.isEmpty {
        report(
          list.place, Self.join(path, "empirical"), "`\(path).empirical` has no values",
          "list the observed values, e.g. `\(isPlain ? "[2.4, 2.5]" : "[2.4 s, 2.5 s]")`")
      }
      return values.isEmpty ? nil : .empirical(values)
    }
    return nil
  }

  // MARK: Texts

  /// What is wrong with a map's key, and the remedy.
  static func fault(ofKey key: String, kind: FieldKind) -> (String, String)? {
    switch kind {
    case .name where !isName(key): ("`\(key)` is no name", "begin with a letter; then letters, digits, `_` and `-`")
    case .tag where !isTagPath(key): ("`\(key)` is no tag", "write `Station/Metric`")
    default: nil
    }
  }

  private static func fault(of text: String, kind: FieldKind, path: String, example: String) -> (String, String)? {
    switch kind {
    case .name where !isName(text), .station where !isName(text), .buffer where !isName(text), .outlet where !isName(text),
      .reference where !isName(text):
      return ("is `\(text)`, which is no name", "begin with a letter; then letters, digits, `_` and `-`")
    case .tag where !isTagPath(text), .tagOrNone where text != "none" && !isTagPath(text):
      return ("is `\(text)`, which is no tag", "write `Station/Metric`, e.g. `\(example)`")
    case .equipmentPath:
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      return parts.count == 4 && parts.allSatisfy { isName(String($0)) }
        ? nil : ("is `\(text)`", "write enterprise/site/area/line, e.g. `\(example)`")
    case .secret:
      let isReference = ["env:", "file:"].contains { text.hasPrefix($0) && text.count > $0.count }
      // The text itself is kept out of the message: it may be the secret.
      return isReference ? nil : ("holds a secret inline", "refer to it, e.g. `\(example)`; this one is spent, so change it")
    case .unit:
      do throws(UnitError) {
        _ = try EngineeringUnit(text)
        return nil
      } catch {
        var meant: String?
        if case .unknownUnit(_, let near) = error { meant = near }
        meant = (try? EngineeringUnit.fromPlantSpelling(text))?.code ?? meant
        return ("is `\(text)`, which is no UCUM code", meant.map { "did you mean `\($0)`?" } ?? "write e.g. `\(example)`")
      }
    default: return nil
    }
  }

  static func isName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first.properties.isAlphabetic else { return false }
    return text.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "-" }
  }

  static func isTagPath(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count >= 2 && parts.allSatisfy { part in !part.isEmpty && !part.contains { $0.isWhitespace || "+#*\"".contains($0) } }
  }

}
