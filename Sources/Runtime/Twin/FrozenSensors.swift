import Learning
import Telemetry

/// Which process variables repeat one value longer than chance allows.
struct FrozenSensors: Sendable {
  private var runs: [FrozenRun]
  init(count: Int) { runs = Array(repeating: FrozenRun(), count: count) }
  mutating func observe(_ variable: Int, _ value: Double) { _ = runs[variable].observe(value) }
  func isFrozen(_ variable: Int) -> Bool { runs[variable].isFrozen }
  func isFrozen(_ role: TagRoles.Role) -> Bool { if case .variable(let v) = role { isFrozen(v) } else { false } }
}

extension LineRecord.Reading {
  /// The same reading, not to be believed.
  var doubted: LineRecord.Reading {
    var reading = self
    reading.quality = .uncertain
    return reading
  }
}
