public import LinearAlgebra

/// What was put into a plant and read from it: for each instant the inputs that are held from there to the next, and the outputs, with gaps.
public struct SampleRecord: Sendable, Hashable {
  public let instants: [Double]
  public let inputs: [[Double]]
  public let outputs: [[Double?]]

  /// - Throws: `invalid` when the lengths differ, an instant does not come after the one before, or an input is not finite.
  public init(instants: [Double], inputs: [[Double]], outputs: [[Double?]]) throws(FilteringError) {
    var faults: [String] = []
    if inputs.count != instants.count || outputs.count != instants.count {
      faults.append("\(instants.count) instants, \(inputs.count) inputs, \(outputs.count) outputs")
    }
    if !instants.allSatisfy(\.isFinite) || !zip(instants, instants.dropFirst()).allSatisfy({ $0 < $1 }) { faults.append("the instants do not rise") }
    if !inputs.allSatisfy({ $0.allSatisfy(\.isFinite) }) { faults.append("an input is not finite") }
    if Set(outputs.map(\.count)).count > 1 || Set(inputs.map(\.count)).count > 1 { faults.append("rows differ in length") }
    if !faults.isEmpty { throw .invalid(faults) }
    (self.instants, self.inputs, self.outputs) = (instants, inputs, outputs)
  }
}

/// A model with its parameters fixed, so that a filter has the states alone to estimate.
struct FixedParameters<Model: StateSpaceModel>: StateSpaceModel {
  let model: Model
  let parameters: [Double]
  var stateCount: Int { model.stateCount }
  var outputCount: Int { model.outputCount }

  func advance(
    _ x: [Double], parameters _: [Double], input: [Double], from start: Double, to end: Double
  ) throws(FilteringError) -> [Double] {
    try model.advance(x, parameters: parameters, input: input, from: start, to: end)
  }

  func outputs(_ x: [Double], parameters _: [Double], input: [Double], at t: Double) throws(FilteringError) -> [Double] {
    try model.outputs(x, parameters: parameters, input: input, at: t)
  }
}

extension StateSpaceModel {
  /// The whitened innovations of an unscented filter that runs this model with given parameters over a record: what `MismatchTest` judges a dynamic
  /// model by.
  ///
  /// - Parameters:
  ///   - state: what is believed of the state at the first instant.
  ///   - diffusion: the covariance that noise adds to the state in a unit of time.
  ///   - noise: the sensors' covariance.
  /// - Returns: one row for each instant, one value for each output; not a number where nothing was read.
  /// - Throws: `model`, `notPositiveDefinite`.
  public func whitenedInnovations(
    _ record: SampleRecord, parameters: [Double], state: Gaussian, diffusion: Matrix, noise: Matrix
  ) throws(FilteringError) -> [[Double]] {
    guard let start = record.instants.first else { return [] }
    let fixed = FixedParameters(model: self, parameters: parameters)
    var filter = UnscentedFilter(fixed, prior: AugmentedPrior(state: state, diffusion: diffusion), at: start)
    var rows: [[Double]] = []
    for k in record.instants.indices {
      if k > 0 { try filter.predict(to: record.instants[k], input: record.inputs[k - 1]) }
      var row = [Double](repeating: .nan, count: outputCount)
      if let innovation = try filter.update(record.outputs[k], noise: noise, input: record.inputs[k]) {
        for (i, place) in innovation.components.enumerated() { row[place] = innovation.whitened[i] }
      }
      rows.append(row)
    }
    return rows
  }
}
