import Probability

/// One step of a compiled process. What the fields mean stands with each operation; −1 means none.
struct Instruction: BitwiseCopyable, Sendable {
  enum Op: UInt8, BitwiseCopyable, Sendable {
    /// a: formula of the time
    case delay
    /// Keeps what was left of an interrupted delay; a: attribute
    case saveRemaining
    /// Lets it pass; a: attribute
    case delayRemaining
    /// a: resource, b: count, c: formula of the priority or −1 for `x`, d: formula of the patience, e: where reneging leads, flag: preempts
    case seize
    /// a: resource, b: count
    case release
    /// a: store, b: formula of the item, c, d, e as above
    case putItem
    /// a: store, b: attribute, c, d, e as above
    case takeItem
    /// a: level, b: formula of the amount, d, e as above
    case putAmount, takeAmount
    /// a: signal, d, e as above
    case waitSignal
    /// a: formula, d, e as above
    case waitCondition
    /// a: signal
    case broadcast
    /// a: target
    case jump
    /// a: formula, b: target where it is 0
    case jumpUnless
    /// a: formula of the probability, b: target otherwise, c: draw site
    case jumpUnlessChance
    /// a: first way, b: how many, c: draw site, e: target for the rest
    case branch
    /// a: attribute that counts down, b: formula of the turns
    case beginTurns
    /// a: attribute, b: target when all are done
    case nextTurn
    /// a: kind of process, b: formula of the count
    case spawn
    /// a: batch, b: size, flag: permanent
    case batch
    case separate
    /// a: attribute, b: formula
    case assign
    /// a: variable, b: formula
    case assignVariable
    /// a: tally, b: formula
    case tally
    /// a: counter, b: formula
    case count
    /// a: resource
    case interruptUsers
    /// a: kind of process
    case interruptAll
    /// a: formula of the identity
    case interruptOne
    /// a: closure, c: draw site
    case run
    case leave
  }
  var op: Op
  var flag = false
  var a: Int32 = -1
  var b: Int32 = -1
  var c: Int32 = -1
  var d: Int32 = -1
  var e: Int32 = -1
  var x = 0.0
}

/// A compiled formula. The plain kinds need no stack; `exponential` is the draw that most models make most, of mean `x`.
struct FormulaCode: BitwiseCopyable, Sendable {
  enum Kind: UInt8, BitwiseCopyable, Sendable { case constant, draw, exponential, age, attribute, general }
  enum Op: UInt8, BitwiseCopyable, Sendable {
    case push, draw, time, age, lastWait, remaining, identity, attribute, variable
    case queueLength, inUse, capacity, items, level, waiting, counted, population
    case negate, not, floor
    case add, subtract, multiply, divide, smaller, larger, less, lessOrEqual, equal, and, or
  }
  struct Step: BitwiseCopyable, Sendable {
    var op: Op
    var a: Int32 = 0
    var x = 0.0
  }
  var kind: Kind
  /// Draw site, attribute, or the first step.
  var a: Int32 = 0
  /// How many steps.
  var count: Int32 = 0
  var x = 0.0
}

/// A model as flat tables of numbers: what `FlowModel` holds and every run reads.
struct Program: Sendable {
  /// A law at one place of the model, with the path of its stream below the replication's.
  struct Site: Sendable { var law: Law, process: String, statement: String }
  struct Kind: Sendable { var name: String, entry: Int32 }
  struct Source: Sendable { var kind: Int32, interval: Int32, lot: Int32, first: Int32, limit: Int, times: [Double] }
  struct Way: BitwiseCopyable, Sendable { var cumulative: Double, target: Int32 }

  var name = ""
  var code: [Instruction] = []
  var places: [Place] = []
  /// By instruction: where an interruption leads, or −1.
  var handlers: [Int32] = []
  var formulas: [FormulaCode] = []
  var steps: [FormulaCode.Step] = []
  var stackDepth = 1
  var sites: [Site] = []
  var ways: [Way] = []
  var resources: [FlowDraft.ResourceSpec] = []
  /// Whether who uses a resource must be known, and whether its queue is ordered by priority.
  var isTracked: [Bool] = []
  var isOrdered: [Bool] = []
  var stores: [FlowDraft.StoreSpec] = []
  var takersAreOrdered: [Bool] = []
  var levels: [FlowDraft.LevelSpec] = []
  var signals: [String] = []
  /// Those declared, then those that the compiler made for loops and delays.
  var attributes: [FlowDraft.NumberSpec] = []
  var declaredAttributes = 0
  var variables: [FlowDraft.NumberSpec] = []
  var tallies: [String] = []
  var counters: [String] = []
  var kinds: [Kind] = []
  var sources: [Source] = []
  /// Kind and number of those that start at time 0.
  var populations: [(kind: Int32, count: Int)] = []
  var batches = 0
  var closures: [@Sendable (inout FlowContext) -> Void] = []
}
