/// One minute of the line, closed: what calibration, residuals and replays are made from.
struct LineMinute: Sendable, Hashable {
  struct Station: Sendable, Hashable {
    /// Seconds in each activity, by its index in `Activity.allCases`.
    var seconds = StationSeconds()
    var processed = 0
    var rejected = 0
    var failures = 0
    var microstops = 0
    /// Work on parts that had something to work on and room to go: parts, Σ seconds at the rated speed, Σ squares over single parts.
    var cycleParts = 0
    var cycleSum = 0.0
    var singles = 0
    var singleSum = 0.0
    var singleSquares = 0.0
    /// The machine's own word on its speed, as seconds per part at the rated speed.
    var speedReadings = 0
    var speedSum = 0.0
    /// Speed / rated at the end of the minute.
    var ratio = 1.0
    /// Index into the record's products; the one in work at the end of the minute.
    var product = 0
  }
  /// Minutes since 1970.
  var minute: Int64
  var stations: [Station]
  /// Time-weighted mean of each variable; NaN where unknown.
  var values: [Double]
  /// Set-points read back at the end of the minute.
  var setpoints: [Double]
  /// At the beginning: parts in each buffer, and what each station did.
  var levels: [Int]
  var activities: [Activity]
  /// Parts that came into each buffer from outside.
  var supplied: [Int]

  /// Good parts that left the line.
  func good(_ sinks: [Int]) -> Int { sinks.reduce(0) { $0 + stations[$1].processed - stations[$1].rejected } }
  var rejected: Int { stations.reduce(0) { $0 + $1.rejected } }
}

/// Seconds by activity.
struct StationSeconds: Sendable, Hashable {
  var running = 0.0
  var waiting = 0.0
  var failed = 0.0
  var microstopped = 0.0
  var closed = 0.0
  var unknown = 0.0

  subscript(activity: Activity) -> Double {
    get {
      switch activity {
      case .running: running
      case .waiting: waiting
      case .failed: failed
      case .microstopped: microstopped
      case .closed: closed
      case .unknown: unknown
      }
    }
    set {
      switch activity {
      case .running: running = newValue
      case .waiting: waiting = newValue
      case .failed: failed = newValue
      case .microstopped: microstopped = newValue
      case .closed: closed = newValue
      case .unknown: unknown = newValue
      }
    }
  }
}
