/// A run-to-run controller: it sets the input of each run, and learns from measured lots, each joined to the input that made it.
///
/// A lot is known by its run's number. Measurements may come late, out of order, or never: the matched form stays right, because a lot is
/// compared with its own input and not with the newest; each lot is taken once.
public struct RunToRunController: Hashable, Sendable {
  public let loop: RunToRunLoop
  /// b, the model's gain, output units per input unit; its sign is the sign that the loop believes.
  public let gain: Double
  /// T, what the output should be.
  public let target: Double
  /// The input of the next run.
  public private(set) var input: Double
  /// What the model adds: y = intercept + b·u.
  public private(set) var intercept: Double
  /// A frozen loop keeps its input, whatever is measured.
  public private(set) var isFrozen = false
  /// u of each run that was made, from run 0.
  public private(set) var inputs: [Double] = []
  private var taken: Set<Int> = []

  /// - Precondition: the gain is finite and not 0.
  public init(_ loop: RunToRunLoop, gain: Double, target: Double, input: Double, intercept: Double) {
    precondition(gain.isFinite && gain != 0, "a gain of \(gain)")
    (self.loop, self.gain, self.target, self.input, self.intercept) = (loop, gain, target, input, intercept)
  }

  /// Starts the next run with the present input; its number.
  public mutating func startRun() -> Int {
    inputs.append(input)
    return inputs.count - 1
  }

  /// A measured lot. Nothing happens where the run is not known, was measured before, or the value is not finite.
  public mutating func take(lot run: Int, measured y: Double) {
    guard inputs.indices.contains(run), y.isFinite, taken.insert(run).inserted, !isFrozen else { return }
    switch loop.form {
    case .integral: input -= loop.weight / gain * (y - target)
    case .matched:
      intercept += loop.weight * (y - gain * inputs[run] - intercept)
      input = (target - intercept) / gain
    }
  }

  /// Stops learning and moving, for good: what the last run had stays, also where a lot has meanwhile asked for something else.
  public mutating func freeze() {
    isFrozen = true
    input = inputs.last ?? input
  }
}
