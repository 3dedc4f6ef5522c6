import Foundation

/// Times in milliseconds.
struct LatencyReport: Encodable {
  struct Quantiles: Encodable {
    var count: Int
    var p50: Double
    var p99: Double
    var p999: Double
    var worst: Double

    init(_ times: [Duration]) {
      let sorted = times.map { Double($0.components.seconds) * 1e3 + Double($0.components.attoseconds) / 1e15 }.sorted()
      func at(_ p: Double) -> Double { sorted.isEmpty ? .nan : sorted[min(Int((p * Double(sorted.count)).rounded(.up)) - 1, sorted.count - 1)] }
      (count, p50, p99, p999, worst) = (sorted.count, at(0.5), at(0.99), at(0.999), sorted.last ?? .nan)
    }

    var text: String { "p50 \(fixed(p50, 2))  p99 \(fixed(p99, 2))  p99.9 \(fixed(p999, 2))  worst \(fixed(worst, 2)) ms of \(count)" }
  }

  var write: Quantiles
  var shut: Quantiles
  var taken: Quantiles
  /// Samples that were made durable beside, in a second, while writes were timed and while takeovers were.
  var rateBesideWrites: Double
  var rateBesideTakeovers: Double
  /// Permits that left after a press and before the re-arming.
  var permitsAfterPress: Int

  var lines: [String] {
    [
      "write  \(write.text)", "shut   \(shut.text)", "taken  \(taken.text)",
      "beside writes \(fixed(rateBesideWrites, 0)) samples/s, beside takeovers \(fixed(rateBesideTakeovers, 0)) samples/s",
      "permits after a press: \(permitsAfterPress)",
    ]
  }

  typealias Duration = Swift.Duration
}
