public import Governance
internal import PlantModel
public import Quantities

/// Looks at a recorded write with the envelope's numbers alone, apart from the code that let it through.
///
/// What the gateway saw at the moment (readings, interlocks) is not in the facts; what is: limits, step and the hour's allowance.
public struct WriteAudit: Sendable {
  private let check: EnvelopeCheck

  /// - Parameter check: of the envelope that was in force; only its limits are used.
  public init(_ check: EnvelopeCheck) { self.check = check }

  /// Why the write should not have been decided, or nil.
  ///
  /// - Parameters:
  ///   - state: the governor's state before the intent: it knows what the tag has moved within the hour.
  ///   - now: when the intent was recorded.
  public func flaw(of intent: WriteIntent, in state: GovernorState, at now: Instant) -> String? {
    guard let limit = check.limit(intent.tag) else { return "no limits for \(intent.tag)" }
    guard intent.value.isFinite, intent.value >= limit.low, intent.value <= limit.high else { return "outside \(limit.low)…\(limit.high)" }
    let step = abs(intent.value - intent.from)
    // As the gateway rounds: 5.1 − 0.1 is not exactly 5.
    let slack = 1 + 1e-9
    guard step <= limit.maxStep * slack else { return "a step of \(step), \(limit.maxStep) allowed" }
    let spent = SpentStep.total(state.spent, of: intent.tag, at: now)
    guard spent + step <= limit.maxPerHour * slack else { return "\(spent + step) within the hour, \(limit.maxPerHour) allowed" }
    return nil
  }
}
