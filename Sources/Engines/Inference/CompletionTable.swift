import Determinism

/// Completions counted in cells, so that a likelihood costs a hundred or so values of a distribution function whatever the length of the record.
///
/// Those of one number of parts and one speed stand together. Up to half as long again as the median, cells hold equal numbers, at most forty;
/// beyond, they are four per cent wide. Cells this narrow lose some per cent of the information about the work's mean, and none to speak of about stops.
struct CompletionTable {
  private struct Group {
    var parts: Int
    var speed: Double
    /// Rising; between edge i and i + 1 lie `counts[i]` completions.
    var edges: [Double]
    var counts: [Int]
    /// Lengths of those that still go on.
    var open: [Double]
  }
  private var groups: [Group] = []

  init(_ seen: [SeenCompletion]) {
    // Speeds are told apart by half a per cent.
    let keyed = seen.map { (parts: $0.parts, speed: ($0.speed * 200).rounded() / 200, seen: $0) }.sorted {
      ($0.parts, $0.speed, $0.seen.seconds) < ($1.parts, $1.speed, $1.seen.seconds)
    }
    var first = 0
    while first < keyed.count {
      let (parts, speed, _) = keyed[first]
      let end = keyed[first...].firstIndex { $0.parts != parts || $0.speed != speed } ?? keyed.count
      let own = keyed[first..<end].map(\.seen)
      let lengths = own.filter { !$0.isOpen }.map(\.seconds)
      let edges = CompletionTable.edges(lengths)
      var counts = [Int](repeating: 0, count: max(edges.count - 1, 0))
      var cell = 0
      for length in lengths {
        while cell < counts.count - 1 && length >= edges[cell + 1] { cell += 1 }
        counts[cell] += 1
      }
      groups.append(Group(parts: parts, speed: max(speed, 0.005), edges: edges, counts: counts, open: own.filter(\.isOpen).map(\.seconds)))
      first = end
    }
  }

  /// - Parameter law: of completions of so many parts at such a speed.
  func logLikelihood(_ law: (_ parts: Int, _ speed: Double) -> UnseenCompletion) -> Double {
    var sum = 0.0
    for group in groups {
      let law = law(group.parts, group.speed)
      var (below, at) = (0.0, -1)
      for (i, count) in group.counts.enumerated() where count > 0 {
        if at != i { below = law.cumulative(group.edges[i]) }
        let above = law.cumulative(group.edges[i + 1])
        sum += Double(count) * Portable.log(max(above - below, 1e-300))
        (below, at) = (above, i + 1)
      }
      for length in group.open { sum += Portable.log(max(1 - law.cumulative(length), 1e-300)) }
    }
    return sum
  }

  /// - Parameter lengths: in rising order.
  private static func edges(_ lengths: [Double]) -> [Double] {
    guard let last = lengths.last else { return [] }
    let median = lengths[lengths.count / 2]
    let bulk = lengths.filter { $0 <= 1.5 * median }
    let step = max(bulk.count / 40, 1)
    var edges = [bulk[0] * 0.98]
    var k = step
    while k < bulk.count {
      // Ties stay on one side: counts told to half a second have few lengths that differ.
      while k < bulk.count && bulk[k] <= bulk[k - 1] * 1.000001 { k += 1 }
      if k < bulk.count { edges.append((bulk[k - 1] + bulk[k]) / 2) }
      k += step
    }
    edges.append(max(1.5 * median, edges[edges.count - 1] * 1.04))
    while edges[edges.count - 1] <= last { edges.append(edges[edges.count - 1] * 1.04) }
    return edges
  }
}
