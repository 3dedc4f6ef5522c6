/// Tries predictors on a stretch of a column and keeps the one that leaves the fewest bits.
struct PredictorSearch {
  private(set) var best = Predictor.last
  private var least = Double.infinity
  private let values: [Int64]
  private let sample: Range<Int>

  /// From the middle, so that a start-up or an end does not decide for all.
  private static let sampleCount = 512

  init(_ values: [Int64]) {
    self.values = values
    let length = min(values.count, Self.sampleCount)
    let from = (values.count - length) / 2
    sample = from..<from + length
  }

  /// - Parameter scratch: room for the residuals of the stretch.
  mutating func `try`(_ candidate: Predictor, _ scratch: inout [UInt64]) {
    let base = candidate == .none ? values[0] : values[max(0, sample.lowerBound - 1)]
    do {
      var span = scratch.mutableSpan
      candidate.residuals(of: values.span, in: sample, base: base, into: &span)
    }
    var bits = 0.0
    let residuals = scratch.span
    for i in 0..<sample.count {
      // The bit length with its fraction, about log₂(u + 1): what a residual of this size costs, but for what its neighbours share.
      bits += Double((Double(residuals[i]) + 1).bitPattern &>> 32)
    }
    bits = bits * 0x1p-20 - 1023 * Double(sample.count)
    if bits < least - 1 { (best, least) = (candidate, bits) }
  }
}
