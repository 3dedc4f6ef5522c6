internal import Historian
internal import Ingest
internal import PromQL
internal import Synchronization

/// Which series have which labels: an inverted index over the tags of the historian, which grows as they come.
final class SeriesIndex: Sendable {
  private struct Content {
    /// By the historian's number.
    var series: [FoundSeries] = []
    /// For each label and value the numbers of its series, ascending.
    var postings: [String: [String: [Int]]] = [:]
    /// The tag of each series as JSON writes it.
    var quoted: [[UInt8]] = []
    /// The place of each series in the order of labels; empty until it is asked for after series were added.
    var ranks: [Int] = []

    mutating func rank() {
      guard ranks.count != series.count else { return }
      ranks = Array(repeating: 0, count: series.count)
      for (rank, number) in series.indices.sorted(by: { series[$0].labels < series[$1].labels }).enumerated() { ranks[number] = rank }
    }
  }

  private let content = Mutex(Content())

  /// Takes in the series that the snapshot has and the index has not.
  func refresh(from snapshot: HistorianSnapshot) {
    content.withLock { content in
      for number in content.series.count..<max(content.series.count, snapshot.seriesCount) {
        let tag = snapshot.tag(of: SeriesID(index: UInt32(number)))
        let name = SeriesName(tag: tag)
        var json = JSONText()
        json.string(tag)
        content.quoted.append(json.finish())
        let labels = Labels([Labels.Pair(Labels.nameLabel, name.metric)] + name.labels.map { Labels.Pair($0.name, $0.value) })
        content.series.append(FoundSeries(number: number, labels: labels))
        for pair in labels.pairs { content.postings[pair.name, default: [:]][pair.value, default: []].append(number) }
      }
    }
  }

  /// The tags of all series as JSON writes them, by number.
  var quotedTags: [[UInt8]] { content.withLock { $0.quoted } }

  /// The series of the snapshot that satisfy all matchers, sorted by labels.
  func series(matching matchers: [LabelMatcher], in snapshot: HistorianSnapshot) throws(PromQLError) -> [FoundSeries] {
    var tests: [(name: String, test: (String) -> Bool)] = []
    for matcher in matchers { tests.append((matcher.name, try matcher.test())) }
    let candidates = content.withLock { content -> [(series: FoundSeries, rank: Int)] in
      content.rank()
      // The equality that the fewest satisfy leaves the fewest to try.
      let lists = matchers.filter { $0.kind == .equal && !$0.value.isEmpty }.map { content.postings[$0.name]?[$0.value] ?? [] }
      let numbers = lists.min(by: { $0.count < $1.count }) ?? Array(content.series.indices)
      return numbers.map { (content.series[$0], content.ranks[$0]) }
    }
    let kept = candidates.filter { candidate in
      let (number, labels) = (candidate.series.number, candidate.series.labels)
      return number < snapshot.seriesCount && snapshot.holds(SeriesID(index: UInt32(number)))
        && tests.allSatisfy { $0.test(labels[$0.name] ?? "") }
    }
    return kept.sorted { $0.rank < $1.rank }.map(\.series)
  }

  /// The names of labels, of these series or of all, sorted.
  func labelNames(of series: [FoundSeries]?) -> [String] {
    if let series { return Set(series.flatMap { $0.labels.pairs.map(\.name) }).sorted() }
    return content.withLock { $0.postings.keys.sorted() }
  }

  /// The values of a label, of these series or of all, sorted.
  func values(of label: String, in series: [FoundSeries]?) -> [String] {
    if let series { return Set(series.compactMap { $0.labels[label] }).sorted() }
    return content.withLock { ($0.postings[label] ?? [:]).keys.sorted() }
  }
}
