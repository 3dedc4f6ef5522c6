/// How much time a writer gives to smallness.
enum Effort {
  /// For young blocks, which are merged soon.
  case quick
  /// For merged blocks, which stay.
  case thorough
  /// The same for a column that may repeat with a period of a few samples.
  case thoroughAndPeriodic
}

/// A column of whole numbers in few bytes: a predictor, and its residuals in the coding that is smallest.
///
/// Layout: coding (1 byte) · predictor (1 byte) · base (signed), then by coding, with u the zigzag of a residual:
/// - 0 sparse: count of residuals other than 0 (varint), each: how many zeros stand before it (varint), u (varint).
/// - 1 packed: for each group of 128: width (1 byte), u in so many bits.
/// - 2 entropy: shift s (1 byte) · escapes: count (varint), each u / 2ˢ − 255 (varint) · the low s bits of each u · symbols by
///   `EntropyCodec`: min(u / 2ˢ, 255).
enum IntegerColumn {
  static let groupSize = 128
  private static let sparse: UInt8 = 0
  private static let packed: UInt8 = 1
  private static let entropy: UInt8 = 2
  static let escape = 255

  static func encode(_ values: [Int64], effort: Effort, into writer: inout ByteWriter) {
    let base = values.first ?? 0
    if values.allSatisfy({ $0 == base }) {
      // Most columns of qualities, states and set-points: a base, and no residual.
      writer.append(sparse)
      writer.append(Predictor.last.code)
      writer.appendSigned(base)
      writer.appendVarint(0)
      return
    }
    var residuals = [UInt64](repeating: 0, count: values.count)
    let predictor =
      effort == .quick ? quickPredictor(values) : thoroughPredictor(values, isPeriodic: effort == .thoroughAndPeriodic, scratch: &residuals)
    do {
      var span = residuals.mutableSpan
      predictor.residuals(of: values.span, in: 0..<values.count, base: base, into: &span)
    }
    var changes = 0
    for u in residuals where u != 0 { changes += 1 }
    let start = writer.count
    writer.append(sparse)
    writer.append(predictor.code)
    writer.appendSigned(base)
    if changes * 32 <= values.count {
      appendSparse(residuals, count: changes, into: &writer)
      return
    }
    var plan: EntropyPlan?
    if effort != .quick { plan = EntropyPlan(residuals) }
    let packedBits = packedBits(residuals)
    if let plan, plan.bits < Double(packedBits) {
      writer.bytes[start] = entropy
      plan.encode(residuals, into: &writer)
    } else {
      writer.bytes[start] = packed
      appendPacked(residuals, into: &writer)
    }
  }

  /// Fills `values`, whose count is the column's.
  static func decode(into values: inout [Int64], from reader: inout ByteReader) throws(Malformed) {
    let coding = try reader.byte()
    let predictor = try Predictor(code: try reader.byte())
    let base = try reader.signed()
    switch coding {
    case sparse: if try decodeSparse(into: &values, predictor: predictor, base: base, from: &reader) { return }
    case packed: try decodePacked(into: &values, from: &reader)
    case entropy: try EntropyPlan.decode(into: &values, from: &reader)
    default: throw Malformed()
    }
    var span = values.mutableSpan
    predictor.restore(&span, base: base)
  }

  // MARK: - Predictors

  /// `last` or `linear`, whichever has the shorter residuals.
  private static func quickPredictor(_ values: [Int64]) -> Predictor {
    var (last, linear) = (0, 0)
    let values = values.span
    for i in stride(from: 2, to: values.count, by: 3) {
      let step = values[i] &- values[i - 1]
      last += 64 - zigzag(step).leadingZeroBitCount
      linear += 64 - zigzag(step &- (values[i - 1] &- values[i - 2])).leadingZeroBitCount
    }
    return linear < last ? .linear : .last
  }

  private static let sampleCount = 2048

