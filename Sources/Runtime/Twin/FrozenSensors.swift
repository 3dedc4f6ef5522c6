import Learning
import LoopStability
import PlantModel
import Quantities
import Telemetry

/// Which process variables repeat one value longer than chance allows.
struct FrozenSensors: Sendable {
  private var runs: [FrozenRun]
  /// The newest instant that each has told of.
  private var newest: [Instant?]

  init(_ plant: Plant, _ roles: TagRoles) {
    let scatter = Dictionary(
      plant.stations.flatMap(\.processVariables).map { ($0.tag, $0.scatter) }, uniquingKeysWith: { first, _ in first })
    runs = roles.variables.map { FrozenRun(commonest: (scatter[$0.tag] ?? nil).flatMap(Self.commonest)) }
    newest = Array(repeating: nil, count: runs.count)
  }

  /// A resolution so coarse or so fine that it tells nothing leaves it to the readings.
  private static func commonest(_ scatter: SensorScatter) -> Double? {
    let p = FrozenRunLimit.commonest(resolution: scatter.resolution / scatter.noise)
    return p > 0 && p < 1 ? p : nil
  }

  /// A message that comes twice is one reading, and one that was overtaken tells nothing of how long a run is. A source whose clock was set back is
  /// believed all the same.
  mutating func observe(_ variable: Int, _ value: Double, at instant: Instant) {
    if let known = newest[variable], instant <= known, known - instant < .minutes(10) { return }
    newest[variable] = instant
    _ = runs[variable].observe(value)
  }

  func isFrozen(_ variable: Int) -> Bool { runs[variable].isFrozen }
  func isFrozen(_ role: TagRoles.Role) -> Bool { if case .variable(let v) = role { isFrozen(v) } else { false } }
  func isSuspect(_ role: TagRoles.Role) -> Bool { if case .variable(let v) = role { runs[v].isSuspect } else { false } }
}

extension LineRecord.Reading {
  /// The same reading, not to be believed.
  var doubted: LineRecord.Reading {
    var reading = self
    reading.quality = .uncertain
    return reading
  }
}
