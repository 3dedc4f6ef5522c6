public import Quantities

/// A formula of signal temporal logic over signals that keep their value until the next sample.
///
/// `φ(t)` for a time `t`, with windows closed at both ends and `min`, `max` over every real time in them:
///
/// | case | robustness at t |
/// |---|---|
/// | `historically([a,b], φ)` | min of φ over t−b … t−a |
/// | `once([a,b], φ)` | max of φ over t−b … t−a |
/// | `since([a,b], φ, ψ)` | max over s in t−b … t−a of min(ψ(s), min of φ over s … t) |
/// | `always([a,b], φ)` | min of φ over t+a … t+b |
/// | `eventually([a,b], φ)` | max of φ over t+a … t+b |
/// | `until([a,b], φ, ψ)` | max over s in t+a … t+b of min(ψ(s), min of φ over t … s) |
///
/// - Source: O. Maler, D. Ničković 2004, doi:10.1007/978-3-540-30206-3_12; robustness as in `Robustness`.
public indirect enum Formula<Atom> {
  case truth(Bool)
  case atom(Atom)
  case not(Formula)
  case and(Formula, Formula)
  case or(Formula, Formula)
  case historically(TimeWindow, Formula)
  case once(TimeWindow, Formula)
  case since(TimeWindow, Formula, Formula)
  case always(TimeWindow, Formula)
  case eventually(TimeWindow, Formula)
  case until(TimeWindow, Formula, Formula)
}

extension Formula: Equatable where Atom: Equatable {}
extension Formula: Hashable where Atom: Hashable {}
extension Formula: Sendable where Atom: Sendable {}

/// From `from` to `to` before (or after) now, both ends included.
public struct TimeWindow: Hashable, Sendable {
  public let from: Duration
  /// Nil: without end, which `since` and `once` alone may be.
  public let to: Duration?

  /// - Precondition: 0 ≤ from ≤ to ≤ `longest`.
  public init(_ from: Duration = .zero, _ to: Duration?) {
    precondition(from >= .zero && from <= to ?? Self.longest && to ?? .zero <= Self.longest, "no window: \(from) … \(String(describing: to))")
    (self.from, self.to) = (from, to)
  }

  /// Longer windows would say nothing in a plant's life, and overflow.
  public static let longest = Duration.hours(24 * 366)
}

/// `Σ coefficient·signal  ≷  bound`, all in the unit of the first signal.
public struct Predicate: Hashable, Sendable {
  public var terms: [LinearTerm]
  public var comparison: Comparison
  public var bound: Double

  public init(_ terms: [LinearTerm], _ comparison: Comparison, _ bound: Double) {
    (self.terms, self.comparison, self.bound) = (terms, comparison, bound)
  }

  public init(_ signal: String, _ comparison: Comparison, _ bound: Double) { self.init([LinearTerm(signal)], comparison, bound) }
}

/// `coefficient·signal`.
public struct LinearTerm: Hashable, Sendable, Codable {
  public var signal: String
  public var coefficient: Double
  public init(_ signal: String, _ coefficient: Double = 1) { (self.signal, self.coefficient) = (signal, coefficient) }
}

/// How a sum is compared with its bound; the raw value as it is written.
public enum Comparison: String, Hashable, Sendable, Codable, CaseIterable {
  case below = "<"
  case atMost = "<="
  case above = ">"
  case atLeast = ">="
  case equal = "="
  case notEqual = "!="
}

extension Formula {
  /// The same formula over other atoms.
  public func mapAtoms<Other, Failure: Error>(_ transform: (Atom) throws(Failure) -> Other) throws(Failure) -> Formula<Other> {
    switch self {
    case .truth(let holds): .truth(holds)
    case .atom(let atom): .atom(try transform(atom))
    case .not(let f): .not(try f.mapAtoms(transform))
    case .and(let f, let g): .and(try f.mapAtoms(transform), try g.mapAtoms(transform))
    case .or(let f, let g): .or(try f.mapAtoms(transform), try g.mapAtoms(transform))
    case .historically(let w, let f): .historically(w, try f.mapAtoms(transform))
    case .once(let w, let f): .once(w, try f.mapAtoms(transform))
    case .since(let w, let f, let g): .since(w, try f.mapAtoms(transform), try g.mapAtoms(transform))
    case .always(let w, let f): .always(w, try f.mapAtoms(transform))
    case .eventually(let w, let f): .eventually(w, try f.mapAtoms(transform))
    case .until(let w, let f, let g): .until(w, try f.mapAtoms(transform), try g.mapAtoms(transform))
    }
  }

  /// Every atom, from left to right, repetitions included.
  public var atoms: [Atom] {
    switch self {
    case .truth: []
    case .atom(let atom): [atom]
    case .not(let f), .historically(_, let f), .once(_, let f), .always(_, let f), .eventually(_, let f): f.atoms
    case .and(let f, let g), .or(let f, let g), .since(_, let f, let g), .until(_, let f, let g): f.atoms + g.atoms
    }
  }

  /// Whether it speaks of other times than now.
  public var isTemporal: Bool {
    switch self {
    case .truth, .atom: false
    case .not(let f): f.isTemporal
    case .and(let f, let g), .or(let f, let g): f.isTemporal || g.isTemporal
    default: true
    }
  }

  /// How long after an instant its truth at that instant is known at the latest.
  public var horizon: Duration {
    switch self {
    case .truth, .atom: .zero
    case .not(let f), .historically(_, let f), .once(_, let f): f.horizon
    case .and(let f, let g), .or(let f, let g), .since(_, let f, let g): max(f.horizon, g.horizon)
    case .always(let w, let f), .eventually(let w, let f): (w.to ?? .zero) + f.horizon
    case .until(let w, let f, let g): (w.to ?? .zero) + max(f.horizon, g.horizon)
    }
  }
}

extension Formula where Atom == Predicate {
  /// The signals that it speaks of, sorted, each once.
  public var signals: [String] { Set(atoms.flatMap { $0.terms.map(\.signal) }).sorted() }
}
