import Quantities

extension Formula: CustomStringConvertible where Atom: CustomStringConvertible {
  /// As it would be parsed, with every operand of two in parentheses.
  public var description: String {
    switch self {
    case .truth(let holds): "\(holds)"
    case .atom(let atom): "\(atom)"
    case .not(let f): "not (\(f))"
    case .and(let f, let g): "(\(f)) and (\(g))"
    case .or(let f, let g): "(\(f)) or (\(g))"
    case .historically(let w, let f): "historically\(w) (\(f))"
    case .once(let w, let f): "once\(w) (\(f))"
    case .since(let w, let f, let g): "(\(f)) since\(w) (\(g))"
    case .always(let w, let f): "always\(w) (\(f))"
    case .eventually(let w, let f): "eventually\(w) (\(f))"
    case .until(let w, let f, let g): "(\(f)) until\(w) (\(g))"
    }
  }
}

extension TimeWindow: CustomStringConvertible {
  /// `[0 s, 300 s]`; without an end `[20 s, inf]`.
  public var description: String { "[\(Self.text(from)), \(to.map(Self.text) ?? "inf")]" }

  private static func text(_ d: Duration) -> String {
    d.nanoseconds % 1_000_000 == 0 ? "\(number(Double(d.nanoseconds / 1_000_000) / 1000)) s" : "\(d.nanoseconds) ns"
  }
}

extension Predicate: CustomStringConvertible {
  /// `2*Filler/MachSpeed - Capper/MachSpeed <= 4`, in the unit of the first signal.
  public var description: String { "\(linearText(terms)) \(comparison.rawValue) \(number(bound))" }
}

func linearText(_ terms: [LinearTerm]) -> String {
  var text = ""
  for term in terms {
    let sign = term.coefficient < 0 ? (text.isEmpty ? "-" : " - ") : (text.isEmpty ? "" : " + ")
    let size = abs(term.coefficient)
    text += sign + (size == 1 ? "" : "\(number(size))*") + term.signal
  }
  return text
}

/// A number without a needless `.0`.
func number(_ x: Double) -> String { x == x.rounded() && abs(x) < 1e15 ? String(Int64(x)) : "\(x)" }

extension Formula where Atom == Predicate {
  /// Reads what `description` wrote: predicates with plain numbers, in their first signal's unit.
  ///
  /// - Throws: `FormulaError`; a retry with the same text never helps.
  public init(parsing text: String) throws(FormulaError) {
    self = try FormulaParser.parse(text).mapAtoms { written throws(FormulaError) in
      guard case .quantity(let quantity) = written.bound, quantity.unit == .one else {
        throw .unexpected("a number with a unit, or a word", expected: "a plain number", at: written.offset)
      }
      return Predicate(written.terms, written.comparison, quantity.value)
    }
  }
}

extension Formula: Codable where Atom == Predicate {
  /// One text, as `description` gives it: a formula on disk can be read by people.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do { try self.init(parsing: text) } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "`\(text)` is no formula: \(error)")
    }
  }
}
