import Probability
import Simulation
import Testing

@Test func partsGoTheirWaysByChance() throws {
  let line = LineSpec(
    stations: [
      station("Fork", cycle: 1) {
        $0.routing = .chance([BranchSpec(buffer: 0, share: 0.5), BranchSpec(buffer: 1, share: 0.3), BranchSpec(buffer: nil, share: 0.2)])
      }, station("Left", from: [0], cycle: 0.5), station("Right", from: [1], cycle: 0.5),
    ], buffers: [buffer("L"), buffer("R")], sources: [])
  let result = try run(line, to: 6000.75)
  #expect(result.good == 6000)
  expectShare(result.stations[1].produced, of: 6000, 0.5)
  expectShare(result.stations[2].produced, of: 6000, 0.3)
}

@Test func partsGoToTheEmptiestBuffer() throws {
  // Nobody is done before 100. Part 1 passes L into work; 2 stays in L (both empty, L first); 3 passes the emptier R; 4 stays in R; 5 goes to
  // L, 6 to R. With room for one each, 5 is held.
  var line = LineSpec(
    stations: [
      station("Fork", cycle: 1) { $0.routing = .emptiest([0, 1]) }, station("Left", from: [0], cycle: 100), station("Right", from: [1], cycle: 100),
    ],
    buffers: [buffer("L"), buffer("R")], sources: [])
  let result = try run(line, to: 6.5)
  #expect(result.final.levels == [2, 2] && result.stations[0].times.blocked == 0)
  #expect(try run(line, to: 5.5).final.levels == [2, 1])
  line.buffers[0].capacity = 1
  line.buffers[1].capacity = 1
  let tight = try run(line, to: 150)
  #expect(tight.stations[0].times.blocked > 90 && tight.stations[0].produced == 7 && tight.departures == [101, 103])
}

@Test func productsFollowTheirRoutesWithTheirCycles() throws {
  // P: S0 for 2 s, S1 for 3 s, S0 again for 1 s. Q: S1 for its own 5 s, and out. Q holds S1 from 0 to 5: P is there from 5 to 8, at S0 to 9.
  let products = [
    ProductSpec(
      name: "P",
      route: [StepSpec(buffer: 0, cycle: .constant(2)), StepSpec(buffer: 1, cycle: .constant(3)), StepSpec(buffer: 0, cycle: .constant(1))]),
    ProductSpec(name: "Q", route: [StepSpec(buffer: 1)]),
  ]
  let line = LineSpec(
    stations: [station("S0", from: [0], cycle: 50) { $0.routing = .route }, station("S1", from: [1], cycle: 5) { $0.routing = .route }],
    buffers: [buffer("B0"), buffer("B1")], sources: [orders("Ps", into: 0, [(0, 1, 0)]), orders("Qs", into: 1, [(1, 1, 0)])], products: products)
  let result = try run(line, to: 20)
  #expect(result.departures == [5, 9] && completions(result) == [9, 5])
  #expect(result.stations.map(\.produced) == [2, 2] && result.stations.map(\.times.working) == [3, 8])
  #expect(result.products.map(\.good) == [1, 1] && result.products.map(\.leadTime.mean) == [9, 5])
}

@Test func cyclesDependOnTheProduct() throws {
  let line = LineSpec(
    stations: [station("M", from: [0], cycle: 2) { $0.productCycles = [nil, .constant(5)] }], buffers: [buffer("In")],
    sources: [orders(into: 0, [(0, 1, 0), (1, 1, 0), (0, 1, 0)])], products: ["A", "B"].map { ProductSpec(name: $0) })
  #expect(try run(line, to: 20).departures == [2, 7, 9])
}

/// Six parts are there at 0, the first of which is taken before the others come: A, then C, B, A, B, C with works of 4, 1 and 2 s for A, B and C,
/// priorities 0, 1 and 2, due at 99, 50, 60, 40, 55 and never.
@Test func everyDispatchLawHasItsOrder() throws {
  let expected: [(DispatchLaw, [Double])] = [
    (.firstInFirstOut, [4, 6, 7, 11, 12, 14]),
    (.lastInFirstOut, [4, 14, 12, 11, 7, 6]),
    // C, C, then B, B, then A.
    (.priority, [4, 6, 9, 14, 10, 8]),
    // B, B, C, C, A.
    (.shortestWork, [4, 8, 5, 14, 6, 10]),
    // 40: A; 50: C; 55: the second B; 60: the first; then the last C.
    (.earliestDue, [4, 10, 12, 8, 11, 14]),
    // Set up for A: A; then the first in, C; the other C; B, B.
    (.leastSetup, [4, 10, 13, 8, 14, 12]),
  ]
  #expect(Set(expected.map(\.0)) == Set(DispatchLaw.allCases))
  for (law, done) in expected {
    var spec = orders(into: 0, [(0, 1, 0), (2, 1, 0), (1, 1, 0), (0, 1, 0), (1, 1, 0), (2, 1, 0)])
    for (k, due) in [99, 50, 60, 40, 55, Double.infinity].enumerated() { spec.orders[k].due = due }
    let line = LineSpec(
      stations: [
        station("M", from: [0], cycle: 9) {
          $0.dispatch = law
          $0.productCycles = [.constant(4), .constant(1), .constant(2)]
          $0.setup = SetupSpec(matrix: [[Law?]](repeating: [nil, nil, nil], count: 3))
        }
      ], buffers: [buffer("In")], sources: [spec],
      products: [ProductSpec(name: "A"), ProductSpec(name: "B", priority: 1), ProductSpec(name: "C", priority: 2)])
    #expect(completions(try run(line, to: 20)) == done, "\(law)")
  }
}

