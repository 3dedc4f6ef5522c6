/// Chooses while the model runs: by a condition, or by chance.
public struct If: Statement {
  private enum Test: Sendable { case condition(Condition), probability(String?, Formula) }
  private let test: Test
  private let then: Block
  private let otherwise: Block

  public init(_ condition: Condition, @StatementBuilder then: () -> Block, @StatementBuilder else otherwise: () -> Block = { Block() }) {
    (test, self.then, self.otherwise) = (.condition(condition), then(), otherwise())
  }

  /// - Parameters: name: names its stream; probability: from 0 to 1.
  public init(
    _ name: String? = nil, probability: Formula, @StatementBuilder then: () -> Block, @StatementBuilder else otherwise: () -> Block = { Block() }
  ) {
    (test, self.then, self.otherwise) = (.probability(name, probability), then(), otherwise())
  }

  public var body: Block {
    switch test {
    case .condition(let condition): return Block(.choose(condition, then, otherwise))
    case .probability(let name, let p): return Block(.chance(name: name, p, then, otherwise))
    }
  }
}

/// One way of a `Branch`.
public struct Path: Sendable {
  let probability: Double
  let block: Block
  public init(_ probability: Double, @StatementBuilder _ block: () -> Block) { (self.probability, self.block) = (probability, block()) }
}

/// Collects the paths of a `Branch`.
@resultBuilder public enum PathBuilder {
  public static func buildExpression(_ path: Path) -> [Path] { [path] }
  public static func buildBlock(_ paths: [Path]...) -> [Path] { paths.flatMap { $0 } }
  public static func buildOptional(_ paths: [Path]?) -> [Path] { paths ?? [] }
  public static func buildEither(first paths: [Path]) -> [Path] { paths }
  public static func buildEither(second paths: [Path]) -> [Path] { paths }
  public static func buildArray(_ paths: [[Path]]) -> [Path] { paths.flatMap { $0 } }
}

/// Takes one of several paths by chance. The probabilities sum to 1, or to less: then nothing is done with the rest of it.
public struct Branch: Statement {
  let name: String?
  let paths: [Path]
  public init(_ name: String? = nil, @PathBuilder _ paths: () -> [Path]) { (self.name, self.paths) = (name, paths()) }
  public var body: Block { return Block(.branch(name: name, paths)) }
}

/// Repeats while the condition holds; looks before each turn.
public struct While: Statement {
  let condition: Condition
  let block: Block
  public init(_ condition: Condition, @StatementBuilder _ block: () -> Block) { (self.condition, self.block) = (condition, block()) }
  public var body: Block { return Block(.loop(condition, block)) }
}

/// Repeats without end. A turn in which no time can pass is refused when the model is compiled.
public struct Forever: Statement {
  let block: Block
  public init(@StatementBuilder _ block: () -> Block) { self.block = block() }
  public var body: Block { return Block(.loop(nil, block)) }
}

/// Repeats a number of times, evaluated once at the beginning and rounded down.
public struct Repeat: Statement {
  let count: Formula
  let name: String?
  let block: Block
  public init(_ count: Formula, name: String? = nil, @StatementBuilder _ block: () -> Block) {
    (self.count, self.name, self.block) = (count, name, block())
  }
  public var body: Block { return Block(.times(name: name, count, block)) }
}

/// Puts a name before those of the statements within, so that a component can stand in a process twice: "drill/work", "mill/work".
public struct Scope: Statement {
  let name: String
  let block: Block
  public init(_ name: String, @StatementBuilder _ block: () -> Block) { (self.name, self.block) = (name, block()) }
  public var body: Block { return Block(.scope(name, block)) }
}

/// Statements that an interruption ends: whatever the process waits for is given up, `onInterrupt` runs, and it goes on behind. What it holds, it
/// keeps. SimPy's `try … except Interrupt`.
public struct Interruptible: Statement {
  let block: Block
  let handler: Block
  public init(@StatementBuilder _ block: () -> Block, @StatementBuilder onInterrupt handler: () -> Block = { Block() }) {
    (self.block, self.handler) = (block(), handler())
  }
  public var body: Block { return Block(.interruptible(block, handler)) }
}

/// Interrupts processes that wait at a statement which can be interrupted: a `Delay` with `onInterrupt`, or anything in `Interruptible`. It does
/// nothing to others, nor to those that were preempted.
public struct Interrupt: Statement {
  private let node: StatementNode
  /// All that hold units of the resource, the one that got them first, first.
  public init(usersOf resource: Resource) { node = .interruptUsers(resource) }
  /// All processes of a kind, by their place in memory.
  public init(all process: FlowProcess) { node = .interruptAll(process) }
  /// The process of this `Formula.identity`, where it is still there.
  public init(process identity: Formula) { node = .interruptOne(identity) }
  public var body: Block { return Block(node) }
}

/// Ends the process. So does the end of its statements.
public struct Leave: Statement {
  public init() {}
  public var body: Block { return Block(.leave) }
}
