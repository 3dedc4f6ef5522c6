public import PlantModel
public import Quantities

/// One span of plant time in which reality is compared with what the twin says would have happened without the change.
public struct EvidenceWindow: Hashable, Sendable, Codable {
  public var start: Instant
  public var end: Instant
  /// What happened, per hour, in the objective's unit.
  public var realised: Double
  /// What the twin says would have happened at the baseline set-points, per hour; 0 where arms are compared with each other.
  public var counterfactual: Double
  /// Standard deviation of realised − counterfactual if the change did nothing: chance of the line and of the twin together.
  public var sd: Double
  public init(start: Instant, end: Instant, realised: Double, counterfactual: Double, sd: Double) {
    (self.start, self.end, self.realised, self.counterfactual, self.sd) = (start, end, realised, counterfactual, sd)
  }
  public var gain: Double { realised - counterfactual }
  /// Finite, with a positive spread and length.
  public var isSound: Bool { realised.isFinite && counterfactual.isFinite && sd.isFinite && sd > 0 && end > start }
}

/// What the governor asks the twin for: reality against the counterfactual, since an instant.
public struct EvidenceRequest: Hashable, Sendable, Codable {
  public var change: ChangeID
  /// The step of the rollout, from 0; `probationStep` once the change is settled.
  public var step: Int
  public var since: Instant
  /// The set-points without the change, by tag.
  public var baseline: [String: Double]
  /// The set-points in force now, by tag.
  public var applied: [String: Double]
  public var objective: Objective
  /// Switchback: windows of either arm are compared with each other, so what is wanted is what happened, against a counterfactual of zero.
  /// One that were computed from the stops that were seen would hide what the change does to them.
  public var comparesArms: Bool
  /// Interleaved machines: what is wanted is what single machines did in these spans, and nothing else.
  public var machines: MachineQuestion?
  /// - Parameter comparesArms: true in a stage that is run by switchback pairs.
  public init(
    change: ChangeID, step: Int, since: Instant, baseline: [String: Double], applied: [String: Double], objective: Objective,
    comparesArms: Bool = false
  ) {
    (self.change, self.step, self.since) = (change, step, since)
    (self.baseline, self.applied, self.objective, self.comparesArms) = (baseline, applied, objective, comparesArms)
  }
  /// The step number of evidence on a settled change.
  public static let probationStep = -1
}

/// The twin's answer to an `EvidenceRequest`: all windows since its instant, oldest first, none overlapping.
public struct Evidence: Hashable, Sendable, Codable {
  public var change: ChangeID
  public var step: Int
  public var since: Instant
  public var windows: [EvidenceWindow]
  /// Standard deviation of what all windows share (the twin's own bias), per hour; 0 where the windows' sd holds it already.
  public var commonSD: Double
  /// Share of the time since `since` for which telemetry is missing or bad, 0…1.
  public var missingShare: Double
  /// Everything that the windows rest on has arrived and the twin was valid throughout.
  public var complete: Bool
  /// Answers to `EvidenceRequest.machines`, oldest first; absent where nobody asked, and in facts from before 2026-12.
  public var machines: [MachineWindow]?
  /// How far telemetry reaches, where that is not the end of the last window.
  public var until: Instant?
  public init(
    change: ChangeID, step: Int, since: Instant, windows: [EvidenceWindow], commonSD: Double = 0, missingShare: Double, complete: Bool,
    machines: [MachineWindow]? = nil, until: Instant? = nil
  ) {
    (self.change, self.step, self.since, self.windows) = (change, step, since, windows)
    (self.commonSD, self.missingShare, self.complete) = (commonSD, missingShare, complete)
    (self.machines, self.until) = (machines, until)
  }

  /// How far it reaches.
  var reaches: Instant { until ?? windows.last?.end ?? since }

  /// Why there is nothing to judge by, or nil where there is: missing, incomplete, overlapping or unsound windows never pass as good.
  func flaw(_ rules: GovernorRules) -> String? {
    guard complete else { return "evidence is not complete" }
    guard missingShare <= rules.maxMissingShare else { return "a share of \(missingShare) of the telemetry is missing" }
    guard windows.allSatisfy(\.isSound), commonSD.isFinite, commonSD >= 0 else { return "evidence holds numbers that are not finite" }
    guard zip(windows, windows.dropFirst()).allSatisfy({ $0.end <= $1.start }) else { return "evidence windows overlap" }
    guard let machines else { return nil }
    guard machines.allSatisfy(\.isSound) else { return "evidence of a machine holds numbers that make no sense" }
    var ends: [String: Instant] = [:]
    for window in machines {
      if let end = ends[window.machine], window.start < end { return "evidence windows of \(window.machine) overlap" }
      ends[window.machine] = window.end
    }
    return nil
  }

  /// Every number finite: what holds another has no place in a ledger.
  var isRecordable: Bool {
    missingShare.isFinite && commonSD.isFinite && windows.allSatisfy { $0.realised.isFinite && $0.counterfactual.isFinite && $0.sd.isFinite }
      && (machines ?? []).allSatisfy { window in
        window.made.isFinite && [window.own, window.waiting, window.down, window.unknown].allSatisfy { $0.isFinite }
      }
  }
}
