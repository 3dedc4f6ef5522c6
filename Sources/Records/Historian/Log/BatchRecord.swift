internal import Quantities
internal import Telemetry

/// A batch as the log holds it: columns in the narrowest whole bytes that fit, so that writing costs little more than a copy.
///
/// Payload: 1 · width of series steps (1 byte: 1, 2, 4) · unit of instants (1 byte: 0 ns, 2 ms) · width of instants (1 byte: 2, 4, 8) · whether
/// marks follow (1 byte) · count (4) · first series (4) · arrival (8) · least instant (8) · steps of the series' numbers, signed, the first 0 ·
/// instants as units above the least · values (8 each) · marks (1 byte each; absent where all are good).
enum BatchRecord {
  static let headerSize = 29
  private static let millisecond: UInt64 = 1_000_000

  static func encode(_ batch: borrowing SampleBatch, marks: [UInt8], seriesCount: Int, into writer: inout ByteWriter) {
    let count = batch.count
    let (seriesWidth, first) = seriesWidth(batch.series, seriesCount)
    let (unit, instantWidth, least) = instantForm(batch.instants)
    writer.append(LogRecord.batch)
    writer.append(UInt8(seriesWidth))
    writer.append(unit == 1 ? 0 : 2)
    writer.append(UInt8(instantWidth))
    writer.append(marks.isEmpty ? 0 : 1)
    writer.append32(UInt32(count))
    writer.append32(first)
    writer.append64(UInt64(bitPattern: batch.arrival.nanoseconds))
    writer.append64(UInt64(bitPattern: least))
    let size = (seriesWidth + instantWidth) * count
    let narrow = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      let series = batch.series.span
      var previous = first
      for i in 0..<count {
        let step = series[i].index &- previous
        previous = series[i].index
        switch seriesWidth {
        case 1: unsafe bytes.storeBytes(of: UInt8(truncatingIfNeeded: step), toByteOffset: i, as: UInt8.self)
        case 2: unsafe bytes.storeBytes(of: UInt16(truncatingIfNeeded: step), toByteOffset: 2 * i, as: UInt16.self)
        default: unsafe bytes.storeBytes(of: step, toByteOffset: 4 * i, as: UInt32.self)
        }
      }
      let start = seriesWidth * count
      let instants = batch.instants.span
      for i in 0..<count {
        let above = UInt64(bitPattern: instants[i] &- least)
        let units = unit == 1 ? above : above / millisecond
        switch instantWidth {
        case 2: unsafe bytes.storeBytes(of: UInt16(truncatingIfNeeded: units), toByteOffset: start + 2 * i, as: UInt16.self)
        case 4: unsafe bytes.storeBytes(of: UInt32(truncatingIfNeeded: units), toByteOffset: start + 4 * i, as: UInt32.self)
        default: unsafe bytes.storeBytes(of: units, toByteOffset: start + 8 * i, as: UInt64.self)
        }
      }
      filled = size
    }
    writer.bytes += narrow
    writer.appendColumn(batch.values)
    writer.bytes += marks
  }

  private static func seriesWidth(_ series: [SeriesID], _ seriesCount: Int) -> (width: Int, first: UInt32) {
    let first = series[0].index
    var previous = first
    var (least, most): (Int32, Int32) = (0, 0)
    var greatest: UInt32 = 0
    for id in series {
      let step = Int32(truncatingIfNeeded: id.index &- previous)
      previous = id.index
      least = min(least, step)
      most = max(most, step)
      greatest = max(greatest, id.index)
    }
    precondition(greatest < seriesCount, "series \(greatest) was never registered")
    if least >= -128, most <= 127 { return (1, first) }
    if least >= -32768, most <= 32767 { return (2, first) }
    return (4, first)
  }

  private static func instantForm(_ instants: [Int64]) -> (unit: UInt64, width: Int, least: Int64) {
    var (least, most) = (Int64.max, Int64.min)
    for instant in instants {
      least = min(least, instant)
      most = max(most, instant)
    }
    let span = UInt64(bitPattern: most &- least)
    var rest: UInt64 = 0
    for instant in instants { rest |= UInt64(bitPattern: instant &- least) % millisecond }
    let unit = rest == 0 ? millisecond : 1
    let units = span / unit
    return (unit, units <= 0xFFFF ? 2 : units <= 0xFFFF_FFFF ? 4 : 8, least)
  }

  /// What a batch record holds, with the series' numbers of the process that wrote it.
  struct Content {
    var series: [UInt32] = []
    var instants: [Int64] = []
    var arrival: Int64 = 0
    var values: [Double] = []
    /// Empty where all are good.
    var marks: [UInt8] = []
  }

  static func decode(_ reader: inout ByteReader) throws(Malformed) -> Content {
    let seriesWidth = Int(try reader.byte())
    let unitCode = try reader.byte()
    let instantWidth = Int(try reader.byte())
    let hasMarks = try reader.byte()
    guard [1, 2, 4].contains(seriesWidth), [0, 2].contains(unitCode), [2, 4, 8].contains(instantWidth), hasMarks <= 1 else { throw Malformed() }
    let count = Int(try reader.read32())
    let first = try reader.read32()
    var content = Content()
    content.arrival = Int64(bitPattern: try reader.read64())
    let least = Int64(bitPattern: try reader.read64())
    guard count > 0, reader.remaining == count * (seriesWidth + instantWidth + 8 + Int(hasMarks)) else { throw Malformed() }
    let seriesStart = try reader.skip(seriesWidth * count)
    let instantStart = try reader.skip(instantWidth * count)
    let unit = unitCode == 0 ? 1 : Int64(millisecond)
    content.series = [UInt32](repeating: 0, count: count)
    content.instants = [Int64](repeating: 0, count: count)
    unsafe reader.bytes.withUnsafeBytes { bytes in
      var previous = first
      for i in 0..<count {
        let step: UInt32 =
          switch seriesWidth {
          case 1: unsafe UInt32(bitPattern: Int32(Int8(bitPattern: bytes[seriesStart + i])))
          case 2: unsafe UInt32(bitPattern: Int32(bytes.loadUnaligned(fromByteOffset: seriesStart + 2 * i, as: Int16.self)))
          default: unsafe bytes.loadUnaligned(fromByteOffset: seriesStart + 4 * i, as: UInt32.self)
          }
        previous = previous &+ step
        content.series[i] = previous
        let units: UInt64 =
          switch instantWidth {
          case 2: unsafe UInt64(bytes.loadUnaligned(fromByteOffset: instantStart + 2 * i, as: UInt16.self))
          case 4: unsafe UInt64(bytes.loadUnaligned(fromByteOffset: instantStart + 4 * i, as: UInt32.self))
          default: unsafe bytes.loadUnaligned(fromByteOffset: instantStart + 8 * i, as: UInt64.self)
          }
        content.instants[i] = least &+ Int64(bitPattern: units) &* unit
      }
    }
    content.values = try reader.numbers(count)
    if hasMarks == 1 {
      let start = try reader.skip(count)
      content.marks = Array(reader.bytes[start..<start + count])
      for mark in content.marks where mark > Mark.good { throw Malformed() }
    }
    return content
  }
}
