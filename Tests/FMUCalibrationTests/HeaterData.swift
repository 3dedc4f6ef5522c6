import Determinism
import Foundation
import Interchange
import TestFMUs

@testable import FMI
@testable import FMUCalibration

/// Readings of a heater whose truth is known in closed form: T∞ = k·u + 20, T → T∞ + (T − T∞)·exp(−h/τ).
struct HeaterData {
  var gain = 12.0
  var timeConstant = 42.0
  var start = 26.0
  var noise = 0.4
  var count = 60
  var interval = 10.0

  /// The power, switched now and then.
  func power(_ k: Int) -> Double { [0, 2, 4, 1, 3][k / 4 % 5] }

  func temperatures(gain k: Double, timeConstant tau: Double, start: Double) -> [Double] {
    var values = [start]
    for step in 1..<count {
      let end = k * power(step - 1) + 20
      values.append(end + (values[step - 1] - end) * exp(-interval / tau))
    }
    return values
  }

  /// time,u,T with noise, and a gap.
  func csv(seed: Int, unit: String = "", curvature: Double = 0) -> String {
    var stream = RandomStream(seed: 90, "heater").split(seed)
    let exact = temperatures(gain: gain, timeConstant: timeConstant, start: start)
    var lines = ["time [s],u,T\(unit.isEmpty ? "" : " [\(unit)]")"]
    for (k, value) in exact.enumerated() {
      let reading = value + curvature * (value - 40) * (value - 40) + noise * stream.normal() + (unit == "K" ? 273.15 : 0)
      lines.append("\(Double(k) * interval),\(power(k)),\(k == 7 ? "" : "\(reading)")")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The least standard errors that an unbiased estimate of (k, τ) can have from such readings, with the start unknown: (JᵀJ)⁻¹·σ².
  func bound() -> [Double] {
    let (h, theta) = (1e-5, [gain, timeConstant, start])
    var slopes: [[Double]] = []
    for j in 0..<3 {
      let (high, low) = (
        theta.indices.map { $0 == j ? theta[$0] * (1 + h) : theta[$0] }, theta.indices.map { $0 == j ? theta[$0] * (1 - h) : theta[$0] }
      )
      let above = temperatures(gain: high[0], timeConstant: high[1], start: high[2])
      let below = temperatures(gain: low[0], timeConstant: low[1], start: low[2])
      slopes.append((0..<count).filter { $0 != 7 }.map { (above[$0] - below[$0]) / (2 * h * theta[j]) })
    }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let m = slopes.map { a in slopes.map { dot(a, $0) } }
    func minor(_ i: Int) -> Double {
      let o = [0, 1, 2].filter { $0 != i }
      return m[o[0]][o[0]] * m[o[1]][o[1]] - m[o[0]][o[1]] * m[o[1]][o[0]]
    }
    let determinant =
      m[0][0] * minor(0) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    return [0, 1].map { noise * (minor($0) / determinant).squareRoot() }
  }
}

extension TestUnits {
  /// A session of a test unit; nil where the machine cannot compile it.
  static func session(_ source: String, _ major: Int) throws -> FMUSession? {
    guard let path = try fmu(source, major) else { return nil }
    return try FMUSession(try FMU(path), host: host)
  }
}

extension FMUStudy {
  init(_ session: FMUSession, csv: String, _ request: CalibrationRequest) throws {
    self = try FMUStudy(session, table: try ReadingTable(Array(csv.utf8)), request: request)
  }
}

/// k and τ from T, by u.
func heaterRequest(_ change: (inout CalibrationRequest) -> Void = { _ in }) -> CalibrationRequest {
  var request = CalibrationRequest(parameters: ["k", "tau"], outputs: ["T"])
  request.inputs = ["u"]
  change(&request)
  return request
}
