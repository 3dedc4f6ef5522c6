public import LineModel
public import PlantModel
public import Quantities

/// Reality against what would have happened at other set-points under the same breakdowns, breaks, changeovers and supply.
///
/// For each window, gain = realised − counterfactual. How it is found stands at `Twin.comparison`.
public struct Comparison: Sendable, Hashable, Codable {
  /// All figures per hour.
  public struct Window: Sendable, Hashable, Codable {
    public var start: Instant
    public var end: Instant
    /// Good parts.
    public var realised: Double
    public var counterfactual: Double
    /// Of realised − counterfactual if the set-points made no difference: chance of the line and of the simulation.
    public var sd: Double
    /// In the plant's currency.
    public var realisedValue: Double
    public var counterfactualValue: Double
    public var valueSD: Double
    /// Share of the window in which the states of machines were not known.
    public var missingShare: Double
    public var gain: Double { realised - counterfactual }
    public var valueGain: Double { realisedValue - counterfactualValue }
  }
  public var from: Instant
  public var to: Instant
  public var baseline: Setpoints
  public var calibration: String
  /// Oldest first, none overlapping. A window in which the line was closed for most of the time is left out.
  public var windows: [Window]
  /// Standard deviation per hour of the error that all windows share: of the reference period's mean and of the parameters.
  public var commonSD: Double
  public var commonValueSD: Double
  /// Windows of the reference period behind the error's size.
  public var referenceWindows: Int

  /// The mean gain per hour over all windows and its standard deviation; nil where there is no window.
  public func meanGain(_ objective: Objective) -> (mean: Double, sd: Double)? {
    guard !windows.isEmpty else { return nil }
    let n = Double(windows.count)
    switch objective {
    case .goodPartsPerHour:
      let own = windows.reduce(0) { $0 + $1.sd * $1.sd } / (n * n)
      return (windows.reduce(0) { $0 + $1.gain } / n, (own + commonSD * commonSD).squareRoot())
    case .valuePerHour:
      let own = windows.reduce(0) { $0 + $1.valueSD * $1.valueSD } / (n * n)
      return (windows.reduce(0) { $0 + $1.valueGain } / n, (own + commonValueSD * commonValueSD).squareRoot())
    }
  }
}
