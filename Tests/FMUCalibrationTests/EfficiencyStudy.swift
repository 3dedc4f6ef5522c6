import Determinism
import Foundation
import TestFMUs
import Testing

@testable import FMI
@testable import FMUCalibration

/// The error of each method against the Cramér–Rao bound over 400 records, how often 90 % intervals hold, and how often the right model is called
/// structural (level 1 %).
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil)) struct EfficiencyStudy {
  static let sets = 400

  @Test(arguments: CalibrationRequest.Method.allCases)
  func efficiency(method: CalibrationRequest.Method) throws {
    guard let session = try TestUnits.session("heater", 2) else { return }
    let data = HeaterData()
    let bound = data.bound()
    var (squares, filter, held, structural) = ([0.0, 0], [0.0, 0], [0, 0], 0)
    for seed in 0..<Self.sets {
      let report = try FMUStudy(
        session, csv: data.csv(seed: 1000 + seed),
        heaterRequest { ($0.noise, $0.method) = (["T=0.4"], method) }
      ).run(seed: UInt64(seed))
      if !report.isCalibrated { structural += 1 }
      for (j, truth) in [data.gain, data.timeConstant].enumerated() {
        let fit = report.parameters[j]
        squares[j] += pow((fit.estimate - truth) / bound[j], 2)
        filter[j] += pow(((fit.filterEstimate ?? .nan) - truth) / bound[j], 2)
        if (fit.low...fit.high).contains(truth) { held[j] += 1 }
      }
    }
    let count = Double(Self.sets)
    for j in 0..<2 {
      let (ratio, far) = ((squares[j] / count).squareRoot(), (filter[j] / count).squareRoot())
      print("\(method.rawValue) \(["k", "tau"][j]): error/bound \(ratio), filter alone \(far), held \(held[j]) of \(Self.sets)")
      #expect(ratio <= 1.1 && (342...379).contains(held[j]))
    }
    print("\(method.rawValue): called structural \(structural) of \(Self.sets)")
    #expect(structural <= 11)
  }
}
