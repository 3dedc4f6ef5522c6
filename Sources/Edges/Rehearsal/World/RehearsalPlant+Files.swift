import PlantModel

extension RehearsalPlant {
  /// The texts of a plant folder, by path.
  static func files(_ rollout: RehearsedRollout, revision: Int) -> [String: String] {
    let hasLike = rollout == .interleave
    // Who goes to and fro by a calendar moves more in an hour.
    let limits = limits(of: revision, hourly: rollout == .ramp ? 1 : 3)
    return [
      "plant.yaml": ([line, mixer("Mixer", [pressureVariable])] + (hasLike ? [mixer("MixerB")] : []) + [filler]).joined(separator: "\n"),
      "envelope.yaml": ([limits] + (hasLike ? [likeLimits] : []) + [interlocks]).joined(separator: "\n"),
      "loops/blend.yaml": loop(
        moves: hasLike ? "Mixer/MachSpeed, Mixer/TempSet, MixerB/MachSpeed, MixerB/TempSet" : "Mixer/MachSpeed, Mixer/TempSet",
        cadence: revision == 2 ? "16 min" : "15 min", pairs: rollout == .ramp ? nil : rollout.rawValue),
      "connections.yaml": "clock: system\n",
    ]
  }

  private static let line = """
    plant: blend
    path: rehearsal/site/area/blend
    ideal_cycle: 2.5 s
    prices: {currency: EUR, good: 1, scrap: 0.5, escape: 3}
    buffers:
      B0: {capacity: 100}
      B1: {capacity: 30}
    sources:
      Bottles: {into: B0, lot: 48, interval: {gamma: {mean: 105 s, cv: 0.25}}}
    stations:
    """

  /// - Parameter variables: besides the temperature.
  private static func mixer(_ name: String, _ variables: [String] = []) -> String {
    ([
      """
        \(name):
          in: {B0: 1}
          out: B1
          cycle: {gamma: {mean: 2.5 s, cv: 0.1}}
          speed: {rated: 24 1/min, low: 15 1/min, high: 32 1/min}
          scrap: 1 %
          process_variables:
      """
    ] + (variables + ["Temp: {unit: Cel, set: 60 Cel, low: 40 Cel, high: 90 Cel, sensor: {low: 0 Cel, high: 120 Cel}}"]).map { "      \($0)" })
    .joined(separator: "\n")
  }

  private static let pressureVariable =
    "Pressure: {unit: bar, set: 2 bar, low: 1 bar, high: 5 bar, sensor: {low: 0 bar, high: 10 bar, resolution: 0.05 bar, noise: 0.05 bar}}"

  private static let filler = """
      Filler:
        in: {B1: 1}
        out: sink
        cycle: {gamma: {mean: 2.4 s, cv: 0.1}}
        speed: {rated: 25 1/min, low: 15 1/min, high: 32 1/min}
        scrap: 1 %
        process_variables:
          Nozzle: {unit: mm, set: 5 mm, low: 1 mm, high: 9 mm, sensor: {low: 0 mm, high: 10 mm}}
    """

  private static func limits(of revision: Int, hourly: Int) -> String {
    """
    authority_ceiling: closed_loop
    heartbeat_timeout: 90 s
    limits:
      Mixer/MachSpeed: {low: 18 1/min, high: \(revision == 1 ? 28 : 29) 1/min, max_step: 2 1/min, max_per_hour: \(12 * hourly) 1/min, max_drift: 4 1/min}
      Mixer/TempSet: {low: 50 Cel, high: 75 Cel, max_step: 4 K, max_per_hour: \(20 * hourly) K, max_drift: 8 K, hold: keep}
      Filler/MachSpeed: {low: 18 1/min, high: 29 1/min, max_step: 2 1/min, max_per_hour: 12 1/min}
    """
  }

  private static let likeLimits = """
      MixerB/MachSpeed: {low: 18 1/min, high: 29 1/min, max_step: 2 1/min, max_per_hour: 36 1/min, max_drift: 4 1/min}
      MixerB/TempSet: {low: 50 Cel, high: 75 Cel, max_step: 4 K, max_per_hour: 60 K, max_drift: 8 K, hold: keep}
    """

  private static let interlocks = """
    interlocks:
      PressureHigh: {tag: Mixer/Pressure, above: 4 bar}
    """

  /// - Parameter pairs: the key by which stages are run in pairs; nil: they are judged against the twin.
  private static func loop(moves: String, cadence: String, pairs: String?) -> String {
    """
    program: setpoints
    moves: [\(moves)]
    objective: good_parts_per_hour
    cadence: \(cadence)
    deadline: 5 min
    authority: closed_loop
    rollout:
      shadow: 2 min
      steps: [0.5, 1]
      dwell: 10 min
      timeout: 60 min
      keep_share: 0.5
      alpha_gain: 0.10
      alpha_harm: 0.20
      \(pairs.map { "\($0): {pairs: 8, dwell: 10 min, washout: 3 min}" } ?? "")
    """
  }
}
