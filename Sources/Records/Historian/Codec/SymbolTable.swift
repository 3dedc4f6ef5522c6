/// The frequencies of an entropy-coded column's symbols, scaled to sum to 4096.
struct SymbolTable {
  static let scaleBits = 12
  static let scale = 1 << scaleBits
  /// Of symbols 0...255.
  private(set) var frequencies = [UInt16](repeating: 0, count: 256)

  /// From counts, of which at least one is above zero. Every symbol that occurs has a frequency of at least one.
  init(counts: [Int]) {
    let total = counts.reduce(0, +)
    var sum = 0
    for (symbol, count) in counts.enumerated() where count > 0 {
      let share = max(1, (count * Self.scale + total / 2) / total)
      frequencies[symbol] = UInt16(min(share, Self.scale))
      sum += Int(frequencies[symbol])
    }
    // Rounding left or took a little: the most frequent bear it, where it costs least.
    while sum != Self.scale {
      let most = frequencies.indices.max { frequencies[$0] < frequencies[$1] }!
      let correction = sum > Self.scale ? -min(sum - Self.scale, max(1, Int(frequencies[most]) / 8)) : Self.scale - sum
      frequencies[most] = UInt16(Int(frequencies[most]) + correction)
      sum += correction
    }
  }

  /// Where each symbol's slots begin.
  var starts: [UInt16] {
    var sum: UInt16 = 0
    return frequencies.map { frequency in
      sum += frequency
      return sum - frequency
    }
  }

  /// Layout: greatest symbol (1 byte) · bits, lowest first, padded to a byte: for each symbol up to it the bit length of its frequency
  /// (4 bits) and, above 1, the bits below the highest.
  func encode(into writer: inout ByteWriter) {
    let greatest = frequencies.lastIndex { $0 > 0 }!
    writer.append(UInt8(greatest))
    var word: UInt64 = 0
    var filled: UInt64 = 0
    for frequency in frequencies[...greatest] {
      let length = UInt64(16 - frequency.leadingZeroBitCount)
      word |= length << filled
      filled += 4
      if length > 1 {
        word |= UInt64(frequency & ~(1 << UInt16(length - 1))) << filled
        filled += length - 1
      }
      while filled >= 8 {
        writer.append(UInt8(truncatingIfNeeded: word))
        word >>= 8
        filled -= 8
      }
    }
    if filled > 0 { writer.append(UInt8(truncatingIfNeeded: word)) }
  }

  /// Throws where the frequencies do not sum to 4096.
  init(from reader: inout ByteReader) throws(Malformed) {
    let greatest = Int(try reader.byte())
    var word: UInt64 = 0
    var filled: UInt64 = 0
    var sum = 0
    for symbol in 0...greatest {
      while filled < 16, reader.remaining > 0 {
        word |= UInt64(try reader.byte()) << filled
        filled += 8
      }
      let length = word & 15
      let used = 4 + (length > 1 ? length - 1 : 0)
      guard length <= 13, used <= filled else { throw Malformed() }
      if length > 0 {
        let rest = word >> 4 & ((1 << (length - 1)) - 1)
        frequencies[symbol] = UInt16(1 << (length - 1) | rest)
      }
      word >>= used
      filled -= used
      sum += Int(frequencies[symbol])
    }
    // Bytes that were looked at and hold no bit of ours go back.
    reader.offset -= Int(filled / 8)
    guard sum == Self.scale else { throw Malformed() }
  }

  /// What `encode` takes for these counts, in bits, about.
  static func roughBits(counts: [Int], total: Int) -> Double {
    var bits = 16.0
    var greatest = 0
    for (symbol, count) in counts.enumerated() where count > 0 {
      greatest = symbol
      bits += max(0, roughLog2(Double(count) / Double(total) * Double(scale)))
    }
    return bits + 4 * Double(greatest + 1)
  }
}
