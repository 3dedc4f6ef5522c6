public import ChangeDetection

/// How each kind of residual is tested for change.
extension ResidualKind {
  /// Lengths and operating times learn their own law; the others are held against the twin's belief.
  var law: StreamLaw {
    switch self {
    case .failures, .microstops: .exponential
    case .repairs, .shortStops: .lognormal
    case .cycle, .scrap, .throughput: .normalScore
    }
  }

  func key(_ station: String?) -> StreamKey {
    let activity: ChangeDetection.Activity =
      switch self {
      case .cycle: .cycleTime
      case .failures: .timeToFailure
      case .repairs: .repair
      case .microstops: .timeToShortStop
      case .shortStops: .shortStop
      case .scrap: .reject
      case .throughput: .throughput
      }
    return StreamKey(station: station, activity)
  }

  /// The test that a twin holds residuals of this kind to.
  public func detector(_ configuration: TwinConfiguration = TwinConfiguration()) -> ChangeStream { ChangeStream(law, settings(configuration)) }

  func settings(_ configuration: TwinConfiguration) -> DetectorSettings {
    DetectorSettings(falseAlarmRate: configuration.falseAlarmRate, sizes: law == .normalScore ? [0.5, 1, 2] : [0.4, 0.8, 1.6], warmUp: 8)
  }
}
