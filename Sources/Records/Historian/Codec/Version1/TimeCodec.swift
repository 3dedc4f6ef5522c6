/// Version 1's instants and arrivals, read only.
enum TimeCodec {
  private static let units: [Int64] = [1, 1_000, 1_000_000, 1_000_000_000]

  /// Layout: unit (1 byte: 0 ns, 1 µs, 2 ms, 3 s, the coarsest that divides all) · the multiples, by `IntegerCodec`.
  static func decode(count: Int, from reader: inout ByteReader) throws(Malformed) -> [Int64] {
    let unit = Int(try reader.byte())
    guard unit < units.count else { throw Malformed() }
    return try IntegerCodec.decode(count: count, from: &reader).map { $0 &* units[unit] }
  }

  /// Arrivals: as such (mode 0) or as lateness behind the instants (mode 1).
  static func decodeArrivals(instants: [Int64], from reader: inout ByteReader) throws(Malformed) -> [Int64] {
    let mode = try reader.byte()
    guard mode <= 1 else { throw Malformed() }
    let values = try decode(count: instants.count, from: &reader)
    return mode == 0 ? values : zip(values, instants).map { $0 &+ $1 }
  }
}
