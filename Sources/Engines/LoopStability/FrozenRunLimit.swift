internal import Determinism
internal import Probability

/// How many equal readings in a row a healthy sensor does not show: what the design of a sensor tells before any reading. `FrozenRun` (Learning)
/// learns the same from the readings themselves.
public enum FrozenRunLimit {
  /// p = Φ(q/2) − Φ(−q/2): the chance of the commonest value of a white normal signal of deviation 1 that is rounded to multiples of q.
  ///
  /// - Parameter resolution: q, the sensor's least step over the signal's standard deviation, > 0.
  public static func commonest(resolution: Double) -> Double { 1 - 2 * Normal.survival(resolution / 2) }

  /// The least n with pⁿ < falseAlarm, where p is the chance of the commonest value: 9 readings for q = ½, 15 for 1, 37 for 2, 97 for 3, at one in a million.
  ///
  /// - Parameters:
  ///   - resolution: q, the sensor's least step over the signal's standard deviation, > 0.
  ///   - falseAlarm: chance of so long a run, each sample, in (0, 1).
  public static func readings(resolution: Double, falseAlarm: Double = 1e-6) -> Int {
    precondition(resolution > 0 && falseAlarm > 0 && falseAlarm < 1, "a resolution of \(resolution) at \(falseAlarm)")
    let p = commonest(resolution: resolution)
    guard p < 1 else { return .max }
    return Int((Portable.log(falseAlarm) / Portable.log(p)).rounded(.up))
  }
}
