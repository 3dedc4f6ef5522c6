/// Starts other processes, which carry this one's attributes.
public struct Spawn: Statement {
  let process: FlowProcess
  let count: Formula
  let name: String?
  /// - Parameter count: rounded down; none where it is below 1.
  public init(_ process: FlowProcess, count: Formula = 1, name: String? = nil) {
    (self.process, self.count, self.name) = (process, count, name)
  }
  public var body: Block { return Block(.spawn(name: name, process, count: count)) }
}

/// Collects processes until there are `count`. The first of them goes on for all, with its own attributes and age.
///
/// The others rest until `Separate`; they leave with the first where it leaves. In a permanent batch they are gone at once.
public struct Batch: Statement {
  let name: String?
  let count: Int
  let permanent: Bool
  public init(_ name: String? = nil, of count: Int, permanent: Bool = false) {
    (self.name, self.count, self.permanent) = (name, count, permanent)
  }
  public var body: Block { return Block(.batch(name: name, count: count, permanent: permanent)) }
}

/// Lets the members of a batch go on, each by itself, from here.
public struct Separate: Statement {
  public init() {}
  public var body: Block { return Block(.separate) }
}

/// Sets an attribute of the process, or a variable of the model.
public struct Assign: Statement {
  private let node: StatementNode
  public init(_ attribute: Attribute, to value: Formula, name: String? = nil) { node = .assign(name: name, attribute, value) }
  public init(_ variable: Variable, to value: Formula, name: String? = nil) { node = .assignVariable(name: name, variable, value) }
  public var body: Block { return Block(node) }
}

/// Notes a number; the result tells count, mean, variance, smallest and largest of all that went into the tally of this name.
public struct Tally: Statement {
  let name: String
  let value: Formula
  public init(_ name: String, of value: Formula) { (self.name, self.value) = (name, value) }
  public var body: Block { return Block(.tally(name, value)) }
}

/// Counts something; the result tells how often, and how often per unit of time.
public struct Count: Statement {
  let name: String
  let amount: Formula
  public init(_ name: String, by amount: Formula = 1) { (self.name, self.amount) = (name, amount) }
  public var body: Block { return Block(.count(name, amount)) }
}

/// Calls a closure: the way out where the statements lack something. It copies the state that it may see, so it is some fifty times slower
/// than a statement; and it is outside what the compiler can check.
public struct Run: Statement {
  let name: String?
  let action: @Sendable (inout FlowContext) -> Void
  public init(_ name: String? = nil, _ action: @escaping @Sendable (inout FlowContext) -> Void) { (self.name, self.action) = (name, action) }
  public var body: Block { return Block(.run(name: name, action)) }
}
