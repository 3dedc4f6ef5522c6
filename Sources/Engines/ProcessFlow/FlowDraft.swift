/// In which order a store gives its items.
public enum StoreOrder: String, Sendable, Hashable, Codable, CaseIterable {
  case fifo, lifo
  /// The smallest `Put(priority:)` first; first in, first out among equals.
  case priority
}

/// From an instant of the cycle on, a resource has so many units.
public struct Shift: Sendable, Hashable, Codable {
  /// Time from the beginning of the cycle.
  public var start: Double
  /// Units from then on.
  public var capacity: Int
  /// - Parameters: start: time from the beginning of the cycle; capacity: units from then on.
  public init(from start: Double, capacity: Int) { (self.start, self.capacity) = (start, capacity) }
}

/// A model while it is written: the argument of `FlowModel`'s closure. What it returns are names, so a process can speak of another that is
/// declared further down.
public final class FlowDraft {
  struct ResourceSpec: Sendable { var name: String, capacity: Int, shifts: [Shift], cycle: Double }
  struct StoreSpec: Sendable { var name: String, capacity: Int, order: StoreOrder, initial: [Double] }
  struct LevelSpec: Sendable { var name: String, capacity: Double, initial: Double }
  struct NumberSpec: Sendable { var name: String, initial: Double }
  enum Source: Sendable {
    case none
    case population(Int)
    case times([Double])
    case renewal(interval: Formula, lot: Formula, first: Formula?, limit: Int?)
  }
  struct ProcessSpec: Sendable { var name: String, source: Source, block: Block }

  var resources: [ResourceSpec] = []
  var stores: [StoreSpec] = []
  var levels: [LevelSpec] = []
  var signals: [String] = []
  var attributes: [NumberSpec] = []
  var variables: [NumberSpec] = []
  var processes: [ProcessSpec] = []

  init() {}

  /// Units that processes seize and release, such as machines or operators.
  public func resource(_ name: String, capacity: Int = 1) -> Resource {
    resources.append(ResourceSpec(name: name, capacity: capacity, shifts: [], cycle: 0))
    return Resource(name)
  }

  /// Units by a shift calendar that repeats every `cycle`. Where the capacity falls below what is in use, the users finish first.
  ///
  /// - Parameter shifts: by rising start, the first at 0, all before `cycle`.
  public func resource(_ name: String, shifts: [Shift], cycle: Double) -> Resource {
    resources.append(ResourceSpec(name: name, capacity: shifts.first?.capacity ?? 0, shifts: shifts, cycle: cycle))
    return Resource(name)
  }

  /// A buffer of items. Without a capacity it is never full.
  public func store(_ name: String, capacity: Int? = nil, order: StoreOrder = .fifo, initial: [Double] = []) -> Store {
    stores.append(StoreSpec(name: name, capacity: capacity ?? .max, order: order, initial: initial))
    return Store(name)
  }

  /// An amount between 0 and `capacity`.
  public func level(_ name: String, capacity: Double = .infinity, initial: Double = 0) -> Level {
    levels.append(LevelSpec(name: name, capacity: capacity, initial: initial))
    return Level(name)
  }

  /// Something that processes wait for together.
  public func signal(_ name: String) -> Signal {
    signals.append(name)
    return Signal(name)
  }

  /// A number that each process carries; `initial` where the process was not spawned by another.
  public func attribute(_ name: String, initial: Double = 0) -> Attribute {
    attributes.append(NumberSpec(name: name, initial: initial))
    return Attribute(name)
  }

  /// A number of the whole model.
  public func variable(_ name: String, initial: Double = 0) -> Variable {
    variables.append(NumberSpec(name: name, initial: initial))
    return Variable(name)
  }

  /// A kind of process that arrives.
  ///
  /// - Parameters:
  ///   - interval: time between arrivals. Formulas of a source know no process, so no attributes and no age.
  ///   - lot: how many come at once, rounded down.
  ///   - first: time to the first arrival; one interval where nil.
  ///   - limit: how many arrivals there are; without end where nil.
  @discardableResult
  public func process(
    _ name: String, arrivals interval: Formula, lot: Formula = 1, first: Formula? = nil, limit: Int? = nil, @StatementBuilder _ block: () -> Block
  ) -> FlowProcess {
    processes.append(ProcessSpec(name: name, source: .renewal(interval: interval, lot: lot, first: first, limit: limit), block: block()))
    return FlowProcess(name)
  }

  /// A kind of process that arrives at given times, which do not fall.
  @discardableResult
  public func process(_ name: String, at times: [Double], @StatementBuilder _ block: () -> Block) -> FlowProcess {
    processes.append(ProcessSpec(name: name, source: .times(times), block: block()))
    return FlowProcess(name)
  }

  /// A kind of process of which `population` start at time 0: machines, operators, customers of a closed network.
  @discardableResult
  public func process(_ name: String, population: Int, @StatementBuilder _ block: () -> Block) -> FlowProcess {
    processes.append(ProcessSpec(name: name, source: .population(population), block: block()))
    return FlowProcess(name)
  }

  /// A kind of process that only `Spawn` starts.
  @discardableResult
  public func process(_ name: String, @StatementBuilder _ block: () -> Block) -> FlowProcess {
    processes.append(ProcessSpec(name: name, source: .none, block: block()))
    return FlowProcess(name)
  }
}
