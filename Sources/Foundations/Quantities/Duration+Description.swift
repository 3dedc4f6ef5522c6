extension Duration: CustomStringConvertible {
  /// For people, rounded to what they would say: `350 ms`, `12.5 s`, `6 min`, `2 h 5 min`, `3 d 4 h`.
  public var description: String {
    let sign = nanoseconds < 0 ? "-" : ""
    let n = nanoseconds.magnitude
    func decimal(_ unit: UInt64, _ name: String) -> String {
      let tenths = (n + unit / 20) / (unit / 10)
      return tenths % 10 == 0 ? "\(tenths / 10) \(name)" : "\(tenths / 10).\(tenths % 10) \(name)"
    }
    func pair(_ large: UInt64, _ largeName: String, _ small: UInt64, _ smallName: String) -> String {
      let smalls = (n + small / 2) / small
      let perLarge = large / small
      return smalls % perLarge == 0 ? "\(smalls / perLarge) \(largeName)" : "\(smalls / perLarge) \(largeName) \(smalls % perLarge) \(smallName)"
    }
    let text =
      switch n {
      case 0: "0 s"
      case ..<1_000: "\(n) ns"
      case ..<999_950: decimal(1_000, "us")
      case ..<999_950_000: decimal(1_000_000, "ms")
      case ..<59_950_000_000: decimal(1_000_000_000, "s")
      case ..<3_599_500_000_000: pair(60_000_000_000, "min", 1_000_000_000, "s")
      case ..<86_370_000_000_000: pair(3_600_000_000_000, "h", 60_000_000_000, "min")
      default: pair(86_400_000_000_000, "d", 3_600_000_000_000, "h")
      }
    return sign + text
  }
}
