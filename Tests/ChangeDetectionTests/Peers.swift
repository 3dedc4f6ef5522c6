import Determinism
import Foundation
import Probability

@testable import ChangeDetection

/// Detectors that others ship, for the studies: small, plain versions of the published recursions.
protocol Peer {
  /// Takes the next repair in; true where it alarms.
  mutating func observe(_ x: Double) -> Bool
}

/// Page's sum of log likelihood ratios, told both means: nothing with this rate of false alarms is faster (Moustakides 1986).
struct OracleCusum: Peer {
  let before: Double
  let after: Double
  let threshold: Double
  private var sum = 0.0
  init(before: Double, after: Double, threshold: Double) { (self.before, self.after, self.threshold) = (before, after, threshold) }
  mutating func observe(_ x: Double) -> Bool {
    sum = max(0, sum) + Portable.log(before / after) + x * (1 / before - 1 / after)
    return sum >= threshold
  }
}

/// Page-Hinkley as River has it: running mean, allowance δ, threshold λ, both sides. Data in units of the learnt mean.
struct PageHinkley: Peer {
  let allowance: Double
  let threshold: Double
  private var (n, mean) = (0.0, 0.0)
  private var (up, down, least, most) = (0.0, 0.0, 0.0, 0.0)
  init(allowance: Double, threshold: Double, _ sample: [Double]) {
    (self.allowance, self.threshold) = (allowance, threshold)
    (n, mean) = (Double(sample.count), sample.reduce(0, +) / Double(sample.count))
  }
  mutating func observe(_ x: Double) -> Bool {
    n += 1
    mean += (x - mean) / n
    up += x - mean - allowance
    down += x - mean + allowance
    (least, most) = (min(least, up), max(most, down))
    return up - least > threshold || most - down > threshold
  }
}

/// ADWIN with the normal bound of Bifet and Gavaldà 2007 (doi:10.1137/1.9781611972771.42), every cut tried after every observation.
struct Adwin: Peer {
  let confidence: Double
  private var window: [Double] = []
  init(confidence: Double, _ sample: [Double]) { (self.confidence, window) = (confidence, sample) }
  mutating func observe(_ x: Double) -> Bool {
    window.append(x)
    let n = Double(window.count)
    guard n > 10 else { return false }
    let total = window.reduce(0, +)
    let mean = total / n
    let variance = window.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    let log = Portable.log(2 * Portable.log(n) / confidence)
    var sum = 0.0
    for i in 0..<window.count - 1 {
      sum += window[i]
      let (n0, n1) = (Double(i + 1), n - Double(i + 1))
      guard n0 >= 5, n1 >= 5 else { continue }
      let m = 1 / (1 / n0 + 1 / n1)
      let bound = (2 / m * variance * log).squareRoot() + 2 / (3 * m) * log
      if abs(sum / n0 - (total - sum) / n1) > bound { return true }
    }
    return false
  }
}

/// Generalised likelihood ratio of an exponential's mean, unknown on both sides, over all instants of the last 200 (Lai 1995; Siegmund and
/// Venkatraman 1995).
struct GeneralizedLikelihoodRatio: Peer {
  let threshold: Double
  private var sums = [0.0]
  init(threshold: Double, _ sample: [Double]) {
    self.threshold = threshold
    for x in sample { sums.append(sums.last! + x) }
  }
  mutating func observe(_ x: Double) -> Bool {
    sums.append(sums.last! + x)
    let n = sums.count - 1
    guard n > 10 else { return false }
    let total = sums[n]
    for k in max(5, n - 200)..<n {
      let (a, b) = (Double(k), Double(n - k))
      let ratio = Double(n) * Portable.log(total / Double(n)) - a * Portable.log(sums[k] / a) - b * Portable.log((total - sums[k]) / b)
      if ratio >= threshold { return true }
    }
    return false
  }
}

/// A detector of this module as a peer.
struct OwnDetector: Peer {
  var past: Moments
  var detector: ChangeDetector
  mutating func observe(_ x: Double) -> Bool {
    detector.observe(x, past: past)
    past.add(x)
    return detector.isAlarming
  }
}

/// Prints a line of a study at once, though the output may be a pipe.
func show(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
