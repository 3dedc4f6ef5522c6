import Foundation
import TestFMUs
import Testing

@testable import FMI
@testable import FMUCalibration

@Suite struct CalibrationTests {
  private let data = HeaterData()

  /// Over 60 records the 90 % intervals of both parameters hold as often as they say: between 47 and 60 of 60, which a right interval leaves once in
  /// 200 times. The errors stay near the Cramér–Rao bound.
  @Test func intervalsHoldAsOftenAsTheySay() throws {
    guard let session = try TestUnits.session("heater", 2) else { return }
    let bound = data.bound()
    var (held, squares) = ([0, 0], [0.0, 0.0])
    for seed in 0..<60 {
      let report = try FMUStudy(session, csv: data.csv(seed: seed), heaterRequest { $0.noise = ["T=0.4"] }).run(seed: 1)
      for (j, truth) in [data.gain, data.timeConstant].enumerated() {
        let fit = report.parameters[j]
        if (fit.low...fit.high).contains(truth) { held[j] += 1 }
        squares[j] += pow((fit.estimate - truth) / bound[j], 2)
      }
    }
    for j in 0..<2 {
      let ratio = (squares[j] / 60).squareRoot()
      print("\(["k", "tau"][j]): \(held[j]) of 60 held, error \(ratio) of the bound")
      #expect(held[j] >= 47 && ratio < 1.25 && ratio > 0.75)
    }
  }

  /// Each method finds the same top of the likelihood; the filters alone come near it. FMI 2 and 3 give the same to the last digit.
  @Test func everyMethodAndVersionAgrees() throws {
    var firsts: [CalibrationReport] = []
    for major in [2, 3] {
      guard let session = try TestUnits.session("heater", major) else { return }
      for method in CalibrationRequest.Method.allCases {
        let report = try FMUStudy(
          session, csv: data.csv(seed: 3),
          heaterRequest {
            ($0.method, $0.members) = (method, 60)
            $0.noise = ["T=0.4"]
          }
        ).run(seed: 1)
        #expect(report.isCalibrated && report.readings == 59, "\(report)")
        for (fit, truth) in zip(report.parameters, [data.gain, data.timeConstant]) {
          #expect(abs(fit.estimate - truth) < 4 * fit.standardError)
          if let far = fit.filterEstimate { #expect(abs(far - fit.estimate) < (method == .ensemble ? 4 : 1.5) * fit.standardError, "\(method)") }
          #expect((fit.filterEstimate == nil) == (method == .simulation))
        }
        if method == .unscented { firsts.append(report) }
        for (a, b) in zip(report.parameters, firsts[0].parameters) { #expect(abs(a.estimate - b.estimate) < 1e-3 * a.standardError, "\(method)") }
      }
    }
    #expect(firsts[0].parameters == firsts[1].parameters)
  }

  /// Noise that is not told is learned, and a unit in the header is converted.
  @Test func noiseIsLearnedAndUnitsAreConverted() throws {
    guard let session = try TestUnits.session("heater", 2) else { return }
    let plain = try FMUStudy(session, csv: data.csv(seed: 5), heaterRequest()).run(seed: 1)
    #expect(plain.isCalibrated && plain.sensors[0].isLearned && abs(plain.sensors[0].deviation - 0.4) < 0.15)
    let kelvin = try FMUStudy(session, csv: data.csv(seed: 5, unit: "K"), heaterRequest()).run(seed: 1)
    for (a, b) in zip(plain.parameters, kelvin.parameters) { #expect(abs(a.estimate - b.estimate) < 1e-6 * a.estimate) }
  }

  /// A heater whose element has a lag of its own, which the model with lag 0 lacks, and a sensor that bends: both are structural, whatever k and τ.
  @Test func aModelThatCannotBeRightIsNeverCalibrated() throws {
    guard let session = try TestUnits.session("heater", 2) else { return }
    let bent = try FMUStudy(session, csv: data.csv(seed: 8, curvature: 0.01), heaterRequest { $0.noise = ["T=0.4"] }).run(seed: 1)
    #expect(!bent.isCalibrated && bent.verdict == "structural" && bent.checks.contains { $0.refutes })

    let fmu = session.fmu
    var run = FMURun(points: (0..<data.count).map { Double($0) * data.interval }, records: [try fmu.variable("T")])
    run.start = [.init(try fmu.variable("lag"), [15])]
    (run.inputs, run.inputRows) = ([try fmu.variable("u")], (0..<data.count).map { [data.power($0)] })
    let rows = try session.run(run)
    var noisy = data
    noisy.noise = 0.1
    let noise = noisy.csv(seed: 2).split(separator: "\n").dropFirst().map { Double($0.split(separator: ",").last!)! }
    let exact = noisy.temperatures(gain: data.gain, timeConstant: data.timeConstant, start: data.start)
    let csv =
      "time,u,T\n"
      + rows.indices.map { k in
        "\(Double(k) * data.interval),\(data.power(k)),\(k == 7 ? "" : "\(rows[k][0] + noise[k] - exact[k])")"
      }.joined(separator: "\n")
    for method in CalibrationRequest.Method.allCases {
      let report = try FMUStudy(
        session, csv: csv,
        heaterRequest { ($0.noise, $0.method) = (["T=0.1"], method) }
      ).run(seed: 1)
      #expect(!report.isCalibrated, "\(method): \(report)")
    }
  }

  /// With noise on the state the innovations of a filter are judged, not a simulation.
  @Test func aStateWithNoiseIsFollowed() throws {
    guard let session = try TestUnits.session("heater", 2) else { return }
    let short = data
    let report = try FMUStudy(
      session, csv: short.csv(seed: 4),
      heaterRequest { ($0.noise, $0.processNoise) = (["T=0.4"], ["T=0.02"]) }
    ).run(seed: 1)
    #expect(report.isCalibrated)
    for (fit, truth) in zip(report.parameters, [data.gain, data.timeConstant]) { #expect(abs(fit.estimate - truth) < 4 * fit.standardError) }
  }

  /// Each wrong request says what is wrong and what would be right.
  @Test(arguments: [
    ("kk", "T", "u", "there is no variable kk"), ("k=5..1", "T", "u", "write a range as k=1..50"),
    ("der(T)", "T", "u", "cannot be set"), ("k", "der(T)", "u", "there is no column der(T)"), ("k", "T", "k", "there is no column k"),
    ("k", "", "u", "no output is named"), ("k,k", "T", "u", "do not tell the parameters apart"),
  ])
  func aWrongRequestIsExplained(parameters: String, outputs: String, inputs: String, words: String) throws {
    guard let session = try TestUnits.session("heater", 2) else { return }
    var request = CalibrationRequest(
      parameters: parameters.split(separator: ",").map(String.init), outputs: outputs.split(separator: ",").map(String.init))
    request.inputs = [inputs]
    do {
      _ = try FMUStudy(session, csv: data.csv(seed: 1), request).run(seed: 1)
      Issue.record("taken")
    } catch let error as FMUCalibrationError { #expect("\(error)".contains(words), "\(error)") }
  }

  @Test func unitsThatDoNotFitAreRefused() throws {
    guard let session = try TestUnits.session("heater", 2) else { return }
    func message(_ unit: String) -> String {
      do {
        _ = try FMUStudy(session, csv: data.csv(seed: 1, unit: unit), heaterRequest())
        return ""
      } catch { return "\(error)" }
    }
    #expect(message("bar").contains("column T [bar] is a pressure, the FMU has it in degC, a temperature"))
    #expect(message("degrees").contains("`degrees` is no UCUM unit"))
    #expect(message("Cel").isEmpty && message("degC").isEmpty)
  }
}
