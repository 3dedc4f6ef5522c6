internal import Quantities

extension Formula where Atom == Predicate {
  /// Whether `self` is never more robust than `other`: whenever `self` holds by a margin, `other` holds by that margin too.
  ///
  /// Sound and not complete: it compares shapes (bounds, windows, conjunctions), and says no where it cannot see. So a limit that was
  /// rewritten rather than tightened counts as widened, and a person looks at it.
  public func isAtLeastAsStrong(as other: Formula) -> Bool {
    if self == other { return true }
    switch (self, other) {
    case (.truth(false), _), (_, .truth(true)): return true
    // Both halves of a goal must follow, both halves of a choice must lead there.
    case (_, .and(let f, let g)): return isAtLeastAsStrong(as: f) && isAtLeastAsStrong(as: g)
    case (.or(let f, let g), _): return f.isAtLeastAsStrong(as: other) && g.isAtLeastAsStrong(as: other)
    case (.not(let f), .not(let g)): return g.isAtLeastAsStrong(as: f)
    case (.atom(let a), .atom(let b)): return a.isAtLeastAsStrong(as: b)
    case (.historically(let v, let f), .historically(let w, let g)), (.always(let v, let f), .always(let w, let g)):
      if v.covers(w), f.isAtLeastAsStrong(as: g) { return true }
    case (.once(let v, let f), .once(let w, let g)), (.eventually(let v, let f), .eventually(let w, let g)):
      if w.covers(v), f.isAtLeastAsStrong(as: g) { return true }
    case (.since(let v, let f, let h), .since(let w, let g, let k)), (.until(let v, let f, let h), .until(let w, let g, let k)):
      if w.covers(v), f.isAtLeastAsStrong(as: g), h.isAtLeastAsStrong(as: k) { return true }
    default: break
    }
    if case .and(let f, let g) = self, f.isAtLeastAsStrong(as: other) || g.isAtLeastAsStrong(as: other) { return true }
    if case .or(let f, let g) = other, isAtLeastAsStrong(as: f) || isAtLeastAsStrong(as: g) { return true }
    return false
  }
}

extension TimeWindow {
  /// Whether every instant of `other` is one of this window.
  func covers(_ other: TimeWindow) -> Bool {
    guard from <= other.from else { return false }
    guard let to else { return true }
    return other.to.map { $0 <= to } ?? false
  }
}

extension Predicate {
  /// The same sum with a bound that is at least as near. (An equality implies an inequality, but its robustness has no degree: not compared.)
  func isAtLeastAsStrong(as other: Predicate) -> Bool {
    guard terms == other.terms else { return false }
    switch (comparison, other.comparison) {
    case (.below, .below), (.atMost, .atMost), (.below, .atMost): return bound <= other.bound
    case (.atMost, .below): return bound < other.bound
    case (.above, .above), (.atLeast, .atLeast), (.above, .atLeast): return bound >= other.bound
    case (.atLeast, .above): return bound > other.bound
    case (.equal, .equal), (.notEqual, .notEqual): return bound == other.bound
    default: return false
    }
  }
}
