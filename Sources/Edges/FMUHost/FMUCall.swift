/// A function of the standard's C interface, by its name without the version: what a failure is told of.
public enum FMUCall: UInt8, Sendable, Hashable, CaseIterable {
  /// Nothing of the unit is running.
  case none
  /// Loading the shared library: its initialisers run.
  case load
  case instantiate, setupExperiment, set, enterInitializationMode, exitInitializationMode, doStep, get, reset
  case getFMUState, setFMUState, freeFMUState, freeInstance

  /// Its name in C, such as `fmi2DoStep`.
  ///
  /// - Parameter major: 2 or 3, the version of the standard.
  public func name(_ major: Int) -> String {
    let fmi = "fmi\(major)"
    return switch self {
    case .none: "no call"
    case .load: "dlopen"
    case .instantiate: fmi + (major == 2 ? "Instantiate" : "InstantiateCoSimulation")
    case .setupExperiment: fmi + "SetupExperiment"
    case .set: fmi + (major == 2 ? "SetReal" : "SetFloat64") + " and its like"
    case .get: fmi + (major == 2 ? "GetReal" : "GetFloat64") + " and its like"
    case .enterInitializationMode: fmi + "EnterInitializationMode"
    case .exitInitializationMode: fmi + "ExitInitializationMode"
    case .doStep: fmi + "DoStep"
    case .reset: fmi + "Reset"
    case .getFMUState: fmi + (major == 2 ? "GetFMUstate" : "GetFMUState")
    case .setFMUState: fmi + (major == 2 ? "SetFMUstate" : "SetFMUState")
    case .freeFMUState: fmi + (major == 2 ? "FreeFMUstate" : "FreeFMUState")
    case .freeInstance: fmi + "FreeInstance"
    }
  }
}

/// What a function of the C interface answers (fmi2Status, fmi3Status: the same numbers).
public enum FMUStatus: Int32, Sendable, Hashable {
  case ok, warning, discard, error, fatal, pending

  /// Whether the call did what it was asked to do.
  public var isDone: Bool { self == .ok || self == .warning }
}
