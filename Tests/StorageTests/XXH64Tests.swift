import Storage
import Testing

/// The reference implementation's answers, of lengths that take each path: none, tails of 1 and 4 bytes, of 8, and whole stripes of 32.
@Test func xxh64AgreesWithTheReference() {
  #expect(XXH64.checksum([]) == 0xEF46_DB37_51D8_E999)
  #expect(XXH64.checksum(Array("a".utf8)) == 0xD24E_C4F1_A98C_6E5B)
  #expect(XXH64.checksum(Array("abc".utf8)) == 0x44BC_2CF5_AD77_0999)
  #expect(XXH64.checksum(Array("Nobody inspects the spammish repetition".utf8)) == 0xFBCE_A83C_8A37_8BF1)
}
