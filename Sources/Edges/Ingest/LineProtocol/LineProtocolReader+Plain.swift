internal import Historian
internal import Quantities
internal import Telemetry

// The quick way. A plain line has one space between its parts, no quote and no comment; its numbers are short decimals, whole numbers or
// booleans. Whatever is not plain, or wrong, is left to the whole grammar: so this way reports no error.
extension LineProtocolReader {
  /// Reads the line at `start` if it is plain. Returns where the next one begins; nil where it is not, and then nothing was taken.
  @inline(__always) mutating func readPlainLine(
    _ body: ByteView, from start: Int, _ precision: TimestampPrecision, into samples: inout DecodedSamples, _ directory: (String) -> SeriesID?
  ) -> Int? {
    var at = start
    guard let key = plainKey(body, at: &at) else { return nil }
    pending.removeAll(keepingCapacity: true)
    var quality = Quality.good
    var hasQuality = false
    var field = cache.firstField(of: key)
    while true {
      guard let place = plainField(body, at: &at, of: key, expected: field, directory) else { return nil }
      let found = cache.field(place)
      field = found.next
      if found.isQuality {
        guard !hasQuality, let code = plainValue(body, at: &at), !isBoolean(body, before: at) else { return nil }
        quality = code == 192 ? .good : Int(exactly: code).map { SourceStatus(opcClassic: $0).quality } ?? .bad
        hasQuality = true
      } else {
        guard let value = plainValue(body, at: &at) else { return nil }
        pending.append((found.series, value))
      }
      guard at < body.count, body[at] == .comma else { break }
      at &+= 1
    }
    guard !pending.isEmpty, let (instant, end) = plainEnd(body, at: at, precision, samples.arrival) else { return nil }
    for i in pending.indices { samples.append(series: pending[i].series, instant: instant, value: pending[i].value, quality: quality) }
    cache.follow(before, by: key)
    before = key
    return end
  }

  /// The key at `at`, which moves behind the space that ends it.
  @inline(__always) private mutating func plainKey(_ body: ByteView, at: inout Int) -> SeriesCache.Place? {
    if let key = cache.expected(after: before, in: body, at: at) {
      let end = at &+ cache.length(of: key)
      if end < body.count, body[end] == .space {
        at = end &+ 1
        return key
      }
    }
    return searchedKey(body, at: &at)
  }

  private mutating func searchedKey(_ body: ByteView, at: inout Int) -> SeriesCache.Place? {
    guard body[at] != .hash, body[at] != .space, let end = keyEnd(body, at) else { return nil }
    let hash = cache.hash(body, at, end)
    guard let key = cache.find(body, at, end, hash: hash) ?? newKey(body, at, end, hash) else { return nil }
    at = end + 1
    return key
  }

  private mutating func newKey(_ body: ByteView, _ start: Int, _ end: Int, _ hash: UInt32) -> SeriesCache.Place? {
    guard (try? LineProtocolLine(key: body.copy(start..<end))) != nil else { return nil }
    return cache.insert(body, start, end, hash: hash)
  }

  /// The first space that no backslash escapes; nil where the line ends before it, or escapes are not plain.
  private func keyEnd(_ body: ByteView, _ start: Int) -> Int? {
    var at = start
    while at < body.count {
      let word = body.word(at: at)
      let found = Word.matches(word, .space) | Word.matches(word, .newline) | Word.matches(word, .backslash)
      if found == 0 {
        at &+= 8
        continue
      }
      at &+= found.trailingZeroBitCount >> 3
      guard at < body.count else { return nil }
      switch body[at] {
      case .space: return at
      case .backslash:
        guard at + 1 < body.count else { return nil }
        switch body[at + 1] {
        case .comma, .equals, .space: at += 2
        case .backslash, .newline: return nil
        default: at += 1
        }
      default: return nil
      }
    }
    return nil
  }

  /// The field at `at`, which moves behind its `=`.
  @inline(__always) private mutating func plainField(
    _ body: ByteView, at: inout Int, of key: SeriesCache.Place, expected: SeriesCache.Place, _ directory: (String) -> SeriesID?
  ) -> SeriesCache.Place? {
    if expected >= 0, cache.isField(expected, in: body, at: &at) { return expected }
    return searchedField(body, at: &at, of: key, directory)
  }

