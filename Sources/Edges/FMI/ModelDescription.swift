public import FMUHost

/// What an FMU says of itself in modelDescription.xml, as far as co-simulation needs it.
///
/// - Source: FMI 2.0.4, section 2.2; FMI 3.0.1, section 2.4.
public struct ModelDescription: Sendable, Hashable {
  /// 2 or 3.
  public var major = 0
  /// As written, such as `3.0`.
  public var version = ""
  /// The name that its author gave it.
  public var modelName = ""
  /// The author's description; nil where there is none.
  public var words: String?
  /// What made it; nil where not said.
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
  /// The default experiment.
  public var experiment = Experiment()

  /// The first variable of this name, or with an alias of it.
  public func variable(_ name: String) -> Variable? { variables.first { $0.name == name || $0.aliases.contains(name) } }

  /// What a unit can do in co-simulation.
  public struct Interface: Sendable, Hashable {
    /// The shared library's name, without its ending.
    public var modelIdentifier: String
    /// Steps may differ in length.
    public var canHandleVariableStep = false
    /// Its state can be saved and restored.
    public var canGetAndSetState = false
    /// A process can hold one instance of it alone.
    public var isOncePerProcess = false
    /// It is a door to another program, which must be installed.
    public var needsExecutionTool = false
  }

  /// The experiment that the author had in mind; nil where not said.
  public struct Experiment: Sendable, Hashable {
    /// In the unit of its time (s).
    public var startTime: Double?
    /// In the unit of its time (s).
    public var stopTime: Double?
    /// Relative.
    public var tolerance: Double?
    /// Between communication points (s).
    public var stepSize: Double?
  }
}

/// One variable.
public struct Variable: Sendable, Hashable {
  /// Who sets it, and who reads it.
  public enum Causality: String, Sendable, Hashable, CaseIterable {
    case parameter, calculatedParameter, input, output, local, independent, structuralParameter, dependent
  }
  /// When it may change.
  public enum Variability: String, Sendable, Hashable, CaseIterable { case constant, fixed, tunable, discrete, continuous }
  /// Where its initial value comes from.
  public enum Initial: String, Sendable, Hashable, CaseIterable { case exact, approx, calculated }

  /// Unique in the unit.
  public var name: String
  /// Other names of the same variable.
  public var aliases: [String] = []
  /// Where its values lie.
  public var slot: Slot
  /// Sizes of an array, in order; empty for a scalar.
  public var dimensions: [Int] = []
  /// As written; `local` where nothing is.
  public var causality: Causality
  /// As written, or the standard's default.
  public var variability: Variability
  /// As written, or what the standard says where nothing is; nil for what has no initial value, inputs and the independent variable.
  public var initial: Initial?
  /// One number for each value; empty where not said.
  public var start: [Double] = []
  /// A name among the units; nil where none is said.
  public var unit: String?
  /// In its unit; nil where not said.
  public var minimum: Double?
  /// In its unit; nil where not said.
  public var maximum: Double?
  /// The author's description; nil where there is none.
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
  /// SI units in one of it.
  public var factor = 1.0
  /// Of its 0, in the SI's unit.
  public var offset = 0.0
}
