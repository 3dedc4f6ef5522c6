extension Predicate {
  /// Its robustness for values that stand now; unknown where one is missing or a number makes no sense.
  ///
  /// Comparisons of order have the distance to the bound as degree. Equality has none: ±∞.
  public func satisfaction(_ value: (String) -> Double?) -> Satisfaction {
    var sum = 0.0
    for term in terms {
      guard let x = value(term.signal), x.isFinite else { return .unknown }
      sum += term.coefficient * x
    }
    guard sum.isFinite, bound.isFinite else { return .unknown }
    switch comparison {
    case .below: return Satisfaction(Robustness(bound - sum, holds: sum < bound))
    case .atMost: return Satisfaction(Robustness(bound - sum, holds: sum <= bound))
    case .above: return Satisfaction(Robustness(sum - bound, holds: sum > bound))
    case .atLeast: return Satisfaction(Robustness(sum - bound, holds: sum >= bound))
    case .equal: return .truth(sum == bound)
    case .notEqual: return .truth(sum != bound)
    }
  }
}

extension Formula where Atom == Predicate {
  /// Its satisfaction now, in three values: what is not known makes nothing true and nothing false.
  ///
  /// - Precondition: `!isTemporal`; a formula about other times needs a `Monitor`.
  public func satisfaction(_ value: (String) -> Double?) -> Satisfaction {
    switch self {
    case .truth(let holds): return .truth(holds)
    case .atom(let predicate): return predicate.satisfaction(value)
    case .not(let f): return !f.satisfaction(value)
    case .and(let f, let g): return f.satisfaction(value) & g.satisfaction(value)
    case .or(let f, let g): return f.satisfaction(value) | g.satisfaction(value)
    default: preconditionFailure("`\(self)` speaks of other times than now")
    }
  }
}
