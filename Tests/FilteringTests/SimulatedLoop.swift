import Continuous
import Determinism
import LinearAlgebra

@testable import Filtering

/// A first-order process with dead time under a discrete PI controller: the known truth of the dead-time studies.
///
/// Every h the output y = x + z + v is read and the input u = Kc·(e + Σe·h/Ti) set, e = r − y, about an operating point. z is Ornstein–Uhlenbeck
/// noise, v the sensor's. Controller by SIMC with τc = θ: Kc = τ/(2·K·θ), Ti = min(τ, 8θ). In open loop u follows the set-point's steps directly.
struct SimulatedLoop {
  var gain = 2.0
  var timeConstant = 20.0
  var deadTime = 7.35
  var interval = 1.0
  /// z and v.
  var noise = (deviation: 0.1, correlationTime: 10.0)
  var sensorDeviation = 0.05
  var isClosed = true
  /// The set-point, or in open loop the input, at sample k.
  var setpoint: @Sendable (Int) -> Double = { ($0 / 60) % 2 == 0 ? 0 : 1 }
  static let operatingPoint = (input: 30.0, output: 180.0)

  struct Run {
    var record: LoopRecord
    /// The process without noise at each sample.
    var states: [Double]
  }

  func run(_ count: Int, _ stream: RandomStream) throws -> Run {
    var (own, sensor) = (stream.split("z"), stream.split("v"))
    var process = FirstOrderPlusDeadTime(gain: gain, timeConstant: timeConstant, deadTime: deadTime)
    var z = OrnsteinUhlenbeck(deviation: noise.deviation, correlationTime: noise.correlationTime, stream: &own)
    let (kc, ti) = (timeConstant / (2 * gain * deadTime), min(timeConstant, 8 * deadTime))
    var integral = 0.0
    var (inputs, outputs, setpoints, states): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
    for k in 0..<count {
      let t = Double(k) * interval
      process.advance(to: t)
      if k > 0 { z.advance(by: interval, stream: &own) }
      let y = process.value + z.value + sensorDeviation * sensor.normal()
      let r = setpoint(k)
      let e = r - y
      integral += e * interval
      let u = isClosed ? kc * (e + integral / ti) : r
      process.set(u, at: t)
      inputs.append(Self.operatingPoint.input + u)
      outputs.append(Self.operatingPoint.output + y)
      setpoints.append(Self.operatingPoint.output + r)
      states.append(process.value)
    }
    return Run(record: try LoopRecord(interval: interval, inputs: inputs, outputs: outputs, setpoints: setpoints), states: states)
  }

  /// The standard deviations of the best unbiased estimates of (K, log τ, θ) for this run: the Cramér–Rao bound, from the information at the truth
  /// with offset, initial state and noise unknown too.
  func bound(_ run: Run, _ search: DeadTimeSearch) throws -> [Double] {
    typealias Place = DeadTimePredictor.Place
    let predictor = DeadTimePredictor(run.record, longestDeadTime: search.deadTimes.upperBound)
    var p = [Double](repeating: 0, count: Place.count)
    let shift = gain * (predictor.meanInput - Self.operatingPoint.input)
    let phi = Portable.exp(-interval / noise.correlationTime)
    p[Place.gain] = gain
    p[Place.logLag] = Portable.log(timeConstant)
    p[Place.deadTime] = deadTime
    p[Place.offset] = Self.operatingPoint.output + shift
    p[Place.x] = run.states[predictor.first] - shift
    p[Place.colour] = Portable.log(phi / (1 - phi))
    p[Place.ratio] = 2 * Portable.log(sensorDeviation / noise.deviation)
    let slopes = try DeadTimeIdentification.problem(predictor, search).sensitivities(at: p)
    let variance = noise.deviation * noise.deviation * predictor.scaleSquared(p)
    let covariance = LeastSquares.information(slopes).lowerFactor()!.inverseFromFactor() * variance
    return [Place.gain, Place.logLag, Place.deadTime].map { covariance[$0, $0].squareRoot() }
  }
}
