/// The fields of one kind of YAML mapping.
///
/// Reader, JSON Schema and reference page are all derived from these descriptions, so that they cannot disagree.
struct Shape: Sendable {
  /// What it describes, e.g. `station`.
  var name: String
  /// What that is, in a sentence.
  var meaning: String
  var fields: [Field]
  /// Keys of which exactly one must stand there.
  var oneOf: [String] = []

  func field(_ name: String) -> Field? { fields.first { $0.name == name } }
}

/// One key of a mapping.
struct Field: Sendable {
  enum Presence: Sendable {
    case required
    /// With what holds when it is left out, in words.
    case optional(String)
  }

  var name: String
  var kind: FieldKind
  var presence: Presence
  /// A value as it would be written.
  var example: String
  var meaning: String

  init(_ name: String, _ kind: FieldKind, _ presence: Presence, example: String, _ meaning: String) {
    (self.name, self.kind, self.presence, self.example, self.meaning) = (name, kind, presence, example, meaning)
  }

  var isRequired: Bool { if case .required = presence { true } else { false } }
}

/// What may stand as a field's value.
indirect enum FieldKind: Sendable {
  /// A name: a letter, then letters, digits, `_` and `-`.
  case name
  /// The name of a station, a buffer, or (`outlet`) a buffer, `sink` or `route`.
  case station, buffer, outlet
  /// Any text that is not empty.
  case text
  /// Four names with `/` between.
  case equipmentPath
  /// `Station/Metric`.
  case tag
  /// `Station/Metric` or `none`.
  case tagOrNone
  /// `env:NAME` or `file:PATH`.
  case secret
  /// A UCUM code.
  case unit
  /// The name of something else that is declared, by its noun.
  case reference(String)
  case choice([String])
  /// `true` or `false`.
  case flag
  /// A whole number, or a word that means `Int.max`.
  case whole(ClosedRange<Int>, or: String? = nil)
  /// Hours: `06:00-14:00`, `Mon-Fri 06:00-14:00`, `Mon 06:00`.
  case clock(ClockText)
  /// A number in a unit that converts to this UCUM code; `1` for plain numbers and shares.
  case quantity(String, Bounds)
  /// A number in a unit that converts to its tag's.
  case measured
  /// What an interlock compares with: a number as `measured`, or a PackML state by name.
  case comparand
  /// Signal temporal logic as text; or, where it is about now alone, comparisons with `and`, `or`, `not`.
  case formula(isTemporal: Bool)
  /// A duration, or a mapping of shape `Shapes.law`.
  case law
  /// A plain number, or a mapping of shape `Shapes.plainLaw`.
  case plainLaw
  case object(Shape)
  /// Names of the author's choice, each with a value.
  case map(key: FieldKind, FieldKind)
  case list(FieldKind)
  /// This word, or a mapping.
  case wordOr(String, Shape)
  /// A single value of the first kind, or anything else of the second.
  case either(FieldKind, FieldKind)
}

/// The interval in which a number is allowed.
struct Bounds: Sendable {
  var low: Double?
  var high: Double?
  var isLowOpen = false
  var isHighOpen = false

  static let any = Bounds()
  static let positive = Bounds(low: 0, isLowOpen: true)
  static let notNegative = Bounds(low: 0)
  static let share = Bounds(low: 0, high: 1)

  func contains(_ x: Double) -> Bool {
    if let low, isLowOpen ? x <= low : x < low { return false }
    if let high, isHighOpen ? x >= high : x > high { return false }
    return true
  }

  /// As the end of a description, e.g. `, above 0`; nothing where there is no bound.
  var clause: String { words.isEmpty ? "" : ", \(words)" }

  /// In words: `above 0`, `from 0 to 1`.
  var words: String {
    let floor = low.map { (isLowOpen ? "above " : "at least ") + plain($0) }
    let ceiling = high.map { (isHighOpen ? "below " : "at most ") + plain($0) }
    if let low, let high, !isLowOpen, !isHighOpen { return "from \(plain(low)) to \(plain(high))" }
    return [floor, ceiling].compactMap { $0 }.joined(separator: " and ")
  }
}

/// A number without a needless `.0`.
func plain(_ x: Double) -> String { x == x.rounded() && abs(x) < 1e15 ? String(Int64(x)) : "\(x)" }
