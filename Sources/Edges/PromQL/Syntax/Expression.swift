/// A query, taken apart.
indirect enum Expression: Sendable, Hashable {
  case number(Double)
  case string(String)
  case selector(Selector)
  case subquery(Subquery)
  case negated(Expression)
  case binary(BinaryOperation)
  case aggregation(Aggregation)
  case call(String, [Expression])
}

/// When a selector looks, beside the instant of evaluation.
struct TimeShift: Sendable, Hashable {
  enum Anchor: Sendable, Hashable {
    case instant(Int64)
    case start, end
  }
  /// Nanoseconds back.
  var offset: Int64 = 0
  var anchor: Anchor?
}

struct Selector: Sendable, Hashable {
  var matchers: [LabelMatcher]
  /// Nanoseconds; nil for an instant vector.
  var range: Int64?
  var shift = TimeShift()
}

struct Subquery: Sendable, Hashable {
  var expression: Expression
  var range: Int64
  /// Nil takes the default step.
  var step: Int64?
  var shift = TimeShift()
}

struct BinaryOperation: Sendable, Hashable {
  enum Operator: String, Sendable, Hashable, CaseIterable {
    case or, and, unless
    case equal = "==", notEqual = "!=", lessOrEqual = "<=", less = "<", greaterOrEqual = ">=", greater = ">"
    case add = "+", subtract = "-", multiply = "*", divide = "/", modulo = "%", atan2, power = "^"

    var isSet: Bool { self == .or || self == .and || self == .unless }
    var isComparison: Bool {
      switch self {
      case .equal, .notEqual, .lessOrEqual, .less, .greaterOrEqual, .greater: true
      default: false
      }
    }
    /// Higher binds tighter.
    var precedence: Int {
      switch self {
      case .or: 1
      case .and, .unless: 2
      case .equal, .notEqual, .lessOrEqual, .less, .greaterOrEqual, .greater: 3
      case .add, .subtract: 4
      case .multiply, .divide, .modulo, .atan2: 5
      case .power: 6
      }
    }
  }
  struct Matching: Sendable, Hashable {
    enum Cardinality: Sendable, Hashable { case oneToOne, manyToOne, oneToMany }
    /// True for `on`, false for `ignoring`.
    var isOn = false
    var labels: [String] = []
    var cardinality = Cardinality.oneToOne
    /// Labels that the many side takes over from the one side.
    var included: [String] = []
  }
  var operation: Operator
  var left: Expression
  var right: Expression
  var matching = Matching()
  var returnsBool = false
}

struct Aggregation: Sendable, Hashable {
  enum Operator: String, Sendable, Hashable, CaseIterable {
    case sum, avg, min, max, count, group, stddev, stdvar, topk, bottomk, quantile

    var takesParameter: Bool { self == .topk || self == .bottomk || self == .quantile }
  }
  var operation: Operator
  var expression: Expression
  var parameter: Expression?
  /// The labels of `by`, or those of `without`.
  var labels: [String] = []
  var isWithout = false
}
