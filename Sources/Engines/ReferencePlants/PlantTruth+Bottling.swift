extension PlantTruth {
  /// The bottling line: Rinser, Filler, Capper, Labeller. The Filler is the bottleneck at the design's set-points and bears 10 to 15 %
  /// more; fill pressure and cap torque stand off their optimum; all other set-points are nearly right.
  public static let bottling = PlantTruth(
    name: "bottling", group: "Takt", node: "Bottling", idealCycle: 2.5, prices: PriceTruth(good: 1, scrap: 0.5, escape: 3),
    product: "Still500", orderSize: 4000,
    source: SourceTruth(name: "Bottles", lot: 60, interval: 105, cv: 0.25),
    buffers: [
      BufferTruth(name: "B0", capacity: 240, transit: 0, hasSensor: true),
      BufferTruth(name: "B1", capacity: 30, transit: 6, hasSensor: true),
      BufferTruth(name: "B2", capacity: 40, transit: 8, hasSensor: false),
      BufferTruth(name: "B3", capacity: 36, transit: 8, hasSensor: true),
    ],
    stations: [.rinser, .filler, .capper, .labeller])
}

extension StationTruth {
  static let rinser = StationTruth(
    name: "Rinser",
    speed: SpeedTruth(rated: 28, set: 28, low: 15, high: 32),
    cycle: CycleTruth(shape: .gamma, cv: 0.08, slow: 1.01),
    failure: FailureTruth(mtbfHours: 4, shape: 1.3, mttrMinutes: 2.5, cv: 0.7),
    microstop: MicrostopTruth(everyMinutes: 18, meanSeconds: 12, cv: 0.7, speedExponent: 2.5),
    scrap: ScrapTruth(base: 0.002, speed: 0.4, speedFrom: 1.05, detection: .own),
    variables: [
      VariableTruth(
        name: "RinseTemp", unit: "degC", set: 60, low: 50, high: 75, gain: 0.9, deadSeconds: 30, lagSeconds: 240, noise: 0.6, noiseSeconds: 180,
        effect: EffectTruth(optimum: 62.5, width: 10, coefficient: 0.05),
        sensor: SensorTruth(low: 0, high: 120, deviation: 0.1, step: 0.1, deadband: 0.2))
    ])

  static let filler = StationTruth(
    name: "Filler",
    speed: SpeedTruth(rated: 24, set: 24, low: 15, high: 30),
    cycle: CycleTruth(shape: .gamma, cv: 0.10, slow: 1.02),
    failure: FailureTruth(mtbfHours: 3, shape: 1.4, mttrMinutes: 4, cv: 0.8),
    microstop: MicrostopTruth(everyMinutes: 15, meanSeconds: 20, cv: 0.8, speedExponent: 4),
    scrap: ScrapTruth(base: 0.004, speed: 2.4, speedFrom: 1.03, detection: .own),
    variables: [
      VariableTruth(
        name: "FillPressure", unit: "bar", set: 2.2, low: 1.4, high: 3.4, gain: 0.95, deadSeconds: 8, lagSeconds: 40, noise: 0.05,
        noiseSeconds: 90, effect: EffectTruth(optimum: 2.5, width: 0.45, coefficient: 0.10, speedShift: 0.15),
        sensor: SensorTruth(low: 0, high: 6, deviation: 0.01, step: 0.001, deadband: 0.005))
    ])

  static let capper = StationTruth(
    name: "Capper",
    speed: SpeedTruth(rated: 28, set: 28, low: 15, high: 32),
    cycle: CycleTruth(shape: .lognormal, cv: 0.12, slow: 1.0),
    failure: FailureTruth(mtbfHours: 3.5, shape: 1.6, mttrMinutes: 3, cv: 0.7),
    microstop: MicrostopTruth(everyMinutes: 14, meanSeconds: 15, cv: 0.7, speedExponent: 4),
    scrap: ScrapTruth(base: 0.003, speed: 0.6, speedFrom: 1.0, detection: .latent),
    variables: [
      VariableTruth(
        name: "CapTorque", unit: "N.m", set: 1.8, low: 1.0, high: 3.0, gain: 1.1, deadSeconds: 2, lagSeconds: 12, noise: 0.06,
        noiseSeconds: 45, effect: EffectTruth(optimum: 2.15, width: 0.5, coefficient: 0.08),
        sensor: SensorTruth(low: 0, high: 5, deviation: 0.02, step: 0.01, deadband: 0.02))
    ])

  static let labeller = StationTruth(
    name: "Labeller",
    speed: SpeedTruth(rated: 28, set: 28, low: 15, high: 32),
    cycle: CycleTruth(shape: .lognormal, cv: 0.15, slow: 1.02),
    failure: FailureTruth(mtbfHours: 2.5, shape: 1.2, mttrMinutes: 2, cv: 0.8),
    microstop: MicrostopTruth(everyMinutes: 11, meanSeconds: 18, cv: 0.9, speedExponent: 3),
    scrap: ScrapTruth(base: 0.003, speed: 0.5, speedFrom: 1.0, detection: .own),
    variables: [
      VariableTruth(
        name: "GlueTemp", unit: "degC", set: 140, low: 120, high: 170, gain: 0.92, deadSeconds: 20, lagSeconds: 150, noise: 0.9,
        noiseSeconds: 120, effect: EffectTruth(optimum: 143, width: 10, coefficient: 0.06),
        sensor: SensorTruth(low: 0, high: 250, deviation: 0.2, step: 0.1, deadband: 0.3))
    ],
    inspection: InspectionTruth(sensitivity: 0.98, falseReject: 0.001))
}
