import Determinism

/// What the closure of `Run` may see and change: the process's attributes and the model's variables; the rest it may read.
public struct FlowContext {
  let program: Program
  var attributes: [Double]
  var variables: [Double]
  var queueLengths: [Int]
  var unitsInUse: [Int]
  var itemCounts: [Int]
  var amounts: [Double]
  var populations: [Int]
  var stream: RandomStream
  let isAntithetic: Bool

  /// The model's clock.
  public let time: Double
  /// Time since the process came into the model.
  public let age: Double

  /// The process's own number of this attribute.
  public subscript(attribute: Attribute) -> Double {
    get { attributes[FlowContext.place(attribute.name, program.attributes.prefix(program.declaredAttributes).map(\.name))] }
    set { attributes[FlowContext.place(attribute.name, program.attributes.prefix(program.declaredAttributes).map(\.name))] = newValue }
  }
  /// The model's variable.
  public subscript(variable: Variable) -> Double {
    get { variables[FlowContext.place(variable.name, program.variables.map(\.name))] }
    set { variables[FlowContext.place(variable.name, program.variables.map(\.name))] = newValue }
  }

  /// How many wait for the resource.
  public func queueLength(of resource: Resource) -> Int { queueLengths[FlowContext.place(resource.name, program.resources.map(\.name))] }
  /// Units of the resource in use.
  public func inUse(of resource: Resource) -> Int { unitsInUse[FlowContext.place(resource.name, program.resources.map(\.name))] }
  /// Items in the store.
  public func count(in store: Store) -> Int { itemCounts[FlowContext.place(store.name, program.stores.map(\.name))] }
  /// The level's amount.
  public func amount(in level: Level) -> Double { amounts[FlowContext.place(level.name, program.levels.map(\.name))] }
  /// How many of the kind are in the model.
  public func population(of process: FlowProcess) -> Int { populations[FlowContext.place(process.name, program.kinds.map(\.name))] }

  /// Uniform in (0, 1), from the statement's own stream.
  public mutating func uniform() -> Double {
    let u = stream.uniform()
    return isAntithetic ? 1 - u : u
  }

  private static func place(_ name: String, _ names: [String]) -> Int {
    guard let i = names.firstIndex(of: name) else { preconditionFailure("the model has no '\(name)'; there are \(names)") }
    return i
  }
}
