import FMUHost
import Filtering
import Foundation
import TestFMUs
import Testing

@testable import FMI
@testable import FMUCalibration

@Suite struct ModelTests {
  private func heater(_ session: FMUSession, states: [String] = ["T"], step: Double? = nil) throws -> FMUModel {
    let fmu = session.fmu
    return try FMUModel(
      session, states: states.map { .init(try fmu.variable($0)) }, parameters: [try fmu.variable("k"), try fmu.variable("tau")],
      inputs: [try fmu.variable("u")], outputs: [try fmu.variable("T")], step: step)
  }

  /// The same arguments give the same values, whatever was asked in between; and they are the closed form's.
  @Test(arguments: [2, 3])
  func aUnitIsAFunction(major: Int) throws {
    guard let session = try TestUnits.session("heater", major) else { return }
    for rewinding in Rewinding.allCases {
      var model = try heater(session)
      model.rewinding = rewinding
      for _ in 0..<3 {
        let x = try model.advance([50], parameters: [12, 40], input: [3], from: 100, to: 130)
        #expect(abs(x[0] - (56 - 6 * exp(-30.0 / 40))) < 1e-12, "\(rewinding)")
        #expect(try model.advance([-7], parameters: [1, 400], input: [9], from: 0, to: 1)[0] < 0)
        #expect(try model.outputs([50], parameters: [12, 40], input: [3], at: 130) == [50])
      }
    }
    let cut = try heater(session, step: 7)
    #expect(try abs(cut.advance([50], parameters: [12, 40], input: [3], from: 100, to: 130)[0] - (56 - 6 * exp(-30.0 / 40))) < 1e-12)
    #expect(throws: FilteringError.self) { try cut.advance([50], parameters: [12, -40], input: [3], from: 0, to: 1) }
  }

  /// A whole run is what step after step is.
  @Test func responsesAreTheStepsInOne() throws {
    guard let session = try TestUnits.session("heater", 3) else { return }
    let model = try heater(session, step: 4)
    let record = try SampleRecord(
      instants: [0, 5, 15, 40], inputs: [[1], [4], [0], [2]], outputs: Array(repeating: [nil], count: 4))
    let rows = try model.responses(record, from: [30], parameters: [10, 25])
    var x = [30.0]
    for k in record.instants.indices {
      if k > 0 { x = try model.advance(x, parameters: [10, 25], input: record.inputs[k - 1], from: record.instants[k - 1], to: record.instants[k]) }
      #expect(abs(rows[k][0] - x[0]) < 1e-12)
    }
  }

  /// A state that was not named is noticed: the heater's lag has a state of its own, and a model of T alone gives another T when T is set anew.
  @Test func aStateThatIsNotNamedIsFound() throws {
    guard let session = try TestUnits.session("heater", 2) else { return }
    let fmu = session.fmu
    let record = try SampleRecord(
      instants: (0..<10).map { Double($0) * 10 }, inputs: (0..<10).map { [Double($0 % 4)] }, outputs: Array(repeating: [nil], count: 10))
    let right = try heater(session).checked(on: record, from: [30], parameters: [12, 40])
    #expect(right.rewinding == .reset)
    let hidden = try FMUModel(
      session, states: [.init(try fmu.variable("T"))], parameters: [try fmu.variable("k"), try fmu.variable("tau")],
      inputs: [try fmu.variable("u")], outputs: [try fmu.variable("T")], fixed: [.init(try fmu.variable("lag"), [15])])
    do {
      _ = try hidden.checked(on: record, from: [30], parameters: [12, 40])
      Issue.record("the hidden state was not noticed")
    } catch { #expect("\(error)".contains("the unit has states beside T; name them, or use --method simulation")) }
  }
}