@Test func setUpsFollowTheirMatrixAndTheirNumberTheLaw() throws {
  // A, B, A, B of 1 s; from A to B 5 s, back 3 s. First in, first out: 1, 1 + 5 + 1, 7 + 3 + 1, 11 + 5 + 1. Least set-up: A, A, 5 s, B, B.
  func line(_ law: DispatchLaw, initial: Int?) -> LineSpec {
    LineSpec(
      stations: [
        station("M", from: [0], cycle: 1) {
          $0.dispatch = law
          $0.setup = SetupSpec(matrix: [[nil, .constant(5)], [.constant(3), nil]], initial: initial)
        }
      ], buffers: [buffer("In")], sources: [orders(into: 0, [(0, 1, 0), (1, 1, 0), (0, 1, 0), (1, 1, 0)])],
      products: ["A", "B"].map { ProductSpec(name: $0) })
  }
  let inTurn = try run(line(.firstInFirstOut, initial: nil), to: 20)
  #expect(inTurn.departures == [1, 7, 11, 17] && inTurn.stations[0].setups == 3 && inTurn.stations[0].times.setup == 13)
  let grouped = try run(line(.leastSetup, initial: nil), to: 20)
  #expect(grouped.departures == [1, 2, 8, 9] && grouped.stations[0].setups == 1 && grouped.stations[0].times.setup == 5)
  // Set up for B at first, the first A costs 3 s.
  #expect(try run(line(.firstInFirstOut, initial: 1), to: 30).departures == [4, 10, 14, 20])
  // Somebody who sets up comes at 10 only.
  var manned = line(.firstInFirstOut, initial: nil)
  manned.stations[0].setup?.need = NeedSpec(skill: "setting")
  manned.crews = [CrewSpec(name: "Setters", count: 1, skills: ["setting"], absences: [ClosureSpec(start: 0, end: 10)])]
  let waits = try run(manned, to: 30)
  #expect(waits.departures == [1, 16, 20, 26] && waits.stations[0].times.waiting == 9)
}

@Test func anUrgentPartInterruptsAndTheRestIsDoneLater() throws {
  // Low (10 s) at 0, middle (5 s) at 2, high (3 s) at 4: high 4 to 7, middle 2 to 4 and 7 to 10, low 0 to 2 and 10 to 18.
  var line = LineSpec(
    stations: [
      station("M", from: [0], cycle: 1) {
        $0.preempts = true
        $0.productCycles = [.constant(10), .constant(5), .constant(3)]
      }
    ], buffers: [buffer("In")], sources: [orders(into: 0, [(0, 1, 0), (1, 1, 2), (2, 1, 4)])],
    products: (0..<3).map { ProductSpec(name: "P\($0)", priority: $0) })
  let result = try run(line, to: 30)
  #expect(completions(result) == [18, 10, 7] && result.stations[0].times.working == 18)
  // The other way round nothing is interrupted.
  line.sources = [orders(into: 0, [(2, 1, 0), (1, 1, 1), (0, 1, 2)])]
  #expect(completions(try run(line, to: 30)) == [3, 8, 18])
  // Work that fails at 5 for 4 s; the high one that comes meanwhile goes first at 9: 9 to 12, then the rest of the low one, 12 to 17.
  line.sources = [orders(into: 0, [(0, 1, 0), (2, 1, 6)])]
  line.stations[0].failure = StoppageSpec(interval: .constant(5), length: .constant(4))
  let failed = try run(line, to: 16)
  // 5 s more of work are done at 14 (3 of the high one, 2 of the low one): it fails again until 18, and the low one's last 3 s end at 21.
  #expect(completions(failed) == [nil, 12])
  #expect(completions(try run(line, to: 30)) == [21, 12])
}
