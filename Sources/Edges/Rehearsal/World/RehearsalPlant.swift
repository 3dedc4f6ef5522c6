import Governance
import PlantModel
import Quantities

/// How the stages of the rehearsed loop are run.
public enum RehearsedRollout: String, Sendable, Hashable, CaseIterable {
  /// Step by step, judged against the twin.
  case ramp
  /// By switchback pairs on the whole line.
  case switchback
  /// By pairs on two like machines.
  case interleave
}

/// The plant folders of the rehearsal: one small line in three revisions. Where machines are interleaved it has a second mixer.
struct RehearsalPlant {
  /// The tag of the interlock.
  static let pressure = "Mixer/Pressure"
  /// A set-point of the plant that no loop may move, and one without limits.
  static let forbidden = "Filler/MachSpeed"
  static let unlimited = "Filler/NozzleSet"
  /// How finely the pressure is shown, and how much it wanders, bar.
  static let pressureStep = 0.05
  static let revisions = 0..<3

  /// By rollout: read once.
  private static let all = Dictionary(uniqueKeysWithValues: RehearsedRollout.allCases.map { ($0, RehearsalPlant(reading: $0)) })

  /// Every sensor, in the order by which faults name them: the set-points, then the pressure.
  let sensors: [String]
  /// Those that a loop's writes rest on.
  let important: [Int]
  /// By revision.
  let envelopeHashes: [String]
  private let folders: [PlantFolder]

  init(_ rollout: RehearsedRollout) { self = Self.all[rollout]! }

  private init(reading rollout: RehearsedRollout) {
    folders = Self.revisions.map { Self.read(rollout, revision: $0) }
    let (plant, loops) = (folders[0].plant, folders[0].loops)
    let sensors = plant.setpoints.map(\.tag) + [Self.pressure]
    self.sensors = sensors
    important = sensors.indices.filter { index in sensors[index] == Self.pressure || loops.contains { $0.moves.contains(sensors[index]) } }
    envelopeHashes = folders.map { GovernancePlan($0, rules: World.rules).envelopeHash }
  }

  /// The sensors of each edge node, by machine, and how often each reports; the pressure by itself where it has an interval of its own.
  func nodes(pressureEvery interval: Duration) -> [(sensors: [Int], interval: Duration)] {
    // What no loop moves is reported half as often.
    let usual = Duration.seconds(60)
    let isApart = interval != usual
    var nodes = [("Mixer/", usual), ("Filler/", usual * 2), ("MixerB/", usual)].map { machine, interval in
      (sensors: sensors.indices.filter { sensors[$0].hasPrefix(machine) && !(isApart && sensors[$0] == Self.pressure) }, interval: interval)
    }
    nodes.removeAll(where: \.sensors.isEmpty)
    if isApart { nodes.append((sensors: [sensors.count - 1], interval: interval)) }
    return nodes
  }

  /// - Parameters:
  ///   - revision: 0, or 1 with tighter limits, or 2 with another cadence.
  ///   - authority: that the loop starts with.
  ///   - steps: of its rollout.
  func folder(revision: Int, authority: Authority, steps: [Double]) -> PlantFolder {
    var folder = folders[revision]
    for i in folder.loops.indices {
      folder.loops[i].authority = authority
      folder.loops[i].rollout.steps = steps
    }
    return folder
  }

  private static func read(_ rollout: RehearsedRollout, revision: Int) -> PlantFolder {
    do {
      var folder = try PlantFolder.read(files: files(rollout, revision: revision))
      for i in folder.plant.tags.indices { folder.plant.tags[i].staleAfter = .minutes(3) }
      return folder
    } catch { preconditionFailure("the rehearsal's plant folder is wrong: \(error)") }
  }
}
