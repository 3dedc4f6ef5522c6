internal import PlantModel
internal import Quantities
internal import TemporalLogic

/// What must not be, and what must be, while a tag is written.
extension EnvelopeCheck {
  /// The value of a tag for a condition: nil unless it is fresh and good.
  private func value(_ tag: String, at now: Instant, _ readings: [String: Reading]) -> Double? {
    guard let reading = readings[tag], reading.isFresh(at: now, within: freshness(of: tag)) else { return nil }
    return reading.value
  }

  /// The first interlock that forbids writing `tag`; one that is not known to be clear holds.
  func interlock(on tag: String, at now: Instant, readings: [String: Reading]) -> WriteRefusal? {
    for interlock in envelope.interlocks where interlock.forbids.isEmpty || interlock.forbids.contains(tag) {
      guard interlock.condition.satisfaction({ value($0, at: now, readings) }).truth != .violated else { continue }
      return WriteRefusal(.interlock, "\(interlock.name): \(told(interlock.condition.signals, at: now, readings))")
    }
    return nil
  }

  /// The first permissive of `tag` that does not certainly hold.
  func permissive(on tag: String, at now: Instant, readings: [String: Reading]) -> WriteRefusal? {
    for permissive in envelope.permissives where permissive.permits.isEmpty || permissive.permits.contains(tag) {
      guard permissive.condition.satisfaction({ value($0, at: now, readings) }).truth != .satisfied else { continue }
      return WriteRefusal(.permissive, "\(permissive.name): \(told(permissive.condition.signals, at: now, readings))")
    }
    return nil
  }

  private func told(_ signals: [String], at now: Instant, _ readings: [String: Reading]) -> String {
    signals.map { signal in value(signal, at: now, readings).map { "\(signal) is \($0)" } ?? "\(signal) is not known" }.joined(separator: ", ")
  }

  /// The first coupled limit that the write would break: with the other tags as they are read, or as a write on its way may make them,
  /// whichever is worse. A write that brings down a sum that is too high already may go.
  func coupledRefusal(of question: Question) -> WriteRefusal? {
    for limit in envelope.coupledLimits {
      guard let own = limit.terms.first(where: { $0.signal == question.tag }) else { continue }
      var others = 0.0
      var size = abs(limit.atMost) + abs(own.coefficient * question.value)
      for term in limit.terms where term.signal != question.tag {
        guard let read = value(term.signal, at: question.at, question.readings) else {
          return WriteRefusal(.coupledLimit, "\(limit.name): \(term.signal) is not known")
        }
        let possible = [read] + question.pending.filter { $0.tag == term.signal }.map(\.value)
        let worst = possible.map { term.coefficient * $0 }.max() ?? .nan
        others += worst
        size += abs(worst)
      }
      let sum = others + own.coefficient * question.value
      if sum <= limit.atMost + (Self.rounding - 1) * size { continue }
      let before = value(question.tag, at: question.at, question.readings).map { others + own.coefficient * $0 } ?? -.infinity
      if before > limit.atMost, sum < before { continue }
      return WriteRefusal(.coupledLimit, "\(limit.name): the sum would be \(sum), \(limit.atMost) \(limit.unit) are allowed")
    }
    return nil
  }

  /// The first property that keeps the tag from moving: violated, not known, or nearer to it than its margin.
  func propertyRefusal(of question: Question) -> WriteRefusal? {
    guard let states = question.properties else { return nil }
    for property in envelope.properties where property.forbids.isEmpty || property.forbids.contains(question.tag) {
      if question.purpose == .restore, property.allowsRestore { continue }
      guard let state = states.first(where: { $0.name == property.name }) else {
        return WriteRefusal(.property, "\(property.name) is not monitored")
      }
      if !state.isMet { return WriteRefusal(.property, state.words) }
    }
    return nil
  }
}
