public import Determinism

/// What a plant folder says of a condition: constant, while each `ProcessVariable` made from it moves.
///
/// Regimes are indexed by the caller's own numbering of machine states, such as 0 working, 1 standing, 2 failed:
///
///     let oven = ProcessVariableModel(
///       setpoint: 180, regimes: [.init(gain: 1, offset: 0, timeConstant: 60), .init(gain: 0, offset: 20, timeConstant: 900)])
///     var temperature = oven.start(in: 0, at: 0, stream: stream)
///     temperature.enter(oven.regimes[1], at: 3_600)     // the machine stops
public struct ProcessVariableModel: Sendable, Hashable, Codable {
  /// Before any other is set.
  public var setpoint: Double
  public var deadTime: Double
  /// σ and τ of the noise; σ = 0: none.
  public var noiseDeviation: Double
  public var noiseCorrelationTime: Double
  /// One for each machine state.
  public var regimes: [ProcessVariable.Regime]

  public init(
    setpoint: Double, deadTime: Double = 0, noiseDeviation: Double = 0, noiseCorrelationTime: Double = 0, regimes: [ProcessVariable.Regime]
  ) {
    (self.setpoint, self.deadTime, self.regimes) = (setpoint, deadTime, regimes)
    (self.noiseDeviation, self.noiseCorrelationTime) = (noiseDeviation, noiseCorrelationTime)
  }

  /// What is wrong with these numbers, one sentence for each fault.
  public var faults: [String] {
    var faults: [String] = []
    if !setpoint.isFinite { faults.append("the set-point is \(setpoint)") }
    func check(_ name: String, _ v: Double) {
      if !(v.isFinite && v >= 0) { faults.append("\(name) is \(v), and must be finite and not negative") }
    }
    check("the dead time", deadTime)
    check("the noise's standard deviation", noiseDeviation)
    check("the noise's correlation time", noiseCorrelationTime)
    if regimes.isEmpty { faults.append("there is no regime") }
    for (i, regime) in regimes.enumerated() {
      check("the time constant of regime \(i)", regime.timeConstant)
      if !regime.gain.isFinite || !regime.offset.isFinite { faults.append("regime \(i) tends to \(regime.gain)·u + \(regime.offset)") }
    }
    return faults
  }

  /// A variable in a machine state.
  ///
  /// - Parameter value: y at t; nil: at rest on the set-point.
  /// - Precondition: `faults` is empty; `state` indexes a regime.
  public func start(in state: Int, value: Double? = nil, at t: Double, stream: RandomStream) -> ProcessVariable {
    precondition(faults.isEmpty, "the condition makes no sense: \(faults.joined(separator: "; "))")
    return ProcessVariable(
      setpoint: setpoint, regime: regimes[state], deadTime: deadTime, value: value, noise: (noiseDeviation, noiseCorrelationTime), at: t,
      stream: stream)
  }
}
