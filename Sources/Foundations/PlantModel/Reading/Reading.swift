import Probability
import Quantities
import TemporalLogic

/// A value that was read and checked by itself, with its place. References and comparisons are checked afterwards.
struct Reading {
  indirect enum Content {
    case text(String)
    case whole(Int)
    /// In the field's unit.
    case number(Double)
    /// In the unit as written.
    case quantity(Quantity)
    case flag(Bool)
    /// Seconds from the start of the week or day.
    case spans([ClosedSpan])
    case law(Law)
    /// With the place of the text's first character.
    case formula(Formula<WrittenPredicate>, Place)
    case object(ObjectReading)
    case entries([EntryReading])
    case list([Reading])
  }

  var place: Place
  var content: Content

  var text: String? { if case .text(let s) = content { s } else { nil } }
}

/// One name of a map, with its value if that could be read.
struct EntryReading {
  var key: String
  var place: Place
  var value: Reading?
}

/// A mapping of a known shape.
struct ObjectReading {
  var place: Place
  /// Keys as they stand (a misspelt one under the name that it meant), whether or not their values could be read.
  var keys: [String: Place] = [:]
  var values: [String: Reading] = [:]

  func has(_ key: String) -> Bool { keys[key] != nil }

  /// Where the key stands, or else its mapping.
  func place(of key: String) -> Place { values[key]?.place ?? keys[key] ?? place }

  func reading(_ key: String) -> Reading? { values[key] }

  func text(_ key: String) -> String? { values[key]?.text }

  func whole(_ key: String) -> Int? { if case .whole(let n)? = values[key]?.content { n } else { nil } }

  /// NaN where it is absent or was refused: no comparison with it then reports a second error.
  func number(_ key: String) -> Double { if case .number(let x)? = values[key]?.content { x } else { .nan } }

  /// The number, or `standard` where the key does not stand.
  func number(_ key: String, or standard: Double) -> Double { has(key) ? number(key) : standard }

  func quantity(_ key: String) -> Quantity? { if case .quantity(let q)? = values[key]?.content { q } else { nil } }

  func law(_ key: String) -> Law? { if case .law(let law)? = values[key]?.content { law } else { nil } }

  func flag(_ key: String) -> Bool? { if case .flag(let b)? = values[key]?.content { b } else { nil } }

  func object(_ key: String) -> ObjectReading? { if case .object(let o)? = values[key]?.content { o } else { nil } }

  func entries(_ key: String) -> [EntryReading] { if case .entries(let e)? = values[key]?.content { e } else { [] } }

  /// The numbers of a list.
  func numbers(_ key: String) -> [Double] { list(key).compactMap { if case .number(let x) = $0.content { x } else { nil } } }

  func list(_ key: String) -> [Reading] { if case .list(let l)? = values[key]?.content { l } else { [] } }
}

extension EntryReading {
  var object: ObjectReading? { if case .object(let o)? = value?.content { o } else { nil } }
}
