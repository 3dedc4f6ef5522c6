import Telemetry

/// One station: its set-points, its luck, and where it is in its work. `ReferencePlant` moves parts between machines.
struct Machine: Sendable {
  /// A reported state and for how long.
  typealias Step = (state: MachineState, seconds: Double)

  /// What ends the stretch of work that runs now.
  enum Ending: Sendable { case finish, failure, microstop }

  enum Phase: Sendable {
    /// Waits for a part or for room.
    case waiting
    case working(Ending)
    /// Goes through states that take time (start-up, repair, a jam); `left` are still to come.
    case stepping(left: [Step])
  }

  var truth: StationTruth
  var speed: Setpoint
  var variables: [ProcessVariable]

  var phase = Phase.waiting
  /// When the phase ends by itself; infinite while waiting.
  var due = Double.infinity
  var state = MachineState.idle
  /// When a wait becomes long enough to be reported as Suspended.
  var suspendDue = Double.infinity
  var part: Part?
  /// The part in hand is finished and waits for room.
  var isFinished = false
  /// Seconds of work left on the part at `stretchStart`.
  var workLeft = 0.0
  var stretchStart = 0.0
  /// Speed / rated and wear, as in force for the part in hand.
  var ratio = 1.0
  var strain = 0.0
  /// Operating time to the next failure and micro-stop, as shares of their present means.
  var toFailure: Double
  var toMicrostop: Double
  var stopStart = 0.0
  var stopSeconds = 0.0
  var isFailed = false

  var use = TimeUse.idle
  var useSince = 0.0
  var account = TimeAccount()
  var processed = 0
  var rejected = 0
  var defectsMade = 0
  /// Seconds of work at the rated speed for what was processed.
  var ideal = 0.0

  private var cycleStream: Xoshiro256
  private var failStream: Xoshiro256
  private var repairStream: Xoshiro256
  private var microStream: Xoshiro256
  private var holdStream: Xoshiro256
  private var scrapStream: Xoshiro256
  private var inspectStream: Xoshiro256

  init(_ truth: StationTruth, seed: UInt64, setpoints: [String: Double]) {
    func stream(_ purpose: String) -> Xoshiro256 { Xoshiro256(seed: seed, truth.name, purpose) }
    self.truth = truth
    let s = truth.speed
    speed = Setpoint(s.set, s.low, s.high)
    speed.value = speed.clamped(setpoints["\(truth.name)/MachSpeed"] ?? s.set)
    variables = truth.variables.map { v in
      let wanted = setpoints["\(truth.name)/\(v.name)Set"] ?? v.set
      return ProcessVariable(v, setpoint: min(max(wanted, v.low), v.high), stream: stream(v.name))
    }
    var (fail, micro) = (stream("fail"), stream("micro"))
    toFailure = truth.failure.map { fail.unitWeibull(shape: $0.shape) } ?? .infinity
    toMicrostop = truth.microstop == nil ? .infinity : micro.unitWeibull(shape: 1)
    (cycleStream, failStream, repairStream) = (stream("cycle"), fail, stream("repair"))
    (microStream, holdStream) = (micro, stream("hold"))
    (scrapStream, inspectStream) = (stream("scrap"), stream("inspect"))
  }

  /// Draws the seconds of work for the next part, as the mean is now.
  mutating func drawWork() -> Double {
    let mean = cycleMean
    return switch truth.cycle.shape {
    case .gamma: cycleStream.gamma(mean: mean, cv: truth.cycle.cv)
    case .lognormal: cycleStream.lognormal(mean: mean, cv: truth.cycle.cv)
    }
  }

  mutating func drawRepair() -> Double {
    guard let f = truth.failure else { return 0 }
    toFailure = failStream.unitWeibull(shape: f.shape)
    return repairStream.lognormal(mean: f.mttrMinutes * 60, cv: f.cv)
  }

  mutating func drawHold() -> Double {
    guard let m = truth.microstop else { return 0 }
    toMicrostop = microStream.unitWeibull(shape: 1)
    return holdStream.lognormal(mean: m.meanSeconds, cv: m.cv)
  }

  /// Whether the part just finished is spoilt here. One number from the stream for each part.
  mutating func drawSpoilt() -> Bool { scrapStream.uniform() < scrapProbability }

  /// Whether the inspection rejects the part in hand. One number from the stream for each inspected part.
  mutating func drawRejected(isDefective: Bool, _ inspection: InspectionTruth) -> Bool {
    inspectStream.uniform() < (isDefective ? inspection.sensitivity : inspection.falseReject)
  }

  /// Books the time since the last change under what it was used for.
  mutating func enter(_ next: TimeUse, at now: Double) {
    account[use] += now - useSince
    (use, useSince) = (next, now)
  }
}
