import Determinism
import LinearAlgebra
import Testing

@testable import Filtering

@Suite struct SampleFilterTests {
  private static func filter(horizon: Double = 50) -> SampleFilter {
    let sensors = [
      LinearSensor(matrix: Matrix([[1]]), noise: Matrix([[0.25]])), LinearSensor(matrix: Matrix([[2]]), noise: Matrix([[0.1]])),
    ]
    return SampleFilter(
      firstOrder(lag: 9, deviation: 1), sensors: sensors, prior: Gaussian(mean: [0], deviations: [2]), input: [1], at: 0, horizon: horizon)
  }

  /// However samples and inputs are shuffled, the estimate is bit by bit that of samples in order.
  @Test(arguments: 0..<20)
  func lateSamplesEndWhereOrderedOnesDo(seed: Int) throws {
    var stream = RandomStream(seed: 5, "late").split(seed)
    var instants = (0..<25).map { _ in stream.uniform(0, 40) }
    instants.sort()
    let samples = instants.enumerated().map { (instant: $1, value: stream.normal(), kind: $0 % 3) }
    func run(_ order: [Int]) throws -> Gaussian {
      var filter = Self.filter()
      for k in order {
        let s = samples[k]
        if s.kind == 2 {
          #expect(try filter.setInput([s.value], at: s.instant))
        } else {
          _ = try filter.take([s.value], sensor: s.kind, at: s.instant)
        }
      }
      return filter.state(at: 41)
    }
    var shuffled = Array(samples.indices)
    stream.shuffle(&shuffled)
    #expect(try run(Array(samples.indices)) == run(shuffled))
  }

  /// What is older than the horizon is refused, and says by how much; lateness within it is told.
  @Test func aSampleBeyondTheHorizonIsRefused() throws {
    var filter = Self.filter(horizon: 10)
    _ = try filter.take([0.3], at: 5)
    _ = try filter.take([0.4], at: 30)
    let before = filter.state(at: 30)
    #expect(try filter.take([9], at: 4) == .tooLate(age: 26))
    #expect(filter.state(at: 30) == before)
    guard case .taken(let innovation?, let late) = try filter.take([0.1], at: 24) else {
      Issue.record("a sample within the horizon was not taken")
      return
    }
    #expect(late == 6 && innovation.residual.count == 1 && filter.state(at: 30) != before)
  }

  /// Sparse, irregular samples: the errors have the size that the filter says.
  @Test func irregularSamplesLeaveTheErrorsThatTheFilterSays() throws {
    var stream = RandomStream(seed: 3, "irregular")
    var squares: [Double] = []
    for _ in 0..<1000 {
      var filter = Self.filter()
      // The truth starts from the prior and moves with the input 1.
      var (x, t) = (2 * stream.normal(), 0.0)
      for _ in 0..<8 {
        let interval = 6 * stream.exponential()
        let keep = Portable.exp(-interval / 9)
        x = 1 + keep * (x - 1) + (1 - keep * keep).squareRoot() * stream.normal()
        t += interval
        _ = try filter.take([stream.chance(0.3) ? nil : x + 0.5 * stream.normal()], at: t)
      }
      squares.append(try filter.state(at: t).normalizedErrorSquared(of: [x]))
    }
    #expect(ConsistencyBand(dimension: 1, count: 1000, level: 0.99).contains(squares.reduce(0, +) / 1000))
  }
}
