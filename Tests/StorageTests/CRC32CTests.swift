import Storage
import Testing

/// The values of RFC 3720, appendix B.4, and the check value of the catalogue of CRC parameters.
@Test func crcMatchesThePublishedValues() {
  #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
  #expect(CRC32C.checksum(Array(repeating: 0, count: 32)) == 0x8A91_36AA)
  #expect(CRC32C.checksum(Array(repeating: 0xFF, count: 32)) == 0x62A8_AB43)
  #expect(CRC32C.checksum((0..<32).map { UInt8($0) }) == 0x46DD_794E)
  #expect(CRC32C.checksum([]) == 0)
}

@Test func crcOfAPartIsThatOfItsBytesAtEveryAlignment() {
  let bytes = (0..<100).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
  for start in 0..<20 {
    for end in start..<60 { #expect(CRC32C.checksum(bytes, in: start..<end) == CRC32C.checksum(Array(bytes[start..<end]))) }
  }
}
