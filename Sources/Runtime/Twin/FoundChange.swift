import ChangeDetection
public import Quantities

/// A change of the plant that the twin found by testing residuals, in words and figures for people.
public struct FoundChange: Sendable, Hashable, Codable {
  /// Nil for the line.
  public var station: String?
  public var kind: ResidualKind
  /// "Screw: repairs take 2.0 (1.6 to 2.5) times as long since 09:12".
  public var words: String
  /// The likeliest date and its 90 % interval; older evidence counts little.
  public var since: Instant
  public var earliest: Instant
  public var latest: Instant
  /// When the test raised the alarm.
  public var alarmed: Instant
  /// Natural logarithm of the likelihood of a change against none.
  public var evidence: Double
  /// True until residuals agree with the renewed belief.
  public var isOpen: Bool
}

extension Twin {
  /// The changes that were found and not taken back, newest first, as known now: date and size sharpen with what comes after the alarm.
  public var foundChanges: [FoundChange] {
    monitor.changes.reversed().compactMap { found in
      guard let chart = monitor.charts.first(where: { $0.key == found.key }) else { return nil }
      // The test knows its last change only; older ones stand as they were found.
      let last = monitor.bank.change(of: found.key).flatMap { $0.alarmed == found.alarmed ? $0 : nil } ?? found
      return FoundChange(
        station: last.key.station, kind: chart.kind, words: last.words(unit: "standard deviations of the forecast"), since: last.since,
        earliest: last.earliest, latest: last.latest, alarmed: last.alarmed, evidence: last.evidence,
        isOpen: chart.alarm?.change.alarmed == found.alarmed)
    }
  }
}
