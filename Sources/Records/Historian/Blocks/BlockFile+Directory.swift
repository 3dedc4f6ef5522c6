internal import Quantities
internal import Telemetry

extension BlockFile {
  /// Layout: last sequence (8 bytes) · count of tags · for each: name, latest sample, count of chunks, for each chunk its
  /// length and summary. Chunks lie in this order without gaps.
  static func encodeDirectory(_ entries: [(tag: String, entry: TagEntry)], lastSequence: UInt64) -> [UInt8] {
    var writer = ByteWriter()
    writer.append64(lastSequence)
    writer.appendVarint(entries.count)
    for (tag, entry) in entries {
      writer.appendString(tag)
      encode(entry.latest, into: &writer)
      writer.appendVarint(entry.chunks.count)
      for chunk in entry.chunks {
        writer.appendVarint(chunk.length)
        chunk.summary.encode(into: &writer)
      }
    }
    return writer.bytes
  }

  static func decodeDirectory(_ bytes: [UInt8]) throws(Malformed) -> (lastSequence: UInt64, tags: [String: TagEntry]) {
    var reader = ByteReader(bytes)
    let lastSequence = try reader.read64()
    var tags: [String: TagEntry] = [:]
    var offset = 0
    for _ in 0..<(try reader.count()) {
      let tag = try reader.string()
      var entry = TagEntry(chunks: [], latest: try decodeSample(&reader))
      for _ in 0..<(try reader.count()) {
        let length = try reader.varint()
        guard length <= UInt64(Int32.max) else { throw Malformed() }
        entry.chunks.append(Chunk(offset: offset, length: Int(length), summary: try SampleSummary(from: &reader)))
        offset += Int(length)
      }
      tags[tag] = entry
    }
    guard reader.remaining == 0 else { throw Malformed() }
    return (lastSequence, tags)
  }

  private static func encode(_ sample: Sample, into writer: inout ByteWriter) {
    writer.append64(UInt64(bitPattern: sample.instant.nanoseconds))
    writer.append64(UInt64(bitPattern: sample.arrival.nanoseconds))
    writer.append(sample.quality.rawValue)
    switch sample.value {
    case .number(let x):
      writer.append(0)
      writer.append64(x.bitPattern)
    case .text(let text):
      writer.append(1)
      writer.appendString(text)
    }
  }

  private static func decodeSample(_ reader: inout ByteReader) throws(Malformed) -> Sample {
    let instant = Instant(nanoseconds: Int64(bitPattern: try reader.read64()))
    let arrival = Instant(nanoseconds: Int64(bitPattern: try reader.read64()))
    guard let quality = Quality(rawValue: try reader.byte()) else { throw Malformed() }
    let value: SampleValue
    switch try reader.byte() {
    case 0: value = .number(Double(bitPattern: try reader.read64()))
    case 1: value = .text(try reader.string())
    default: throw Malformed()
    }
    return Sample(instant: instant, arrival: arrival, value: value, quality: quality)
  }
}
