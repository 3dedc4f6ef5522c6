public import Telemetry

/// What a plant made of a write.
public enum WriteOutcome: Sendable, Hashable {
  case applied
  /// Held inside the machine's own limits; the value that it took.
  case clamped(Double)
  /// No such set-point, or no finite number.
  case refused

  var name: String {
    switch self {
    case .applied: "applied"
    case .clamped: "clamped"
    case .refused: "rejected"
    }
  }
}

extension ReferencePlant {
  /// A write from outside to a tag (`Filler/MachSpeed`), at the present time.
  ///
  /// The machine clamps to its own limits and reports what it made of it. A speed is in force from the next part on, a process variable
  /// follows by its own dynamics. Text, NaN, infinity and tags that are no set-points are refused. Every write is logged, refused or not.
  /// - Parameter via: how it came, for the truth log.
  @discardableResult
  public mutating func write(_ tag: String, _ value: SampleValue, via: String = "call") -> WriteOutcome {
    let requested: TruthValue =
      switch value {
      case .number(let x): x.isFinite ? .number(x) : .text(x.description)
      case .text(let s): .text(s)
      }
    guard let target = setpoint(tag), let x = value.number, x.isFinite else {
      logWrite(tag, requested, via, .refused, shown: setpoint(tag).map { self[$0] })
      return .refused
    }
    let clamped = clamp(x, target)
    if let v = target.variable {
      machines[target.machine].variables[v].command(clamped, at: now)
    } else {
      machines[target.machine].speed.value = clamped
    }
    let outcome: WriteOutcome = clamped == x ? .applied : .clamped(clamped)
    logWrite(tag, requested, via, outcome, shown: clamped)
    if isObserved {
      let tags = layout.stations[target.machine]
      emit(target.variable.map { tags.variableSets[$0] } ?? tags.speedSet, .double(clamped), force: true)
    }
    return outcome
  }

  private struct Target {
    var machine: Int
    /// Nil: the speed.
    var variable: Int?
  }

  private func setpoint(_ tag: String) -> Target? {
    for (i, machine) in machines.enumerated() {
      if tag == "\(machine.truth.name)/MachSpeed" { return Target(machine: i, variable: nil) }
      for (v, variable) in machine.variables.enumerated() where tag == "\(machine.truth.name)/\(variable.truth.name)Set" {
        return Target(machine: i, variable: v)
      }
    }
    return nil
  }

  private subscript(target: Target) -> Double {
    target.variable.map { machines[target.machine].variables[$0].setpoint.value } ?? machines[target.machine].speed.value
  }

  private func clamp(_ x: Double, _ target: Target) -> Double {
    target.variable.map { machines[target.machine].variables[$0].setpoint.clamped(x) } ?? machines[target.machine].speed.clamped(x)
  }

  private mutating func logWrite(_ tag: String, _ requested: TruthValue, _ via: String, _ outcome: WriteOutcome, shown: Double?) {
    let value: TruthValue = shown.map { .number($0) } ?? .null
    log(
      "write",
      [
        .init("tag", .text(tag)), .init("requested", requested), .init("shown", value), .init("used", value), .init("via", .text(via)),
        .init("outcome", .text(outcome.name)),
      ])
  }
}
