public import Quantities

/// How false alarms are shared out over streams of different pace.
///
/// Rates add: with λ_i observations a second and p_i false alarms an observation, the bank raises Σλ_i·p_i false alarms a second, however
/// much the streams depend on one another.
public enum AlarmBudget {
  /// The false alarms per observation of each stream if all together are to raise one in `patience`, each the same share.
  ///
  /// - Parameter observations: how many each stream is expected to bring in that time; below one counts as one.
  public static func shares(oneIn patience: Duration, observationsPerHour: [Double]) -> [Double] {
    precondition(patience > .zero, "patience \(patience.seconds) s")
    let share = 1 / Double(max(observationsPerHour.count, 1))
    return observationsPerHour.map { min(share / max($0 * patience.hours, 2 * share), 0.5) }
  }
}
