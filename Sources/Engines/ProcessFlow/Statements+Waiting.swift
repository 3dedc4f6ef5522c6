/// Lets time pass. SimPy's `yield env.timeout(…)`.
public struct Delay: Statement {
  let name: String?
  let time: Formula
  var handler: Block?

  /// - Parameters:
  ///   - name: names its stream of random numbers, which then stays the same whatever else changes in the process.
  ///   - time: not negative; evaluated when the process comes to it.
  public init(_ name: String, _ time: Formula) { (self.name, self.time) = (name, time) }

  /// Without a name its stream is called by its place, "Delay 2".
  public init(_ time: Formula) { (name, self.time) = (nil, time) }

  /// What happens when the process is interrupted meanwhile: the time that is left stands still, `handler` runs, then the rest passes.
  public func onInterrupt(@StatementBuilder _ handler: () -> Block) -> Delay {
    var copy = self
    copy.handler = handler()
    return copy
  }

  public var body: Block { return Block(.delay(name: name, time, onInterrupt: handler)) }
}

/// A statement at which a process may have to wait for others, and may lose patience.
public protocol Waiting: Statement {
  /// Gives up after `time`, does what `otherwise` says and goes on behind this statement, without what it waited for.
  ///
  /// The time is evaluated each time the process comes to the statement, whether it has to wait or not.
  func renege(after time: Formula, @StatementBuilder otherwise: () -> Block) -> Self
}

extension Waiting {
  /// Does not wait at all: where it would have to, it does what `otherwise` says and goes on behind this statement.
  public func balk(@StatementBuilder otherwise: () -> Block) -> Self { renege(after: 0, otherwise: otherwise) }
}

/// Takes units of a resource, waiting in its queue where they are not free. SimPy's `yield resource.request()`.
public struct Seize: Waiting {
  let name: String?
  let resource: Resource
  let count: Int
  let priority: Formula
  let preempting: Bool
  var patience: Patience?

  /// - Parameters:
  ///   - count: units, all at once. Nobody overtakes the first of the queue, even where fewer units would do.
  ///   - priority: the smaller is served first; first come, first served among equals.
  ///   - preempting: takes the units from processes of a larger number that are in a `Delay`, the largest number and the latest first.
  ///     These wait at the head of their priority until they get the units back, and then do what was left of the delay.
  public init(_ resource: Resource, count: Int = 1, priority: Formula = 0, preempting: Bool = false, name: String? = nil) {
    (self.resource, self.count, self.priority, self.preempting, self.name) = (resource, count, priority, preempting, name)
  }

  public func renege(after time: Formula, @StatementBuilder otherwise: () -> Block) -> Seize {
    var copy = self
    copy.patience = Patience(time: time, otherwise: otherwise())
    return copy
  }

  public var body: Block {
    return Block(.seize(name: name, resource, count: count, priority: priority, preempting: preempting, patience))
  }
}

/// Gives units of a resource back.
public struct Release: Statement {
  let resource: Resource
  let count: Int
  public init(_ resource: Resource, count: Int = 1) { (self.resource, self.count) = (resource, count) }
  public var body: Block { return Block(.release(resource, count: count)) }
}

/// Puts an item into a store, or an amount into a level, waiting while there is no room. SimPy's `yield store.put(…)`.
public struct Put: Waiting {
  private enum Target: Sendable { case store(Store, item: Formula, priority: Formula), level(Level, Formula) }
  private let target: Target
  private let name: String?
  private var patience: Patience?

  /// - Parameters: item: a number that stands for it; priority: in a store of that order, the smaller is taken first.
  public init(_ store: Store, item: Formula = 1, priority: Formula = 0, name: String? = nil) {
    (target, self.name) = (.store(store, item: item, priority: priority), name)
  }

  /// - Parameter amount: not negative.
  public init(_ level: Level, amount: Formula, name: String? = nil) { (target, self.name) = (.level(level, amount), name) }

  public func renege(after time: Formula, @StatementBuilder otherwise: () -> Block) -> Put {
    var copy = self
    copy.patience = Patience(time: time, otherwise: otherwise())
    return copy
  }

  public var body: Block {
    switch target {
    case .store(let store, let item, let priority): return Block(.putItem(name: name, store, item: item, priority: priority, patience))
    case .level(let level, let amount): return Block(.putAmount(name: name, level, amount, patience))
    }
  }
}

/// Takes an item from a store, or an amount from a level, waiting while there is none. SimPy's `yield store.get()`.
public struct Take: Waiting {
  private enum Target: Sendable { case store(Store, Attribute?, Formula), level(Level, Formula) }
  private let target: Target
  private let name: String?
  private var patience: Patience?

  /// - Parameters: attribute: gets the item's number; priority: of this process among those that wait for items, the smaller first.
  public init(_ store: Store, into attribute: Attribute? = nil, priority: Formula = 0, name: String? = nil) {
    (target, self.name) = (.store(store, attribute, priority), name)
  }

  /// - Parameter amount: not negative.
  public init(_ level: Level, amount: Formula, name: String? = nil) { (target, self.name) = (.level(level, amount), name) }

  public func renege(after time: Formula, @StatementBuilder otherwise: () -> Block) -> Take {
    var copy = self
    copy.patience = Patience(time: time, otherwise: otherwise())
    return copy
  }

  public var body: Block {
    switch target {
    case .store(let store, let attribute, let priority): return Block(.takeItem(name: name, store, into: attribute, priority: priority, patience))
    case .level(let level, let amount): return Block(.takeAmount(name: name, level, amount, patience))
    }
  }
}

/// Waits for a signal, or until something is true.
public struct Wait: Waiting {
  private enum Target: Sendable { case signal(Signal), condition(Condition) }
  private let target: Target
  private let name: String?
  private var patience: Patience?

  /// Waits for the next `Broadcast`. SimPy's `yield event`.
  public init(for signal: Signal, name: String? = nil) { (target, self.name) = (.signal(signal), name) }

  /// Goes on where the condition holds, or as soon as it does. It is looked at after every event, for every process that waits so; a condition
  /// on `.time` alone is seen at the next event only.
  public init(until condition: Condition, name: String? = nil) { (target, self.name) = (.condition(condition), name) }

  public func renege(after time: Formula, @StatementBuilder otherwise: () -> Block) -> Wait {
    var copy = self
    copy.patience = Patience(time: time, otherwise: otherwise())
    return copy
  }

  public var body: Block {
    switch target {
    case .signal(let signal): return Block(.waitSignal(name: name, signal, patience))
    case .condition(let condition): return Block(.waitCondition(name: name, condition, patience))
    }
  }
}

/// Wakes all processes that wait for the signal, in the order in which they came.
public struct Broadcast: Statement {
  let signal: Signal
  public init(_ signal: Signal) { self.signal = signal }
  public var body: Block { return Block(.broadcast(signal)) }
}
