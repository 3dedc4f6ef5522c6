/// A delay that is the same each time, such as that of a controller which tells only after three seconds that it waits.
///
/// Majority vote over what was seen (R. S. Boyer, J. S. Moore 1991, doi:10.1007/978-94-011-3488-0_5): a delay of the same length speaks for it,
/// another one against it, and takes its place when nothing is left. Messages that were lost make single delays too long; they do no harm.
struct SteadyDelay: Sendable {
  private var value = 0.0
  private var votes = 0
  /// Seconds by which delays that are the same may differ: instants are told in milliseconds.
  private static let tolerance = 2e-3

  mutating func note(_ delay: Double) {
    if votes > 0, abs(delay - value) < SteadyDelay.tolerance {
      votes = min(votes + 1, 8)
    } else if votes > 0 {
      votes -= 1
    } else {
      (value, votes) = (delay, 1)
    }
  }

  /// Nil: not always the same, or not yet known.
  var seconds: Double? { votes >= 3 ? value : nil }
}
