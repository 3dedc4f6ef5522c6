/// How a unit is brought back to where it stood when it was instantiated.
public enum Rewinding: UInt8, Sendable, Hashable, CaseIterable {
  /// By fmi2Reset or fmi3Reset, which each unit must have.
  case reset
  /// By the state saved just after it was instantiated, where the unit says that it can.
  case savedState
  /// By freeing it and instantiating another.
  case newInstance
}

/// What the host is to load: one unit, for its whole life.
public struct HostLoad: Sendable, Hashable {
  /// 2 or 3.
  public var major: Int
  /// The shared library's path.
  public var library: String
  /// The unpacked `resources` folder.
  public var resources: String
  /// FMI 2's guid, FMI 3's instantiationToken.
  public var token: String
  /// Told to the unit, for its messages.
  public var instanceName: String

  public init(major: Int, library: String, resources: String, token: String, instanceName: String) {
    (self.major, self.library, self.resources, self.token, self.instanceName) = (major, library, resources, token, instanceName)
  }
}

/// A run from rewinding to the last communication point.
public struct HostRun: Sendable, Hashable {
  /// How the unit is brought back first.
  public var rewinding: Rewinding
  /// Set before initialisation.
  public var start: [Slot] = []
  /// All values of `start`, in its order.
  public var startValues: [Double] = []
  /// Told to the unit, where known.
  public var stopTime: Double?
  /// Relative, told to the unit's solver; nil: its own.
  public var tolerance: Double?
  /// The communication points; at the first one the unit is initialised. One point alone: initialised and read, no step.
  public var points: [Double] = []
  /// Set at each communication point.
  public var inputs: [Slot] = []
  /// A row for each point, or one row for all; held from the point to the next.
  public var inputValues: [Double] = []
  /// Read at each communication point.
  public var records: [Slot] = []
  /// False: a point is read before its own inputs are set, as other masters do. True: after.
  public var readsAfterInputs = false
  /// The state is saved at this point, the rest run, the state restored and the rest run again: the second time counts.
  public var repeatsFrom: Int?

  public init(rewinding: Rewinding) { self.rewinding = rewinding }
}

/// What the host is asked.
public enum HostRequest: Sendable, Hashable {
  case load(HostLoad)
  case run(HostRun)
}

/// What it answers.
public enum HostReply: Sendable, Hashable {
  case loaded
  /// A row for each communication point, a column for each value of `records`.
  case rows([Double])
  /// A call was answered by a status that is none of ok and warning.
  case failed(call: FMUCall, status: FMUStatus, time: Double, messages: [String])
  /// The library cannot be used at all.
  case unusable(String)
}