  private mutating func searchedField(
    _ body: ByteView, at: inout Int, of key: SeriesCache.Place, _ directory: (String) -> SeriesID?
  ) -> SeriesCache.Place? {
    var place = cache.firstField(of: key)
    while place >= 0 {
      if cache.isField(place, in: body, at: &at) { return place }
      place = cache.field(place).next
    }
    var end = at
    while end < body.count, body[end] != .equals {
      switch body[end] {
      case .comma, .space, .newline, .backslash, .quote: return nil
      default: end += 1
      }
    }
    guard end < body.count, end > at, let name = body.text(at..<end), let line = try? LineProtocolLine(key: cache.bytes(of: key)) else { return nil }
    let isQuality = name == Self.qualityField
    var series = SeriesID(index: 0)
    if !isQuality {
      // Only a value that can be taken makes a series: a line that is wrong must not.
      var behind = end + 1
      guard plainValue(body, at: &behind) != nil, let number = directory(naming.tag(line, field: name)) else { return nil }
      series = number
    }
    let field = cache.insertField(body.copy(at..<end), of: key, series: series, isQuality: isQuality)
    at = end + 1
    return field
  }

  /// The number or boolean at `at`, which moves behind it to a comma, a space or a line end.
  @inline(__always) private func plainValue(_ body: ByteView, at: inout Int) -> Double? {
    var end = at
    var value: Double?
    if let number = DecimalScanner.number(body, at: &end) {
      switch end < body.count ? body[end] : .newline {
      case .comma, .space, .newline: value = number.double
      case UInt8(ascii: "i"):
        value = number.whole.map(Double.init)
        end &+= 1
      case UInt8(ascii: "u"):
        value = number.isNegative ? nil : number.whole.map(Double.init)
        end &+= 1
      default: break
      }
      if let value, endsValue(body, end) {
        at = end
        return value
      }
    }
    return otherValue(body, at: &at)
  }

  /// A boolean, or a number with an exponent or many digits.
  private func otherValue(_ body: ByteView, at: inout Int) -> Double? {
    var end = at
    while end < body.count, !endsValue(body, end) { end += 1 }
    if end == at + 1, let value = Self.boolean(body[at]) {
      at = end
      return value
    }
    // Longer ones exist and are rare.
    guard end > at, end - at <= 40, body[at] != .quote, let token = body.text(at..<end) else { return nil }
    let value: Double
    switch try? LineProtocolLine.Scanner.value(token) {
    case .number(let x): value = x
    case .boolean(let b): value = b ? 1 : 0
    default: return nil
    }
    at = end
    return value
  }

  @inline(__always) private func endsValue(_ body: ByteView, _ at: Int) -> Bool {
    at >= body.count || body[at] == .comma || body[at] == .space || body[at] == .newline
  }

  /// Whether the value that ends before `at` is `t`, `false` and the like.
  private func isBoolean(_ body: ByteView, before at: Int) -> Bool {
    switch body[at - 1] {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "i"), UInt8(ascii: "u"), .point: false
    default: true
    }
  }

  /// The instant of the line and where the next one begins.
  @inline(__always) private func plainEnd(
    _ body: ByteView, at start: Int, _ precision: TimestampPrecision, _ now: Instant
  ) -> (Int64, Int)? {
    guard start < body.count else { return (now.nanoseconds, start) }
    if body[start] == .newline { return (now.nanoseconds, start &+ 1) }
    var at = start &+ 1
    guard body[start] == .space, let timestamp = DecimalScanner.wholeNumber(body, at: &at) else { return nil }
    let (instant, overflow) = timestamp.multipliedReportingOverflow(by: precision.nanoseconds)
    guard !overflow, instant <= DecodedSamples.latestInstant else { return nil }
    if at >= body.count { return (instant, at) }
    if body[at] == .newline { return (instant, at &+ 1) }
    guard body[at] == .carriageReturn, at + 1 < body.count, body[at + 1] == .newline else { return nil }
    return (instant, at + 2)
  }

  static let qualityField = "quality"

  @inline(__always) private static func boolean(_ letter: UInt8) -> Double? {
    switch letter {
    case UInt8(ascii: "t"), UInt8(ascii: "T"): 1
    case UInt8(ascii: "f"), UInt8(ascii: "F"): 0
    default: nil
    }
  }
}
