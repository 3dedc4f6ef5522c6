import Determinism
import Filtering
import Foundation
import LinearAlgebra

/// The largest absolute difference of two matrices.
func distance(_ a: Matrix, _ b: Matrix) -> Double { zip(a.elements, b.elements).reduce(0) { max($0, abs($1.0 - $1.1)) } }

/// The square root of the mean square.
func rootMeanSquare(_ values: [Double]) -> Double { (values.reduce(0) { $0 + $1 * $1 } / Double(max(1, values.count))).squareRoot() }

/// CPU seconds of this process, for studies that print a cost.
func processorSeconds() -> Double {
  var t = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t)
  return Double(t.tv_sec) + 1e-9 * Double(t.tv_nsec)
}

/// A number with so many digits after the point, in a column.
func column(_ value: Double, _ digits: Int = 3, width: Int = 9) -> String {
  let text = String(format: "%.\(digits)f", value)
  return String(repeating: " ", count: max(0, width - text.count)) + text
}

/// Whether acceptance studies run.
let studiesRun = ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil

/// A first-order process of lag τ and stationary deviation σ.
func firstOrder(lag: Double, deviation: Double, gain: Double = 1) -> LinearSDE {
  LinearSDE(drift: Matrix([[-1 / lag]]), input: Matrix([[gain / lag]]), diffusion: Matrix([[2 * deviation * deviation / lag]]))
}

/// The process of acceptance task 4: τ = 60, sample 1, process variance 0.01 a sample, sensor variance 0.25.
enum TaskFour {
  static let lag = 60.0
  static let keep = Portable.exp(-1 / lag)
  static let deviation = (0.01 / (1 - keep * keep)).squareRoot()
  static let diffusion = 2 * deviation * deviation / lag
  static let sensorVariance = 0.25
  static let limit = 0.20566
  static var process: LinearSDE { firstOrder(lag: lag, deviation: deviation) }
  static var sensor: LinearSensor { LinearSensor(matrix: Matrix([[1]]), noise: Matrix([[sensorVariance]])) }

  /// States and readings of one run, from the stationary law.
  static func run(_ count: Int, _ stream: RandomStream) -> (states: [Double], readings: [Double]) {
    var stream = stream
    var x = deviation * stream.normal()
    var (states, readings): ([Double], [Double]) = ([], [])
    for _ in 0..<count {
      x = keep * x + 0.1 * stream.normal()
      states.append(x)
      readings.append(x + 0.5 * stream.normal())
    }
    return (states, readings)
  }
}
