import FMUHost
import Foundation
import TestFMUs
import Testing

@testable import FMI

@Suite struct SessionTests {
  private func run(_ session: FMUSession, _ points: [Double], _ records: [String], _ change: (inout FMURun) throws -> Void = { _ in }) throws
    -> [[Double]]
  {
    var run = FMURun(points: points, records: try records.map { try session.fmu.variable($0) })
    try change(&run)
    return try session.run(run)
  }

  /// x(t) = exp(−k·t) at every communication point, in both versions; and again after each kind of rewinding.
  @Test(arguments: [2, 3])
  func dahlquistIsItsClosedForm(major: Int) throws {
    guard let session = try TestUnits.session("dahlquist", major) else { return }
    let points = FMURun.points(from: 0, to: 10, steps: 100)
    let k = try session.fmu.variable("k")
    var first: [[Double]]?
    for rewinding in Rewinding.allCases + Rewinding.allCases {
      let rows = try run(session, points, ["x", "der(x)"]) {
        ($0.start, $0.rewinding) = ([.init(k, [0.7])], rewinding)
      }
      for (t, row) in zip(points, rows) { #expect(abs(row[0] - exp(-0.7 * t)) < 1e-13 && abs(row[1] + 0.7 * row[0]) < 1e-15) }
      if let first { #expect(rows == first, "\(rewinding)") } else { first = rows }
      // Without k's start, the unit's own: what was set before is forgotten.
      #expect(try abs(run(session, [0, 1], ["x"]) { $0.rewinding = rewinding }[1][0] - exp(-1)) < 1e-15)
    }
    #expect(session.starts == 1)
  }

  /// T(t) = T∞ + (T₀ − T∞)·exp(−t/τ) for an input that is held, switched, and held again.
  @Test(arguments: [2, 3])
  func theHeaterFollowsItsInput(major: Int) throws {
    guard let session = try TestUnits.session("heater", major) else { return }
    let fmu = session.fmu
    let rows = try run(session, [0, 50, 100], ["T", "steps", "isWarm"]) {
      $0.start = [.init(try fmu.variable("k"), [12]), .init(try fmu.variable("tau"), [40]), .init(try fmu.variable("T"), [30])]
      ($0.inputs, $0.inputRows) = ([try fmu.variable("u")], [[2], [5], [0]])
    }
    let middle = 44 + (30 - 44) * exp(-50.0 / 40)
    #expect(rows[0] == [30, 0, 1] && abs(rows[1][0] - middle) < 1e-12)
    #expect(abs(rows[2][0] - (80 + (middle - 80) * exp(-50.0 / 40))) < 1e-12 && rows[2][1] == 2)
  }

  /// Bounces come at t₁ = √(2h/g), then at intervals of 2·v·0.7ᵏ/g: to 1e-9, whatever the communication steps.
  @Test(arguments: [2, 3])
  func theBallBouncesWhenItMust(major: Int) throws {
    guard let session = try TestUnits.session("ball", major) else { return }
    let rows = try run(session, FMURun.points(from: 0, to: 2, steps: 17), ["bounce", "bounces", "h"])
    var (instant, speed) = ((2 / 9.81).squareRoot(), (2 * 9.81).squareRoot() * 0.7)
    var bounces = [instant]
    for _ in 0..<10 {
      instant += 2 * speed / 9.81
      speed *= 0.7
      bounces.append(instant)
    }
    for row in rows where row[1] > 0 { #expect(abs(row[0] - bounces[Int(row[1]) - 1]) < 1e-9) }
    #expect(rows.last![1] >= 3)
    for row in rows { #expect(row[2] >= 0) }
  }

  @Test func anArrayOfFMI3IsReadAsOneRecord() throws {
    guard let session = try TestUnits.session("heater", 3) else { return }
    let all = try session.fmu.variable("all")
    #expect(all.columns == ["all[1]", "all[2]", "all[3]"] && !all.isSettable)
    #expect(try run(session, [0], ["T", "all", "tau"]) == [[20, 20, 0, 10, 30]])
  }

  /// The state saved in the middle, the rest run, the state restored, the rest run again: as if nothing had been.
  @Test(arguments: [2, 3])
  func aStateGoesRound(major: Int) throws {
    guard let session = try TestUnits.session("heater", major) else { return }
    let u = try session.fmu.variable("u")
    let points = FMURun.points(from: 0, to: 90, steps: 9)
    let inputs = points.indices.map { [Double($0 % 4)] }
    for readsAfter in [false, true] {
      let plain = try run(session, points, ["T", "steps"]) { ($0.inputs, $0.inputRows, $0.readsAfterInputs) = ([u], inputs, readsAfter) }
      for place in [0, 4, 8, 9] {
        let round = try run(session, points, ["T", "steps"]) {
          ($0.inputs, $0.inputRows, $0.readsAfterInputs, $0.repeatsFrom) = ([u], inputs, readsAfter, place)
        }
        #expect(round == plain, "from point \(place)")
      }
    }
  }

  /// What goes wrong in a unit is told with its name, the call and the instant; the next run finds a process that works.
  @Test(arguments: [2, 3])
  func faultsStayInTheUnit(major: Int) throws {
    guard let session = try TestUnits.session("faulty", major, patience: 1.5) else { return }
    let fault = try session.fmu.variable("fault")
    func attempt(_ kind: Double) throws -> [[Double]] {
      try run(session, FMURun.points(from: 0, to: 10, steps: 10), ["y"]) { $0.start = [.init(fault, [kind])] }
    }
    let call = "fmi\(major)DoStep"
    for (kind, starts) in [(1, 2), (2, 3), (3, 3), (4, 4), (5, 5), (6, 6)] {
      do {
        _ = try attempt(Double(kind))
        Issue.record("fault \(kind) was not told")
      } catch let error as FMIError {
        switch (kind, error) {
        case (1, .ended(_, call, 3, let reason, _)): #expect(reason.contains("signal 11"))
        case (2, .late(_, call, 3, 1.5, _)): break
        case (3, .refused(_, call, .error, 3, let messages)): #expect(messages == ["the pump runs dry"])
        case (4, .refused(_, call, .fatal, 3, _)): break
        case (5, .ended(_, call, 3, let reason, _)): #expect(reason.contains("code 7"))
        case (6, .ended(_, call, 3, let reason, let printed)): #expect(reason.contains("signal 6") && printed.contains("out of range"))
        default: Issue.record("\(error)")
        }
        #expect("\(error)".contains("faulty\(major).fmu"))
      }
      #expect(try attempt(0).last == [10], "after fault \(kind)")
      #expect(session.starts == starts, "after fault \(kind)")
    }
  }

  /// 4 MiB a step: the process is replaced once it has grown by what it may, between two runs, and nothing is lost.
  @Test func aUnitThatLeaksGetsANewProcess() throws {
    guard let session = try TestUnits.session("faulty", 2, growthLimit: 64 << 20) else { return }
    let fault = try session.fmu.variable("fault")
    for _ in 0..<40 { #expect(try run(session, [0, 1], ["y"]) { $0.start = [.init(fault, [7])] } == [[0], [1]]) }
    #expect(session.starts == 2)
  }

  @Test func whatCannotBeSetOrReadIsRefusedBeforeTheUnitIsAsked() throws {
    guard let session = try TestUnits.session("heater", 2) else { return }
    let fmu = session.fmu
    let wrong: [(inout FMURun) throws -> Void] = [
      { $0.start = [.init(try fmu.variable("der(T)"), [1])] }, { $0.start = [.init(try fmu.variable("k"), [.nan])] },
      { $0.start = [.init(try fmu.variable("k"), [1, 2])] }, { ($0.inputs, $0.inputRows) = ([try fmu.variable("k")], [[1]]) },
      { ($0.inputs, $0.inputRows) = ([try fmu.variable("u")], [[1], [2], [3]]) }, { $0.points = [1, 1] }, { $0.points = [] }, { $0.repeatsFrom = 2 },
    ]
    for change in wrong { #expect(throws: FMIError.self) { try run(session, [0, 1], ["T"], change) } }
    #expect(throws: FMIError.unknownVariable(file: fmu.path, name: "tua", nearest: ["tau"])) { try fmu.variable("tua") }
    // A value that the unit itself refuses: discarded, and the next one is taken.
    do {
      _ = try run(session, [0, 1], ["T"]) { $0.start = [.init(try fmu.variable("tau"), [-1])] }
      Issue.record("a time constant below 0 was taken")
    } catch let error as FMIError {
      guard case .refused(_, "fmi2DoStep", .discard, 0, _) = error else {
        Issue.record("\(error)")
        return
      }
    }
    #expect(try run(session, [0], ["T"]) == [[20]] && session.starts == 1)
  }
}
