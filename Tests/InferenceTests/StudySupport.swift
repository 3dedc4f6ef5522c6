import Determinism
import Foundation
import LinearAlgebra
import Probability

@testable import Inference

/// Whether the acceptance studies are asked for: minutes of one core.
let isStudy = ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil

/// A whole number from the environment, for longer or shorter studies.
func setting(_ name: String, _ standard: Int) -> Int { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? standard }

/// CPU seconds of this thread.
func cpuSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

/// Prints at once: a study is watched while it runs.
func say(_ items: Any...) {
  print(items.map { "\($0)" }.joined(separator: " "))
  fflush(nil)
}

func text(_ value: Double, _ digits: Int = 3) -> String { String(format: "%.\(digits)f", value) }

/// Sums of the outer products of scores: the Fisher information of a station's stamps.
struct Information {
  var sum = Matrix(rows: 3, columns: 3)
  mutating func add(_ known: Completions, at x: [Double]) {
    let law = CompletionGradient(x)
    func add(_ score: [Double]) { for i in 0..<3 { for j in 0..<3 { sum[i, j] += score[i] * score[j] } } }
    for t in known.exact {
      var score = [0.0, 0, 0]
      _ = law.addDensity(t, &score)
      add(score)
    }
    for b in known.bounded {
      var score = [0.0, 0, 0]
      _ = law.addProbability(b.low, b.high, &score)
      add(score)
    }
  }
  /// The best attainable standard errors of the logarithms, if the sum is over `dataSets` of them.
  func limits(dataSets: Int) -> [Double] {
    let inverse = (sum * (1 / Double(dataSets))).inverse!
    return (0..<3).map { inverse[$0, $0].squareRoot() }
  }
}

/// Root mean square error and coverage of one parameter over data sets.
struct Score {
  var squares = 0.0
  var bias = 0.0
  var hits = 0
  var count = 0
  mutating func add(_ posterior: Posterior, _ j: Int, truth: Double) {
    let error = posterior.mean(j) - truth
    squares += error * error
    bias += error
    let (low, high) = posterior.interval(j)
    hits += Portable.log(low) <= truth && truth <= Portable.log(high) ? 1 : 0
    count += 1
  }
  mutating func add(_ other: Score) {
    squares += other.squares
    bias += other.bias
    hits += other.hits
    count += other.count
  }
  var rmse: Double { (squares / Double(count)).squareRoot() }
  var coverage: Double { Double(hits) / Double(count) }
}

/// Whether numbers in (0, 1) are uniform: the p-values of Pearson's test with ten bins and of Kolmogorov and Smirnov's.
func uniformity(_ values: [Double]) -> (chiSquare: Double, kolmogorov: Double) {
  let n = Double(values.count)
  var bins = [Double](repeating: 0, count: 10)
  for v in values { bins[min(Int(v * 10), 9)] += 1 }
  let chi = bins.reduce(0) { $0 + ($1 - n / 10) * ($1 - n / 10) / (n / 10) }
  let sorted = values.sorted()
  var distance = 0.0
  for (i, v) in sorted.enumerated() { distance = max(distance, abs(v - Double(i) / n), abs(v - Double(i + 1) / n)) }
  // Stephens' correction for finite n of the limit law.
  let t = (n.squareRoot() + 0.12 + 0.11 / n.squareRoot()) * distance
  var p = 0.0
  for k in 1...100 { p += (k % 2 == 1 ? 2 : -2) * Portable.exp(-2 * Double(k * k) * t * t) }
  return (Special.gammaQ(4.5, chi / 2), min(max(p, 0), 1))
}
