/// How near two spellings are: for "did you mean".
public enum Spelling {
  /// The least number of insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`
  /// (optimal string alignment; F. Damerau 1964, doi:10.1145/363958.363994).
  public static func distance(_ a: String, _ b: String) -> Int {
    let x = Array(a), y = Array(b)
    var before: [Int] = []
    var last = Array(0...y.count)
    for i in 0..<x.count {
      var row = [i + 1]
      for j in 0..<y.count {
        var best = min(last[j] + (x[i] == y[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, x[i] == y[j - 1], x[i - 1] == y[j] { best = min(best, before[j - 1] + 1) }
        row.append(best)
      }
      (before, last) = (last, row)
    }
    return last[y.count]
  }

  /// The candidate that `name` most probably meant: nearest by `distance` after folding case, at most a third of the name away
  /// (one letter for names of three to five, case alone for shorter ones: `B1` is no slip for `B0`). Nil where none is near. The first
  /// wins among equals.
  public static func nearest(to name: String, among candidates: [String]) -> String? {
    let folded = name.lowercased()
    let limit = folded.count < 3 ? 0 : max(1, folded.count / 3)
    var best: (String, Int)?
    for candidate in candidates {
      let other = candidate.lowercased()
      // A difference in case alone is nearer than any other.
      let d = other == folded ? 0 : distance(folded, other)
      if d <= limit, d < max(folded.count, other.count), d < best?.1 ?? .max { best = (candidate, d) }
    }
    return best?.0
  }
}
