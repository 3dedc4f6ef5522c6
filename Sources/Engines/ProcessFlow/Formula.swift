public import Probability

/// What a number in a model comes from: a constant, the process's attributes, the state of the model, a draw from a law, or an expression of
/// these. It is compiled: nothing is allocated when it is evaluated.
///
///     Delay("work", size.value * .gamma(mean: 2, cv: 0.5))
///
/// Each law that stands in a formula has a stream of its own, named after its statement.
public struct Formula: Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  indirect enum Node: Sendable {
    case number(Double)
    case time, age, lastWait, remaining, identity
    case attribute(Attribute), variable(Variable)
    case queueLength(Resource), inUse(Resource), capacity(Resource)
    case items(Store), level(Level), waiting(Signal), counted(String), population(FlowProcess)
    case draw(Law)
    case unary(FormulaCode.Op, Node)
    case binary(FormulaCode.Op, Node, Node)
  }
  let node: Node

  init(_ node: Node) { self.node = node }
  public init(floatLiteral value: Double) { node = .number(value) }
  public init(integerLiteral value: Int) { node = .number(Double(value)) }
  /// A constant that was worked out while the model is built.
  public init(_ value: Double) { node = .number(value) }
  /// A constant that was worked out while the model is built.
  public init(_ value: Int) { node = .number(Double(value)) }

  /// The model's clock.
  public static var time: Formula { Formula(.time) }
  /// Time since the process came into the model.
  public static var age: Formula { Formula(.age) }
  /// How long the process waited at the last statement at which it could have had to: 0 where it went straight through.
  public static var lastWait: Formula { Formula(.lastWait) }
  /// What was left of the delay that the last interruption cut short; 0 where it was no delay.
  public static var remaining: Formula { Formula(.remaining) }
  /// A number that is the process's own, for `Interrupt(process:)`. It may be kept in attributes, variables and stores.
  public static var identity: Formula { Formula(.identity) }
  /// What the counter of this name stands at.
  public static func count(_ name: String) -> Formula { Formula(.counted(name)) }

  /// A draw from a law.
  public static func draw(_ law: Law) -> Formula { Formula(.draw(law)) }
  /// Always the same.
  public static func constant(_ value: Double) -> Formula { Formula(.number(value)) }
  /// A draw from `Law.exponential`; so for the others.
  public static func exponential(mean: Double) -> Formula { .draw(.exponential(mean: mean)) }
  public static func gamma(mean: Double, cv: Double) -> Formula { .draw(.gamma(mean: mean, cv: cv)) }
  public static func lognormal(mean: Double, cv: Double) -> Formula { .draw(.lognormal(mean: mean, cv: cv)) }
  public static func weibull(mean: Double, shape: Double) -> Formula { .draw(.weibull(mean: mean, shape: shape)) }
  public static func uniform(low: Double, high: Double) -> Formula { .draw(.uniform(low: low, high: high)) }
  public static func triangular(low: Double, mode: Double, high: Double) -> Formula { .draw(.triangular(low: low, mode: mode, high: high)) }
  public static func empirical(_ values: [Double]) -> Formula { .draw(.empirical(values)) }
}

/// What is true or not of a process or of the model. Both sides of `&&` and `||` are always evaluated, so that draws stay in step.
public struct Condition: Sendable {
  let node: Formula.Node
  init(_ node: Formula.Node) { self.node = node }

  public static func && (a: Condition, b: Condition) -> Condition { Condition(.binary(.and, a.node, b.node)) }
  public static func || (a: Condition, b: Condition) -> Condition { Condition(.binary(.or, a.node, b.node)) }
  public static prefix func ! (a: Condition) -> Condition { Condition(.unary(.not, a.node)) }
}

extension Formula {
  public static func + (a: Formula, b: Formula) -> Formula { Formula(.binary(.add, a.node, b.node)) }
  public static func - (a: Formula, b: Formula) -> Formula { Formula(.binary(.subtract, a.node, b.node)) }
  public static func * (a: Formula, b: Formula) -> Formula { Formula(.binary(.multiply, a.node, b.node)) }
  public static func / (a: Formula, b: Formula) -> Formula { Formula(.binary(.divide, a.node, b.node)) }
  public static prefix func - (a: Formula) -> Formula { Formula(.unary(.negate, a.node)) }

  public static func < (a: Formula, b: Formula) -> Condition { Condition(.binary(.less, a.node, b.node)) }
  public static func <= (a: Formula, b: Formula) -> Condition { Condition(.binary(.lessOrEqual, a.node, b.node)) }
  public static func > (a: Formula, b: Formula) -> Condition { Condition(.binary(.less, b.node, a.node)) }
  public static func >= (a: Formula, b: Formula) -> Condition { Condition(.binary(.lessOrEqual, b.node, a.node)) }
  public static func == (a: Formula, b: Formula) -> Condition { Condition(.binary(.equal, a.node, b.node)) }
  public static func != (a: Formula, b: Formula) -> Condition { Condition(.unary(.not, .binary(.equal, a.node, b.node))) }

  /// The smaller of two.
  public static func smaller(_ a: Formula, _ b: Formula) -> Formula { Formula(.binary(.smaller, a.node, b.node)) }
  /// The larger of two.
  public static func larger(_ a: Formula, _ b: Formula) -> Formula { Formula(.binary(.larger, a.node, b.node)) }
  /// The largest whole number that is not above it.
  public var floor: Formula { Formula(.unary(.floor, node)) }
}
