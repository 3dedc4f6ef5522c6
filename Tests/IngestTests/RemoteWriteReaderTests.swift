import Historian
import Ingest
import Quantities
import Telemetry
import Testing

/// Writes the message as a sender does.
struct WriteRequest {
  var bytes: [UInt8] = []

  static func varint(_ value: UInt64) -> [UInt8] {
    var (value, out) = (value, [UInt8]())
    while value >= 0x80 {
      out.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    return out + [UInt8(value)]
  }

  static func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] { [number << 3 | 2] + varint(UInt64(content.count)) + content }

  mutating func add(_ labels: [(String, String)], _ samples: [(Double, Int64)]) {
    var series: [UInt8] = []
    for (name, value) in labels { series += Self.field(1, Self.field(1, [UInt8](name.utf8)) + Self.field(2, [UInt8](value.utf8))) }
    for (value, milliseconds) in samples {
      let bits = withUnsafeBytes(of: value.bitPattern.littleEndian) { [UInt8]($0) }
      series += Self.field(2, [0x09] + bits + [0x10] + Self.varint(UInt64(bitPattern: milliseconds)))
    }
    bytes += Self.field(1, series)
  }

  /// Snappy without any compression: literals of at most sixty bytes.
  var snappy: [UInt8] {
    var out = Self.varint(UInt64(bytes.count))
    for start in stride(from: 0, to: bytes.count, by: 60) {
      let part = bytes[start..<min(start + 60, bytes.count)]
      out += [UInt8(part.count - 1) << 2] + part
    }
    return out
  }
}

@Suite struct RemoteWriteReaderTests {
  private func read(_ body: [UInt8], _ reader: inout RemoteWriteReader, _ directory: inout Directory) throws -> DecodedSamples {
    try body.withUnsafeBytes { try reader.read($0, limit: 1 << 20, at: now) { directory.series($0) } }
  }

  @Test func seriesKeepTheirLabelsAndSamplesTheirBits() throws {
    var (reader, directory) = (RemoteWriteReader(), Directory())
    let stale = Double(bitPattern: 0x7FF0_0000_0000_0002)
    for _ in 0..<3 {
      var request = WriteRequest()
      request.add([("__name__", "up"), ("job", "a\"b"), ("instance", "x:1")], [(1, 1_767_592_800_000), (0.1, 1_767_592_801_000)])
      request.add([("__name__", "up"), ("job", "a\"b")], [(stale, 1_767_592_800_000)])
      request.add([("__name__", "up")], [(-0.0, 0)])
      let decoded = try read(request.snappy, &reader, &directory)
      #expect(decoded.batch.series.map(\.index) == [0, 0, 1, 2])
      #expect(decoded.batch.values.map(\.bitPattern) == [1, 0.1, stale, -0.0].map(\.bitPattern))
      #expect(decoded.batch.instants == [1_767_592_800_000_000_000, 1_767_592_801_000_000_000, 1_767_592_800_000_000_000, 0])
      #expect(decoded.batch.qualities == [.good, .good, .bad, .good])
    }
    #expect(directory.tags == [#"up{instance="x:1",job="a\"b"}"#, #"up{job="a\"b"}"#, "up"])
  }

  @Test func snappyRepeatsPatternsAndRefusesWhatIsWrong() throws {
    func expand(_ bytes: [UInt8], limit: Int = 1000) throws(Snappy.Failure) -> [UInt8] {
      let result = bytes.withUnsafeBytes { bytes -> Result<[UInt8], Snappy.Failure> in
        do throws(Snappy.Failure) { return .success(try Snappy.expand(bytes, limit: limit)) } catch { return .failure(error) }
      }
      return try result.get()
    }
    // "ab", then ten bytes from two back; with one-byte, two-byte and four-byte distances.
    #expect(try expand([12, 1 << 2, 97, 98, 6 << 2 | 1, 2]) == Array("abababababab".utf8))
    #expect(try expand([12, 1 << 2, 97, 98, 9 << 2 | 2, 2, 0]) == Array("abababababab".utf8))
    #expect(try expand([12, 1 << 2, 97, 98, 9 << 2 | 3, 2, 0, 0, 0]) == Array("abababababab".utf8))
    #expect(try expand([70, 60 << 2, 69] + [UInt8](repeating: 7, count: 70)) == [UInt8](repeating: 7, count: 70))
    for wrong: [UInt8] in [[], [12], [2, 1 << 2, 97], [2, 1 << 2, 97, 98, 99], [12, 1 << 2, 97, 98, 6 << 2 | 1, 3], [1, 0, 97, 0, 98], [0x80]] {
      #expect(throws: Snappy.Failure.malformed, "\(wrong)") { try expand(wrong) }
    }
    #expect(throws: Snappy.Failure.tooLarge(limit: 5)) { try expand([6, 5 << 2] + Array("abcdef".utf8), limit: 5) }
  }

  @Test func whatIsWrongIsRefusedWhole() throws {
    var (reader, directory) = (RemoteWriteReader(), Directory())
    func failure(_ body: [UInt8]) -> RemoteWriteReader.Failure? {
      do { _ = try read(body, &reader, &directory) } catch { return error as? RemoteWriteReader.Failure }
      return nil
    }
    var request = WriteRequest()
    request.add([("__name__", "a")], [(1, -5)])
    #expect(failure(request.snappy) == .timestampOutOfRange(-5))
    request = WriteRequest()
    request.add([], [(1, 5)])
    #expect(failure(request.snappy) == .badLabels)
    request = WriteRequest()
    request.add([("__name__", "a")], [(1, 5)])
    request.bytes.removeLast()
    #expect(failure(request.snappy) == .malformed)
    #expect(failure([3, 1, 2]) == .notSnappy)
    directory.limit = directory.tags.count
    request = WriteRequest()
    request.add([("__name__", "b")], [(1, 5)])
    #expect(failure(request.snappy) == .tooManySeries)
  }
}
