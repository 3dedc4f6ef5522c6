import Foundation

/// How numbers are written in reports: always the same way, whatever the machine's language.
enum Number {
  /// About `digits` significant digits, at least the whole part; a real minus sign; thousands apart from 10,000 on.
  static func text(_ x: Double, digits: Int = 3) -> String {
    guard x.isFinite else { return "—" }
    let size = abs(x)
    let decimals = size == 0 ? 0 : max(0, min(6, digits - 1 - Int(log10(size).rounded(.down))))
    return fixed(x, decimals, trimming: true)
  }

  /// With so many decimals; trailing zeros left out if `trimming`.
  static func fixed(_ x: Double, _ decimals: Int, trimming: Bool = false) -> String {
    guard x.isFinite else { return "—" }
    var text = String(format: "%.\(decimals)f", abs(x))
    if trimming, text.contains(".") {
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
    }
    let whole = text.prefix { $0 != "." }
    if whole.count > 4 {
      var grouped = ""
      for (i, digit) in whole.enumerated() {
        if i > 0, (whole.count - i) % 3 == 0 { grouped += "\u{202F}" }
        grouped.append(digit)
      }
      text = grouped + text.dropFirst(whole.count)
    }
    let isZero = !text.contains { ("1"..."9").contains($0) }
    return x < 0 && !isZero ? "−" + text : text
  }

  /// A mean with its half-width, both with the decimals that the half-width is worth: `1234 ± 5`, `0.42 ± 0.03`; alone where it never varies.
  static func interval(_ mean: Double, _ halfWidth: Double) -> String {
    if halfWidth <= abs(mean) * 1e-9 { return text(mean, digits: 4) }
    let decimals = decimals(for: halfWidth, beside: mean)
    return halfWidth.isFinite ? "\(fixed(mean, decimals)) ± \(fixed(halfWidth, decimals))" : fixed(mean, decimals)
  }

  /// Two significant digits of the half-width, and no more than four of the mean where that is nothing.
  static func decimals(for halfWidth: Double, beside mean: Double) -> Int {
    let size = halfWidth.isFinite && halfWidth > abs(mean) * 1e-9 ? halfWidth : abs(mean) / 500
    return size > 0 ? max(0, min(6, 1 - Int(log10(size).rounded(.down)))) : 1
  }

  /// With a sign.
  static func signed(_ x: Double, _ decimals: Int) -> String { (x > 0 ? "+" : "") + fixed(x, decimals) }

  /// 42 s, 6.5 min, 3.2 h, 2.1 days.
  static func duration(_ seconds: Double) -> String {
    let size = abs(seconds)
    if size < 100 { return "\(text(seconds)) s" }
    if size < 5400 { return "\(text(seconds / 60)) min" }
    if size < 172_800 { return "\(text(seconds / 3600)) h" }
    return "\(text(seconds / 86400)) days"
  }
}
