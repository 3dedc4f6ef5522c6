internal import Quantities
public import Telemetry

extension TelemetryCSV {
  /// The header line, with its line end.
  public static var headerLine: [UInt8] { Array(header.joined(separator: ",").utf8) + [UInt8(ascii: "\n")] }

  /// The samples of `blocks`, one line each, in order, without a header. A file is `headerLine` and then as many of these as
  /// are needed.
  ///
  /// Numbers are written with the fewest digits that read back to the same double; NaN as an empty value. What a file cannot
  /// say is lost: arrivals, NaN's bits, and that a text looks like a number.
  public static func lines(_ blocks: [SampleBlock]) -> [UInt8] {
    var bytes: [UInt8] = []
    for block in blocks {
      let tag = csvField(block.tag)
      for i in 0..<block.count {
        let sample = block[i]
        bytes += tag
        bytes.append(UInt8(ascii: ","))
        bytes += milliseconds(sample.instant).utf8
        bytes.append(UInt8(ascii: ","))
        switch sample.value {
        case .number(let x): bytes += x.isNaN ? [] : Array(shortest(x).utf8)
        case .text(let text): bytes += csvField(text)
        }
        bytes.append(UInt8(ascii: ","))
        bytes += String(sample.quality.rawValue).utf8
        bytes.append(UInt8(ascii: "\n"))
      }
    }
    return bytes
  }

  /// Milliseconds since 1970; with a fraction only where there is one.
  static func milliseconds(_ instant: Instant) -> String {
    let (whole, rest) = instant.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
    if rest == 0 { return String(whole) }
    let digits = String(rest.magnitude)
    var fraction = String(repeating: "0", count: 6 - digits.count) + digits
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return "\(instant.nanoseconds < 0 ? "-" : "")\(whole.magnitude).\(fraction)"
  }
}

/// The shortest decimal that reads back to the same double; whole numbers without a fraction, save −0.
func shortest(_ x: Double) -> String {
  if x == x.rounded(), x.magnitude < 1e15, !(x == 0 && x.sign == .minus) { return String(Int64(x)) }
  return x.description
}

/// A field as RFC 4180 writes it: quoted only where it must be.
func csvField(_ text: String) -> [UInt8] {
  let utf8 = Array(text.utf8)
  let quote = UInt8(ascii: "\"")
  let needsQuotes = utf8.contains { $0 == quote || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
  return needsQuotes ? [quote] + utf8.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote] : utf8
}
