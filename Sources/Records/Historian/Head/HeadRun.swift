/// Samples of many series sorted by series, each series' in order of writing: a part of the head that no longer changes.
struct HeadRun: Sendable {
  /// The series that have samples here, ascending, and where each one's begin; one more entry closes the last.
  private(set) var keys: [UInt32] = []
  private(set) var starts: [Int] = [0]
  private(set) var columns = SeriesColumn()
  /// Of each series, in the order of `keys`; made when somebody asks.
  private let summaries = RunSummaries()

  var count: Int { columns.count }

  /// Where the samples of a series stand; nil if it has none.
  func range(of series: UInt32) -> Range<Int>? { place(of: series).map { starts[$0]..<starts[$0 + 1] } }

  /// The samples of the series at a place of `keys`, in sum.
  var summary: [RunSummary] { summaries.value { keys.indices.map { RunSummary(columns, in: starts[$0]..<starts[$0 + 1]) } } }

  /// The place of a series in `keys`; nil if it has no samples.
  func place(of series: UInt32) -> Int? {
    var (low, high) = (0, keys.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < series { low = middle + 1 } else { high = middle }
    }
    return low < keys.count && keys[low] == series ? low : nil
  }

  /// Sorts `columns`, whose sample i is of `series[i]`.
  init(_ columns: SeriesColumn, series: [SeriesID], seriesCount: Int) {
    if seriesCount > 4 * series.count {
      sortFew(columns, series)
    } else {
      sortByCounting(columns, series, seriesCount)
    }
  }

  private mutating func sortFew(_ unsorted: SeriesColumn, _ series: [SeriesID]) {
    let order = (0..<series.count).sorted { (series[$0].index, $0) < (series[$1].index, $1) }
    starts = []
    for (place, i) in order.enumerated() where keys.last != series[i].index {
      keys.append(series[i].index)
      starts.append(place)
    }
    starts.append(series.count)
    columns.instants = order.map { unsorted.instants[$0] }
    columns.arrivals = order.map { unsorted.arrivals[$0] }
    columns.numbers = order.map { unsorted.numbers[$0] }
    columns.marks = order.map { unsorted.marks[$0] }
    columns.texts = unsorted.texts
  }

  private mutating func sortByCounting(_ unsorted: SeriesColumn, _ series: [SeriesID], _ seriesCount: Int) {
    let count = series.count
    var places = [UInt32](repeating: 0, count: seriesCount)
    do {
      let series = series.span
      for i in 0..<count { places[Int(series[i].index)] += 1 }
      var sum: UInt32 = 0
      starts = []
      for number in 0..<seriesCount where places[number] > 0 {
        keys.append(UInt32(number))
        starts.append(Int(sum))
        let samples = places[number]
        places[number] = sum
        sum += samples
      }
      starts.append(count)
    }
    scatter(unsorted, series, &places)
    columns.texts = unsorted.texts
  }

  private mutating func scatter(_ unsorted: SeriesColumn, _ series: [SeriesID], _ places: inout [UInt32]) {
    let (series, instants, arrivals, numbers, marks) = (
      series.span, unsorted.instants.span, unsorted.arrivals.span, unsorted.numbers.span, unsorted.marks.span
    )
    var sortedInstants = [Int64](repeating: 0, count: series.count)
    var sortedArrivals = sortedInstants
    var sortedNumbers = [Double](repeating: 0, count: series.count)
    var sortedMarks = [UInt8](repeating: 0, count: series.count)
    do {
      var place = places.mutableSpan
      var toInstants = sortedInstants.mutableSpan
      var toArrivals = sortedArrivals.mutableSpan
      var toNumbers = sortedNumbers.mutableSpan
      var toMarks = sortedMarks.mutableSpan
      for i in 0..<series.count {
        // Counted just now from the same series: every place lies inside.
        let number = unsafe Int(series[unchecked: i].index)
        let to = unsafe Int(place[unchecked: number])
        unsafe place[unchecked: number] = UInt32(to + 1)
        unsafe toInstants[unchecked: to] = instants[unchecked: i]
        unsafe toArrivals[unchecked: to] = arrivals[unchecked: i]
        unsafe toNumbers[unchecked: to] = numbers[unchecked: i]
        unsafe toMarks[unchecked: to] = marks[unchecked: i]
      }
    }
    (columns.instants, columns.arrivals, columns.numbers, columns.marks) = (sortedInstants, sortedArrivals, sortedNumbers, sortedMarks)
  }

  /// The samples of two runs in one, those of `earlier` before those of `later`.
  init(merging earlier: HeadRun, _ later: HeadRun) {
    columns.reserveCapacity(earlier.count + later.count)
    starts = []
    var (i, j) = (0, 0)
    while i < earlier.keys.count || j < later.keys.count {
      let key = min(i < earlier.keys.count ? earlier.keys[i] : .max, j < later.keys.count ? later.keys[j] : .max)
      keys.append(key)
      starts.append(columns.count)
      if i < earlier.keys.count, earlier.keys[i] == key {
        columns.append(earlier.columns, in: earlier.starts[i]..<earlier.starts[i + 1])
        i += 1
      }
      if j < later.keys.count, later.keys[j] == key {
        columns.append(later.columns, in: later.starts[j]..<later.starts[j + 1])
        j += 1
      }
    }
    starts.append(columns.count)
  }
}
