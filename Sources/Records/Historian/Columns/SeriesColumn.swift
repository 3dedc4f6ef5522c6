internal import Quantities
internal import Telemetry

/// Samples of one series as the engine works on them: plain numbers, column by column.
struct SeriesColumn: Sendable {
  /// Nanoseconds since 1970.
  var instants: [Int64] = []
  /// The same; empty where the reader did not ask for them.
  var arrivals: [Int64] = []
  /// The numbers; for a text its place in `texts`, as bits.
  var numbers: [Double] = []
  /// Quality and kind of each sample: `Mark`.
  var marks: [UInt8] = []
  var texts: [String] = []

  var count: Int { instants.count }

  mutating func reserveCapacity(_ count: Int) {
    instants.reserveCapacity(count)
    arrivals.reserveCapacity(count)
    numbers.reserveCapacity(count)
    marks.reserveCapacity(count)
  }

  func isText(_ index: Int) -> Bool { Mark.isText(marks[index]) }

  func textIndex(_ index: Int) -> Int { Int(numbers[index].bitPattern) }

  func value(at index: Int) -> SampleValue {
    isText(index) ? .text(texts[textIndex(index)]) : .number(numbers[index])
  }

  func sample(at index: Int) -> Sample {
    Sample(
      instant: Instant(nanoseconds: instants[index]), arrival: Instant(nanoseconds: arrivals[index]), value: value(at: index),
      quality: Mark.quality(marks[index]))
  }

  /// The samples of `other` in `range` behind these; texts are numbered anew.
  mutating func append(_ other: SeriesColumn, in range: Range<Int>) {
    let start = count
    instants += other.instants[range]
    if !other.arrivals.isEmpty { arrivals += other.arrivals[range] }
    numbers += other.numbers[range]
    marks += other.marks[range]
    if other.texts.isEmpty { return }
    var numbering: [Int: Int] = [:]
    for i in start..<count where isText(i) {
      let old = textIndex(i)
      let new = numbering[old] ?? intern(other.texts[old])
      numbering[old] = new
      numbers[i] = Double(bitPattern: UInt64(new))
    }
  }

  mutating func append(_ other: SeriesColumn) {
    if count == 0 { self = other } else { append(other, in: 0..<other.count) }
  }

  fileprivate mutating func intern(_ text: String) -> Int {
    // States and products repeat; a look at the newest finds nearly all, and a text that stands twice does no harm.
    for (distance, known) in texts.reversed().prefix(8).enumerated() where known.utf8.elementsEqual(text.utf8) { return texts.count - 1 - distance }
    texts.append(text)
    return texts.count - 1
  }

  /// The first index whose instant is not before `instant`, in an ascending column.
  func firstIndex(atOrAfter instant: Int64) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if instants[middle] < instant { low = middle + 1 } else { high = middle }
    }
    return low
  }

  var isAscending: Bool {
    let instants = instants.span
    for i in 1..<max(1, instants.count) where instants[i] <= instants[i - 1] { return false }
    return true
  }

  /// Ascending by instant; of samples with one instant the one that was written last.
  ///
  /// Samples come nearly in order, so those that do are left in place, and only the stragglers are sorted and merged in.
  func ascending() -> SeriesColumn {
    if isAscending { return self }
    var main: [Int] = []
    var stragglers: [Int] = []
    main.reserveCapacity(count)
    var greatest = Int64.min
    for i in 0..<count {
      if instants[i] >= greatest {
        greatest = instants[i]
        main.append(i)
      } else {
        stragglers.append(i)
      }
    }
    stragglers.sort { (instants[$0], $0) < (instants[$1], $1) }
    var order: [Int] = []
    order.reserveCapacity(count)
    func keep(_ index: Int) {
      if let last = order.last, instants[last] == instants[index] { order.removeLast() }
      order.append(index)
    }
    var next = 0
    for index in main {
      while next < stragglers.count, (instants[stragglers[next]], stragglers[next]) < (instants[index], index) {
        keep(stragglers[next])
        next += 1
      }
      keep(index)
    }
    while next < stragglers.count {
      keep(stragglers[next])
      next += 1
    }
    var sorted = SeriesColumn()
    sorted.instants = order.map { instants[$0] }
    if !arrivals.isEmpty { sorted.arrivals = order.map { arrivals[$0] } }
    sorted.numbers = order.map { numbers[$0] }
    sorted.marks = order.map { marks[$0] }
    sorted.texts = texts
    return sorted
  }
}

/// A sample's quality and kind in one byte: quality 0 bad, 1 stale, 2 uncertain, 3 good; plus 4 for a text.
enum Mark {
  static let good: UInt8 = 3
  static let text: UInt8 = 4
  static let greatest: UInt8 = 7
  private static let qualities: [Quality] = [.bad, .stale, .uncertain, .good, .bad, .stale, .uncertain, .good]

  static func place(_ quality: Quality) -> UInt8 {
    switch quality {
    case .bad: 0
    case .stale: 1
    case .uncertain: 2
    case .good: 3
    }
  }

  static func isText(_ mark: UInt8) -> Bool { mark & text != 0 }

  static func quality(_ mark: UInt8) -> Quality { qualities[Int(mark)] }
}

extension SeriesColumn {
  /// A text without its instants and mark, which the caller appends.
  mutating func append(text: String) { numbers.append(Double(bitPattern: UInt64(intern(text)))) }

  mutating func removeAll() {
    instants.removeAll(keepingCapacity: true)
    arrivals.removeAll(keepingCapacity: true)
    numbers.removeAll(keepingCapacity: true)
    marks.removeAll(keepingCapacity: true)
    texts = []
  }
}
