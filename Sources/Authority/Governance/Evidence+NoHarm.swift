internal import PlantModel
internal import Quantities

/// Non-inferiority as superiority: that a change loses no more than a margin is that it beats what the line would have made, less the margin.
///
/// The margin is taken of each window's own counterfactual. So a window in which the line would have made nothing, a night or a clogged
/// supply, says nothing, where a margin in parts an hour would let idle hours prove that no harm is done.
///
/// - Source: for margins that keep their meaning, ICH E9 (1998) section 3.3.2; M. Rothmann et al. 2003, doi:10.1002/sim.1425.
extension Evidence {
  /// The same windows against (1 − share) of the counterfactual; where arms are compared, those at the baseline count for (1 − share) of what they
  /// made.
  func tolerating(_ share: Double, _ design: SwitchbackDesign?) -> Evidence {
    var evidence = self
    for index in windows.indices {
      let window = windows[index]
      if let design {
        guard design.position(at: window.start, since: since)?.arm == .baseline else { continue }
        evidence.windows[index].realised -= share * window.realised.magnitude
      } else {
        evidence.windows[index].counterfactual -= share * window.counterfactual.magnitude
      }
    }
    return evidence
  }

  /// What the line would make, as a scale that is fixed before anything is judged: of the first window in which it would make anything.
  func scale(_ design: SwitchbackDesign?) -> Double? {
    windows.lazy.map { (design == nil ? $0.counterfactual : $0.realised).magnitude }.first { $0 > 0 && $0.isFinite }
  }

  /// The mean of what the line would make, over all windows; 0 where there are none.
  func meanRate(_ design: SwitchbackDesign?) -> Double {
    windows.isEmpty ? 0 : windows.reduce(0) { $0 + (design == nil ? $1.counterfactual : $1.realised).magnitude } / Double(windows.count)
  }
}

extension Judgement {
  /// Of evidence that tolerated a loss: back on the scale of gains, in words of its own.
  func about(margin: Double) -> Judgement {
    var judgement = self
    guard verdict != .noEvidence else { return self }
    judgement.estimate -= margin
    if lower > -Self.unbounded { judgement.lower -= margin }
    if upper < Self.unbounded { judgement.upper -= margin }
    switch verdict {
    case .keep: judgement.reason = "it does no harm: any loss is below \(Self.text(margin)) per hour"
    case .rollback: judgement.reason = "it loses more than the \(Self.text(margin)) per hour that it may"
    default: break
    }
    return judgement
  }

  private static func text(_ rate: Double) -> String {
    let tenths = (rate * 10).rounded() / 10
    return tenths == tenths.rounded() && tenths.magnitude < 1e15 ? "\(Int(tenths))" : "\(tenths)"
  }
}
