/// Minimum or maximum of a piecewise constant robustness over the closed window t−b … t−a, in O(1) amortised for each segment.
///
/// A segment [s, e) meets the window from t = s+a until just before t = e+b. Entering, it drops from the back of a queue what can never
/// again be the extreme; so the extreme stands at the front. Lower and upper ends have a queue each, because their extremes differ.
///
/// - Source: D. Lemire 2006, arXiv:cs/0610046 (monotonic wedge).
struct SlidingExtreme: Sendable {
  private struct Entry: Sendable {
    var start: Int64
    /// `Int64.max` while the segment is the newest.
    var end: Int64
    var value: Satisfaction
  }

  private let from: Int64
  private let to: Int64
  private let isMinimum: Bool
  /// Segments that have not reached the window.
  private var waiting = SegmentQueue<Entry>()
  private var lows = SegmentQueue<Entry>()
  private var highs = SegmentQueue<Entry>()
  /// Queue operations since the start.
  private(set) var work = 0

  init(from: Int64, to: Int64, isMinimum: Bool, initial: Satisfaction) {
    (self.from, self.to, self.isMinimum) = (from, to, isMinimum)
    let first = Entry(start: Segment.distantPast, end: .max, value: initial)
    lows.append(first)
    highs.append(first)
  }

  /// Takes the segments that began since the last call and appends how the extreme changes until `now`.
  mutating func advance(_ input: [Segment], to now: Int64, into output: inout [Segment]) {
    for segment in input {
      close(at: segment.start)
      waiting.append(Entry(start: segment.start, end: .max, value: segment.value))
    }
    while let next = nextEvent, next <= now {
      while let entry = waiting.first, entry.start + from <= next {
        waiting.removeFirst()
        enter(entry)
      }
      while let front = lows.first, leaves(front) <= next {
        lows.removeFirst()
        work += 1
      }
      while let front = highs.first, leaves(front) <= next {
        highs.removeFirst()
        work += 1
      }
      if let low = lows.first, let high = highs.first {
        output.append(Segment(start: next, value: Satisfaction(lower: low.value.lower, upper: high.value.upper)))
      }
    }
  }

  private var nextEvent: Int64? {
    let arrival = waiting.first.map { $0.start + from } ?? .max
    let next = min(arrival, min(lows.first.map(leaves) ?? .max, highs.first.map(leaves) ?? .max))
    return next == .max ? nil : next
  }

  private func leaves(_ entry: Entry) -> Int64 { entry.end == .max ? .max : entry.end + to }

  /// The newest segment, wherever it stands, ends.
  private mutating func close(at end: Int64) {
    if !waiting.isEmpty {
      waiting.last?.end = end
    } else {
      lows.last?.end = end
      highs.last?.end = end
    }
  }

  private mutating func enter(_ entry: Entry) {
    while let last = lows.last, isMinimum ? last.value.lower >= entry.value.lower : last.value.lower <= entry.value.lower {
      lows.removeLast()
      work += 1
    }
    while let last = highs.last, isMinimum ? last.value.upper >= entry.value.upper : last.value.upper <= entry.value.upper {
      highs.removeLast()
      work += 1
    }
    lows.append(entry)
    highs.append(entry)
    work += 1
  }
}
