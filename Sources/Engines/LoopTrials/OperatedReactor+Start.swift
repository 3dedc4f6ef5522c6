public import ContinuousPlants
internal import Determinism

extension OperatedReactor {
  /// A feasible operating point of the plant, by the seed: F_B 4.45 … 4.75 kg/s, T 79.5 … 81 °C, 0.001 inside both limits.
  ///
  /// - Throws: `noRest` where the reactor has none at a point that was drawn.
  public static func feasibleStart(seed: UInt64) throws(ContinuousPlantError) -> [Double] {
    var stream = RandomStream(seed: seed, "start")
    while true {
      let u = [stream.uniform(4.45, 4.75), stream.uniform(79.5, 81)]
      let x = try WilliamsOtto(.threeReactions, at: u).steady()
      if x[0] < WilliamsOtto.limitA - 1e-3, x[5] < WilliamsOtto.limitG - 1e-3 { return u }
    }
  }
}
