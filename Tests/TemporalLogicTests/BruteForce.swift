import Quantities
import TemporalLogic

/// Seeded numbers for the tests (SplitMix64).
struct Dice {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
}

/// Signals over whole nanoseconds: what stands at each, nil where it is not known.
struct Record {
  var samples: [String: [(at: Int64, value: Double?)]]

  func value(_ signal: String, at t: Int64) -> Double? { samples[signal]?.last { $0.at <= t }?.value }
}

/// A formula's truth at every whole nanosecond from `first` to `last`; constant outside.
struct Table {
  static let first: Int64 = -60
  static let last: Int64 = 60
  private let values: [Satisfaction]

  init(_ value: (Int64) -> Satisfaction) { values = (Self.first...Self.last).map(value) }
  subscript(t: Int64) -> Satisfaction { values[Int(min(max(t, Self.first), Self.last) - Self.first)] }

  func all(_ from: Int64, _ to: Int64) -> Satisfaction { stride(from: from, through: to, by: 1).reduce(.truth(true)) { $0 & self[$1] } }
  func some(_ from: Int64, _ to: Int64) -> Satisfaction { stride(from: from, through: to, by: 1).reduce(.truth(false)) { $0 | self[$1] } }
}

extension Formula where Atom == Predicate {
  /// The semantics as `Formula` states it, by looking at every instant.
  ///
  /// Signals and windows change at whole nanoseconds, so the extremes over real times are those over whole ones.
  func table(_ record: Record) -> Table {
    func span(_ window: TimeWindow) -> (Int64, Int64?) { (window.from.nanoseconds, window.to?.nanoseconds) }
    switch self {
    case .truth(let holds): return Table { _ in .truth(holds) }
    case .atom(let predicate): return Table { t in predicate.satisfaction { record.value($0, at: t) } }
    case .not(let f):
      let f = f.table(record)
      return Table { !f[$0] }
    case .and(let f, let g):
      let (f, g) = (f.table(record), g.table(record))
      return Table { f[$0] & g[$0] }
    case .or(let f, let g):
      let (f, g) = (f.table(record), g.table(record))
      return Table { f[$0] | g[$0] }
    case .historically(let w, let f):
      let f = f.table(record), (a, b) = span(w)
      return Table { t in f.all(b.map { t - $0 } ?? min(Table.first, t - a), t - a) }
    case .once(let w, let f):
      let f = f.table(record), (a, b) = span(w)
      return Table { t in f.some(b.map { t - $0 } ?? min(Table.first, t - a), t - a) }
    case .since(let w, let f, let g):
      let (f, g) = (f.table(record), g.table(record)), (a, b) = span(w)
      return Table { t in
        let start = b.map { t - $0 } ?? min(Table.first, t - a)
        return stride(from: start, through: t - a, by: 1).reduce(.truth(false)) { $0 | (g[$1] & f.all($1, t)) }
      }
    case .always(let w, let f):
      let f = f.table(record), (a, b) = span(w)
      return Table { f.all($0 + a, $0 + b!) }
    case .eventually(let w, let f):
      let f = f.table(record), (a, b) = span(w)
      return Table { f.some($0 + a, $0 + b!) }
    case .until(let w, let f, let g):
      let (f, g) = (f.table(record), g.table(record)), (a, b) = span(w)
      return Table { t in stride(from: t + a, through: t + b!, by: 1).reduce(.truth(false)) { $0 | (g[$1] & f.all(t, $1)) } }
    }
  }

  /// A random formula over the signals `A/x` and `A/y`.
  static func random(depth: Int, _ dice: inout Dice) -> Formula {
    if depth == 0 || dice.below(6) == 0 {
      if dice.below(12) == 0 { return .truth(dice.below(2) == 0) }
      let comparison = Comparison.allCases[dice.below(6)], bound = Double(dice.below(7)) - 3
      switch dice.below(4) {
      case 0: return .atom(Predicate([LinearTerm("A/x"), LinearTerm("A/y", [-1, 2, -0.5][dice.below(3)])], comparison, bound))
      case 1: return .atom(Predicate("A/y", comparison, bound))
      default: return .atom(Predicate("A/x", comparison, bound))
      }
    }
    func window(_ dice: inout Dice, endless: Bool = false) -> TimeWindow {
      let from = Int64(dice.below(4))
      return TimeWindow(.nanoseconds(from), endless && dice.below(3) == 0 ? nil : .nanoseconds(from + Int64(dice.below(5))))
    }
    func part(_ dice: inout Dice) -> Formula { random(depth: depth - 1, &dice) }
    switch dice.below(9) {
    case 0: return .not(part(&dice))
    case 1: return .and(part(&dice), part(&dice))
    case 2: return .or(part(&dice), part(&dice))
    case 3: return .historically(window(&dice), part(&dice))
    case 4: return .once(window(&dice, endless: true), part(&dice))
    case 5: return .since(window(&dice, endless: true), part(&dice), part(&dice))
    case 6: return .always(window(&dice), part(&dice))
    case 7: return .eventually(window(&dice), part(&dice))
    default: return .until(window(&dice), part(&dice), part(&dice))
    }
  }
}

extension Record {
  /// Samples of both signals between 0 and `end`, a few of them not numbers.
  static func random(until end: Int64, _ dice: inout Dice) -> Record {
    var record = Record(samples: [:])
    for signal in ["A/x", "A/y"] {
      var t = Int64(dice.below(4))
      var samples: [(at: Int64, value: Double?)] = []
      while t <= end {
        samples.append((t, dice.below(9) == 0 ? nil : Double(dice.below(9)) - 4))
        t += 1 + Int64(dice.below(5))
      }
      record.samples[signal] = samples
    }
    return record
  }
}
