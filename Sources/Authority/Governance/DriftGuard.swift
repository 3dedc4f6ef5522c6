internal import PlantModel
public import Quantities

/// The salami guard: many small changes, each harmless, must not add up to a large one that nobody has approved.
extension EnvelopeCheck {
  /// Nil where software alone may take the tags there.
  ///
  /// - Parameters:
  ///   - targets: where the change would take each tag.
  ///   - baseline: what a person last approved, by tag; a tag that is not in it has no bound but its limits.
  public func driftRefusal(of targets: [String: Double], from baseline: [String: Double]) -> Refusal? {
    for tag in targets.keys.sorted() {
      guard let limit = limit(tag), let target = targets[tag] else { return Refusal(.noLimit, tag) }
      guard let approved = baseline[tag], let most = limit.maxDrift else { continue }
      let drift = abs(target - approved)
      guard drift <= most * Self.rounding else {
        return Refusal(.driftExceeded, "\(tag) would stand \(drift) from the \(approved) that a person approved, \(most) \(limit.unit) are allowed")
      }
    }
    return nil
  }

  /// Nil where one more change may begin: `changes` are the instants at which changes first reached the plant.
  public func hasteRefusal(changes: [Instant], at now: Instant) -> Refusal? {
    guard let most = envelope.maxChangesPerHour else { return nil }
    // One dated ahead of now counts: a clock that was set back frees nothing.
    let recent = changes.count { now - $0 < .hours(1) }
    return recent < most ? nil : Refusal(.tooManyChanges, "\(recent) changes within the hour, \(most) are allowed")
  }
}
