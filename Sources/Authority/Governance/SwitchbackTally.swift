internal import PlantModel
public import Quantities
public import SequentialTesting

/// What the pairs of a switchback say so far: the windows of each finished pair, made into one difference.
///
/// A pair's difference is the mean gain of the candidate's windows less that of the baseline's, each window weighted by its length. What
/// the counterfactual gets wrong in both arms cancels, so `Evidence.commonSD` does not enter; a counterfactual that foretells some of the
/// noise makes the pairs sharper, and one of zero is as valid.
///
/// A pair is void where either arm lacks half of its dwell, or where it is named in `excluding`. Void pairs are passed over. That is sound
/// for reasons that have nothing to do with the arm (telemetry lost, the line closed); a write that did not arrive in time is not one of
/// them, so more than a few void pairs are no evidence (`SwitchbackJudge`).
public struct SwitchbackTally: Hashable, Sendable {
  /// Nil before the first complete pair.
  public private(set) var pairs: RandomizedPairs?
  /// Finished pairs that do not count.
  public private(set) var void = 0
  /// The least share of its dwell that an arm's windows must cover.
  public static let coverage = 0.5

  /// - Parameters:
  ///   - windows: oldest first, none overlapping; those in a washout are passed over.
  ///   - since: when the design began.
  ///   - until: how far the windows reach; pairs that end later are not finished.
  ///   - excluding: pairs in which an arm did not stand at its set-points when its dwell began.
  public init(
    _ windows: [EvidenceWindow], _ design: SwitchbackDesign, since: Instant, until: Instant, excluding: Set<Int> = []
  ) {
    var arms: [Int: (candidate: ArmMean, baseline: ArmMean)] = [:]
    for window in windows {
      guard let position = design.position(of: window, since: since) else { continue }
      switch position.arm {
      case .candidate: arms[position.pair, default: (ArmMean(), ArmMean())].candidate.add(window)
      case .baseline: arms[position.pair, default: (ArmMean(), ArmMean())].baseline.add(window)
      }
    }
    for pair in 0..<design.spec.pairs {
      guard design.end(ofPair: pair, since: since) <= until else { break }
      let needed = Self.coverage * design.spec.dwell.seconds
      guard let (candidate, baseline) = arms[pair], candidate.seconds >= needed, baseline.seconds >= needed, !excluding.contains(pair) else {
        void += 1
        continue
      }
      let difference = candidate.mean - baseline.mean
      let sd = (candidate.variance + baseline.variance).squareRoot()
      // Finite numbers can still overflow on the way.
      guard difference.isFinite, sd.isFinite, sd > 0 else {
        void += 1
        continue
      }
      if pairs == nil { pairs = RandomizedPairs(expectedSD: sd) }
      pairs?.add(difference)
    }
  }

  public var count: Int { pairs?.count ?? 0 }

  /// A mean over windows, weighted by their length.
  private struct ArmMean {
    var seconds = 0.0
    private var sum = 0.0
    private var squares = 0.0
    var mean: Double { sum / seconds }
    /// Of the mean, by the declared standard deviations, as if windows were independent.
    var variance: Double { squares / (seconds * seconds) }
    mutating func add(_ window: EvidenceWindow) {
      let length = (window.end - window.start).seconds
      seconds += length
      sum += length * window.gain
      squares += length * length * window.sd * window.sd
    }
  }
}
