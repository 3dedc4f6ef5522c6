/// A stretch of a process variable and its manipulated variable, sampled together: what a dead-time model is learned from.
public struct LoopRecord: Sendable, Hashable {
  /// h > 0, the time between two samples.
  public let interval: Double
  /// u, each held from its instant to the next.
  public let inputs: [Double]
  /// y, read just before its input is set; nil or not finite where a reading is missing.
  public let outputs: [Double?]
  /// r, where the controller's set-point is recorded.
  public let setpoints: [Double]?

  /// - Throws: `invalid` when the lengths differ, the interval is not positive, or an input or set-point is not finite.
  public init(interval: Double, inputs: [Double], outputs: [Double?], setpoints: [Double]? = nil) throws(FilteringError) {
    var faults: [String] = []
    if !(interval > 0 && interval.isFinite) { faults.append("the interval is \(interval)") }
    if inputs.count != outputs.count { faults.append("\(inputs.count) inputs and \(outputs.count) outputs") }
    if let setpoints, setpoints.count != inputs.count { faults.append("\(setpoints.count) set-points and \(inputs.count) inputs") }
    if !inputs.allSatisfy(\.isFinite) { faults.append("an input is not finite") }
    if !(setpoints ?? []).allSatisfy(\.isFinite) { faults.append("a set-point is not finite") }
    if !faults.isEmpty { throw .invalid(faults) }
    (self.interval, self.inputs, self.outputs, self.setpoints) = (interval, inputs, outputs, setpoints)
  }
}
