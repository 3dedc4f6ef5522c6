import Foundation

/// Stated probabilities of reported levels against the share that was right.
struct Reliability {
  /// Lower edges of the bins; the last one ends at 1.
  static let edges: [Double] = [0, 0.5, 0.7, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999]

  struct Bin {
    var count = 0
    var wrong = 0
    /// Sum of 1 − p.
    var foreseen = 0.0
  }
  var bins = Array(repeating: Bin(), count: edges.count)

  mutating func add(stated p: Double, isRight: Bool) {
    let i = Reliability.edges.lastIndex { p >= $0 } ?? 0
    bins[i].count += 1
    bins[i].foreseen += 1 - p
    if !isRight { bins[i].wrong += 1 }
  }

  static func + (a: Reliability, b: Reliability) -> Reliability {
    var sum = a
    for i in sum.bins.indices {
      sum.bins[i].count += b.bins[i].count
      sum.bins[i].wrong += b.bins[i].wrong
      sum.bins[i].foreseen += b.bins[i].foreseen
    }
    return sum
  }

  var wrong: Int { bins.reduce(0) { $0 + $1.wrong } }
  var foreseen: Double { bins.reduce(0) { $0 + $1.foreseen } }

  /// For each bin: how many, how many of them wrong, how many should be by what was stated. Then, were its lower edge the threshold of "certain":
  /// the share of all that is certain, of the wrong ones that is called certain all the same, and of all that is right and called uncertain.
  var rows: [String] {
    let all = Double(max(bins.reduce(0) { $0 + $1.count }, 1))
    var rows = ["stated p      count  wrong  foreseen   right %  stated % | from here certain:  share %  of the wrong %  right, uncertain %"]
    for i in bins.indices.reversed() {
      let bin = bins[i]
      let (above, below) = (bins[i...], bins[..<i])
      let n = Double(max(bin.count, 1))
      let certain = Double(above.reduce(0) { $0 + $1.count })
      let missed = Double(above.reduce(0) { $0 + $1.wrong })
      let lost = Double(below.reduce(0) { $0 + $1.count - $1.wrong })
      rows.append(
        String(
          format: "≥ %.4f  %9d %6d %9.1f %9.2f %9.2f |", Reliability.edges[i], bin.count, bin.wrong, bin.foreseen,
          100 * Double(bin.count - bin.wrong) / n, 100 * (1 - bin.foreseen / n))
          + String(format: "%28.2f %15.1f %19.2f", 100 * certain / all, 100 * missed / Double(max(wrong, 1)), 100 * lost / all))
    }
    return rows
  }
}
