/// Leaves out faults as long as the same invariant breaks: what is left is needed, each of it.
///
/// - Complexity: O(n²) rehearsals at worst for n faults, mostly O(n log n).
/// - Source: delta debugging, A. Zeller and R. Hildebrandt 2002, doi:10.1109/32.988498.
/// - Returns: the shortest list that was found, and its outcome.
public func shrink(_ outcome: RehearsalOutcome, _ options: RehearsalOptions = RehearsalOptions()) -> RehearsalOutcome {
  guard let broken = outcome.violations.first?.invariant else { return outcome }
  var best = outcome
  func fails(_ faults: [Fault]) -> Bool {
    let tried = rehearse(seed: outcome.seed, options, faults: faults)
    guard tried.violations.first?.invariant == broken else { return false }
    best = tried
    return true
  }
  if !outcome.faults.isEmpty, fails([]) { return best }
  var parts = 2
  while best.faults.count >= 2 {
    let faults = best.faults
    let size = (faults.count + parts - 1) / parts
    let starts = Array(stride(from: 0, to: faults.count, by: size))
    // Without one part: the other parts alone.
    let isSmaller = starts.contains { start in fails(Array(faults[..<start] + faults[min(start + size, faults.count)...])) }
    if isSmaller {
      parts = max(parts - 1, 2)
    } else if size == 1 {
      break
    } else {
      parts = min(parts * 2, faults.count)
    }
  }
  return best
}
