/// The readings of one cumulative counter, as totals that only rise: restarts at zero and leaps are bridged.
struct CountJournal: Sendable {
  private(set) var raw = Journal<Double>()
  /// For each entry of `raw`, parts since the first reading ever.
  private(set) var totals: [Int] = []
  private(set) var bridged: [Bool] = []

  var isEmpty: Bool { totals.isEmpty }
  var count: Int { totals.count }
  func time(_ i: Int) -> Double { raw.entries[i].time }

  /// - Parameter most: parts that the machine can have made in the given number of seconds.
  mutating func insert(_ value: Double, at time: Double, most: (Double) -> Double) -> Journal<Double>.Insertion {
    let insertion = raw.insert(value, at: time)
    guard case .added(let i) = insertion else { return insertion }
    totals.insert(0, at: i)
    bridged.insert(false, at: i)
    for k in max(i, 1)..<max(totals.count, 1) {
      let step = raw.entries[k].value - raw.entries[k - 1].value
      // A controller that restarted counts from zero: what it shows now was made since.
      let parts = step < 0 ? raw.entries[k].value : step
      let isLeap = parts > most(raw.entries[k].time - raw.entries[k - 1].time)
      let total = totals[k - 1] + (isLeap ? 0 : Int(parts.rounded()))
      bridged[k] = step < 0 || isLeap
      if k > i, total == totals[k] { break }
      totals[k] = total
    }
    return insertion
  }

  /// Index of the first reading with at least `n` parts, nil if there is none yet.
  func index(reaching n: Int) -> Int? {
    var (low, high) = (0, totals.count)
    while low < high {
      let middle = (low + high) / 2
      if totals[middle] < n { low = middle + 1 } else { high = middle }
    }
    return low < totals.count ? low : nil
  }

  mutating func trim(before time: Double) {
    let gone = raw.trim(before: time)
    totals.removeFirst(gone)
    bridged.removeFirst(gone)
  }
}
