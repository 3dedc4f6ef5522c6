import Quantities

/// One spell in which a station did not produce for a reason of its own.
struct Stop: Sendable, Hashable {
  var activity: Activity
  var start: Instant
  /// Nil while it lasts.
  var end: Instant?
  /// The reason was the end of an order (PackML Completing).
  var isChangeover = false
  /// The station had told what it did before, so that `start` is when the stop began and not merely when it was heard of.
  var isSeenFromStart = true
  /// Operating seconds since the stop before it of the same kind.
  var operated: Double
  /// Speed / rated when it began.
  var ratio: Double

  func length(at now: Instant) -> Double { ((end ?? now) - start).seconds }
}
