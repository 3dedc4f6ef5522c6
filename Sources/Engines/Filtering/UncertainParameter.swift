import Determinism

/// A parameter to be learned: where it is thought to be, how uncertain that is, and where it must be.
///
/// One that cannot be below 0 is learned by its logarithm, so that an estimate and its interval stay above 0 and a factor counts alike up and down.
public struct UncertainParameter: Sendable, Hashable {
  /// For people.
  public let name: String
  /// Where it is thought to be.
  public let start: Double
  /// Where it must be.
  public let range: ClosedRange<Double>
  /// Whether it is learned by its logarithm.
  public let isLogarithmic: Bool
  /// The prior's standard deviation, of the logarithm where that is learned.
  public let deviation: Double

  /// Logarithmic where the range begins at 0 or above and the start is above 0.
  ///
  /// - Parameter deviation: of the value, or of its logarithm; without it a quarter of a finite range, else 0.7 of the logarithm or half of the start.
  /// - Throws: `invalid` when the start lies outside the range or a number is not finite.
  public init(name: String, start: Double, range: ClosedRange<Double>, deviation: Double? = nil) throws(FilteringError) {
    guard start.isFinite, range.contains(start) else {
      throw .invalid(["\(name) starts at \(start), outside \(range.lowerBound) to \(range.upperBound)"])
    }
    (self.name, self.start, self.range) = (name, start, range)
    isLogarithmic = range.lowerBound >= 0 && start > 0
    let isClosed = range.lowerBound.isFinite && range.upperBound.isFinite
    if let deviation {
      guard deviation > 0, deviation.isFinite else { throw .invalid(["\(name) has a prior deviation of \(deviation)"]) }
      self.deviation = deviation
    } else if isLogarithmic {
      self.deviation = isClosed && range.lowerBound > 0 ? max(0.05, Portable.log(range.upperBound / range.lowerBound) / 4) : 0.7
    } else {
      self.deviation = isClosed ? (range.upperBound - range.lowerBound) / 4 : max(0.5 * start.magnitude, 0.5)
    }
  }

  /// The value on the scale on which it is learned.
  func scaled(_ value: Double) -> Double { isLogarithmic ? Portable.log(max(value, .leastNormalMagnitude)) : value }
  /// The value of a number on that scale, kept in the range.
  func value(_ scaled: Double) -> Double {
    min(max(isLogarithmic ? Portable.exp(min(max(scaled, -700), 700)) : scaled, range.lowerBound), range.upperBound)
  }
  /// ∂value/∂scaled.
  func slope(_ scaled: Double) -> Double { isLogarithmic ? value(scaled) : 1 }
  /// The range on the scale, finite: twelve prior deviations where it has no end.
  var scaledRange: ClosedRange<Double> {
    let centre = scaled(start)
    let reach = 12 * deviation
    let low = isLogarithmic && range.lowerBound <= 0 || !range.lowerBound.isFinite ? centre - reach : scaled(range.lowerBound)
    let high = range.upperBound.isFinite ? scaled(range.upperBound) : centre + reach
    return min(low, centre)...max(high, centre)
  }
}

/// A model whose parameters are given on the scales on which they are learned.
struct ScaledModel<Model: StateSpaceModel>: StateSpaceModel {
  let model: Model
  let scales: [UncertainParameter]
  var stateCount: Int { model.stateCount }
  var outputCount: Int { model.outputCount }

  private func values(_ scaled: [Double]) -> [Double] { zip(scales, scaled).map { $0.value($1) } }

  func advance(
    _ x: [Double], parameters: [Double], input: [Double], from start: Double, to end: Double
  ) throws(FilteringError) -> [Double] {
    try model.advance(x, parameters: values(parameters), input: input, from: start, to: end)
  }

  func outputs(_ x: [Double], parameters: [Double], input: [Double], at t: Double) throws(FilteringError) -> [Double] {
    try model.outputs(x, parameters: values(parameters), input: input, at: t)
  }

  func responses(_ record: SampleRecord, from x: [Double], parameters: [Double]) throws(FilteringError) -> [[Double]] {
    try model.responses(record, from: x, parameters: values(parameters))
  }
}
