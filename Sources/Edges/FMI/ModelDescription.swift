public import FMUHost

/// What an FMU says of itself in modelDescription.xml, as far as co-simulation needs it.
///
/// - Source: FMI 2.0.4, section 2.2; FMI 3.0.1, section 2.4.
public struct ModelDescription: Sendable, Hashable {
  /// 2 or 3.
  public var major = 0
  /// As written, such as `3.0`.
  public var version = ""
  public var modelName = ""
  public var words: String?
  public var generationTool: String?
  /// FMI 2's guid, FMI 3's instantiationToken: what binary and description know each other by.
  public var token = ""
  /// Nil where the unit cannot be co-simulated.
  public var coSimulation: Interface?
  /// Whether it has model exchange too, or only.
  public var hasModelExchange = false
  /// By name.
  public var units: [String: UnitDefinition] = [:]
  /// In their order.
  public var variables: [Variable] = []
  /// Places in `variables` of what the model structure lists as outputs.
  public var outputs: [Int] = []
  /// Places in `variables` of the continuous states that the model structure lists, in its order.
  public var states: [Int] = []
  public var experiment = Experiment()

  /// The first variable of this name, or with an alias of it.
  public func variable(_ name: String) -> Variable? { variables.first { $0.name == name || $0.aliases.contains(name) } }

  /// What a unit can do in co-simulation.
  public struct Interface: Sendable, Hashable {
    /// The shared library's name, without its ending.
    public var modelIdentifier: String
    public var canHandleVariableStep = false
    public var canGetAndSetState = false
    public var isOncePerProcess = false
    public var needsExecutionTool = false
  }

  /// The experiment that the author had in mind; nil where not said.
  public struct Experiment: Sendable, Hashable {
    public var startTime: Double?
    public var stopTime: Double?
    public var tolerance: Double?
    public var stepSize: Double?
  }
}

/// One variable.
public struct Variable: Sendable, Hashable {
  public enum Causality: String, Sendable, Hashable, CaseIterable {
    case parameter, calculatedParameter, input, output, local, independent, structuralParameter, dependent
  }
  public enum Variability: String, Sendable, Hashable, CaseIterable { case constant, fixed, tunable, discrete, continuous }
  public enum Initial: String, Sendable, Hashable, CaseIterable { case exact, approx, calculated }

  public var name: String
  public var aliases: [String] = []
  public var slot: Slot
  /// Sizes of an array, in order; empty for a scalar.
  public var dimensions: [Int] = []
  public var causality: Causality
  public var variability: Variability
  /// As written, or what the standard says where nothing is; nil for what has no initial value, inputs and the independent variable.
  public var initial: Initial?
  /// One number for each value; empty where not said.
  public var start: [Double] = []
  public var unit: String?
  public var minimum: Double?
  public var maximum: Double?
  public var words: String?

  /// Whether it can be set before a run begins.
  public var isSettable: Bool {
    slot.type.isNumber && variability != .constant && causality != .independent && causality != .calculatedParameter
      && (causality == .input || initial == .exact || initial == .approx)
  }

  /// A name for each of its values: its own, or with the index of an array, from 1.
  public var columns: [String] {
    if dimensions.isEmpty { return [name] }
    return (0..<slot.count).map { place in
      var (rest, index) = (place, [Int]())
      for size in dimensions.reversed() {
        index.insert(rest % size + 1, at: 0)
        rest /= size
      }
      return "\(name)[\(index.map(String.init).joined(separator: ","))]"
    }
  }
}

/// A unit of measure by its powers of SI base units: value in the SI = value·factor + offset.
public struct UnitDefinition: Sendable, Hashable {
  /// Powers of kg, m, s, A, K, mol, cd, rad; nil where the description gives a name alone.
  public var powers: [Int]?
  public var factor = 1.0
  public var offset = 0.0
}