  private static func thoroughPredictor(_ values: [Int64], isPeriodic: Bool, scratch: inout [UInt64]) -> Predictor {
    if values.count < 8 { return .last }
    var magnitude: UInt64 = 0
    var changes = 0
    do {
      let values = values.span
      var last = values[0]
      for i in 0..<values.count {
        let x = unsafe values[unchecked: i]
        magnitude |= x.magnitude
        if x != last { changes += 1 }
        last = x
      }
    }
    // What seldom changes is coded as its changes, or, where it always comes back to its first value, as its exceptions.
    if changes * 32 <= values.count { return comesBack(values, changes: changes) ? .none : .last }
    let fraction = magnitude.leadingZeroBitCount > Predictor.fractionBits + 2 ? Predictor.fractionBits : 0
    var search = PredictorSearch(values)
    for candidate in [Predictor.last, .level(shift: 3, fraction: fraction), .linear] { search.try(candidate, &scratch) }
    if case .level = search.best {
      for shift in [2, 4, 1, 5, 6, 7] { search.try(.level(shift: shift, fraction: fraction), &scratch) }
      search.try(.none, &scratch)
    }
    if isPeriodic { for period in 2...15 { search.try(.periodic(period), &scratch) } }
    return search.best
  }

  private static func comesBack(_ values: [Int64], changes: Int) -> Bool {
    var exceptions = 0
    for x in values where x != values[0] { exceptions += 1 }
    return exceptions < changes
  }

  // MARK: - Sparse

  private static func appendSparse(_ residuals: [UInt64], count: Int, into writer: inout ByteWriter) {
    writer.appendVarint(count)
    var next = 0
    for (i, u) in residuals.enumerated() where u != 0 {
      writer.appendVarint(i - next)
      writer.appendVarint(u)
      next = i + 1
    }
  }

  /// Returns true where the numbers are there already, false where residuals are to be restored.
  private static func decodeSparse(
    into values: inout [Int64], predictor: Predictor, base: Int64, from reader: inout ByteReader
  ) throws(Malformed) -> Bool {
    let changes = try reader.count(leastBytes: 2)
    // Runs of one number are filled, not added up.
    let isRuns = predictor == .last || predictor == .none
    var level = base
    var next = 0
    for _ in 0..<changes {
      let zeros = try reader.varint()
      let u = try reader.varint()
      guard u != 0, zeros < UInt64(values.count - next) else { throw Malformed() }
      let at = next + Int(zeros)
      if isRuns {
        for i in next..<at { values[i] = level }
        let x = level &+ unzigzag(u)
        values[at] = x
        if predictor == .last { level = x }
      } else {
        for i in next..<at { values[i] = 0 }
        values[at] = Int64(bitPattern: u)
      }
      next = at + 1
    }
    let rest = isRuns ? level : 0
    for i in next..<max(next, values.count) { values[i] = rest }
    return isRuns
  }

  // MARK: - Packed

  private static func packedBits(_ residuals: [UInt64]) -> Int {
    var bits = 0
    for start in stride(from: 0, to: residuals.count, by: groupSize) {
      let end = min(start + groupSize, residuals.count)
      bits += 8 + (end - start) * widest(residuals, start..<end)
    }
    return bits
  }

  private static func widest(_ residuals: [UInt64], _ group: Range<Int>) -> Int {
    var all: UInt64 = 0
    let residuals = residuals.span
    for i in group { all |= residuals[i] }
    return 64 - all.leadingZeroBitCount
  }

  private static func appendPacked(_ residuals: [UInt64], into writer: inout ByteWriter) {
    for start in stride(from: 0, to: residuals.count, by: groupSize) {
      let group = start..<min(start + groupSize, residuals.count)
      let width = widest(residuals, group)
      writer.append(UInt8(width))
      writer.appendPacked(residuals.span, in: group, width: width)
    }
  }

  private static func decodePacked(into values: inout [Int64], from reader: inout ByteReader) throws(Malformed) {
    for start in stride(from: 0, to: values.count, by: groupSize) {
      let count = min(groupSize, values.count - start)
      let width = Int(try reader.byte())
      try reader.unpack(count, width: width, into: &values, at: start)
    }
  }
}
