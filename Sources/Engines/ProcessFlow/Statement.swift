/// What a process does: one statement, or a component made of several.
///
/// Whoever writes a component conforms a struct to it and lists statements in `body`; the compiler flattens them into the process's program,
/// so a component costs nothing at run time.
///
///     struct Station: Statement {
///       var server: Resource
///       var work: Formula
///       var body: Block {
///         Seize(server)
///         Delay("work", work)
///         Release(server)
///       }
///     }
public protocol Statement: Sendable {
  @StatementBuilder var body: Block { get }
}

/// Statements one after the other.
public struct Block: Statement {
  let nodes: [StatementNode]
  /// No statement.
  public init() { nodes = [] }
  init(_ nodes: [StatementNode]) { self.nodes = nodes }
  init(_ node: StatementNode) { nodes = [node] }
  public var body: Block { return self }
}

/// Collects the statements between braces. A plain `if` or `for` there chooses while the model is built; `If` and `Repeat` choose while it runs.
@resultBuilder public enum StatementBuilder {
  public static func buildExpression(_ statement: some Statement) -> Block { statement.body }
  public static func buildBlock(_ blocks: Block...) -> Block { Block(blocks.flatMap(\.nodes)) }
  public static func buildOptional(_ block: Block?) -> Block { block ?? Block([]) }
  public static func buildEither(first block: Block) -> Block { block }
  public static func buildEither(second block: Block) -> Block { block }
  public static func buildArray(_ blocks: [Block]) -> Block { Block(blocks.flatMap(\.nodes)) }
  public static func buildLimitedAvailability(_ block: Block) -> Block { block }
}

/// How long a process waits before it gives up, and what it does then.
struct Patience: Sendable {
  var time: Formula
  var otherwise: Block
}

/// The statements that the compiler knows.
indirect enum StatementNode: Sendable {
  case delay(name: String?, Formula, onInterrupt: Block?)
  case seize(name: String?, Resource, count: Int, priority: Formula, preempting: Bool, Patience?)
  case release(Resource, count: Int)
  case putItem(name: String?, Store, item: Formula, priority: Formula, Patience?)
  case takeItem(name: String?, Store, into: Attribute?, priority: Formula, Patience?)
  case putAmount(name: String?, Level, Formula, Patience?)
  case takeAmount(name: String?, Level, Formula, Patience?)
  case waitSignal(name: String?, Signal, Patience?)
  case waitCondition(name: String?, Condition, Patience?)
  case broadcast(Signal)
  case choose(Condition, Block, Block)
  case chance(name: String?, Formula, Block, Block)
  case branch(name: String?, [Path])
  case loop(Condition?, Block)
  case times(name: String?, Formula, Block)
  case spawn(name: String?, FlowProcess, count: Formula)
  case batch(name: String?, count: Int, permanent: Bool)
  case separate
  case assign(name: String?, Attribute, Formula)
  case assignVariable(name: String?, Variable, Formula)
  case tally(String, Formula)
  case count(String, Formula)
  case interruptUsers(Resource)
  case interruptAll(FlowProcess)
  case interruptOne(Formula)
  case interruptible(Block, Block)
  case scope(String, Block)
  case run(name: String?, @Sendable (inout FlowContext) -> Void)
  case leave
}
