import Quantities

extension LogBacktestReport {
  /// Two tables for people.
  public var text: String {
    var lines = [
      "Calibrated until \(cut), forecast until \(end) by \(Self.short(period)) s, \(replications) replications",
      Self.row(["counter", "periods", "observed", "forecast", "90 % interval", "error", "MAE", "CRPS", "past CRPS", "coverage", "mass"]),
    ]
    for c in counters {
      lines.append(
        Self.row([
          c.name, "\(c.periods)", Self.short(c.observedTotal), Self.short(c.forecastTotal), "\(Self.short(c.totalLow)) … \(Self.short(c.totalHigh))",
          Self.percent(c.relativeError), Self.short(c.meanAbsoluteError), Self.short(c.score), Self.short(c.pastScore), Self.percent(c.coverage),
          Self.percent(c.massCoverage),
        ]))
    }
    lines.append(Self.row(["cycle time (s)", "count", "observed", "forecast", "", "error", "MAE", "CRPS", "", "coverage", "mass"]))
    for c in cycleTimes {
      lines.append(
        Self.row([
          c.name, "\(c.count)", Self.short(c.observedMean), Self.short(c.forecastMean), "", Self.percent(c.relativeError),
          Self.short(c.meanAbsoluteError), Self.short(c.score), "", Self.percent(c.coverage), Self.percent(c.massCoverage),
        ]))
    }
    return lines.joined(separator: "\n")
  }

  private static let widths = [30, 8, 10, 10, 16, 8, 9, 9, 10, 9, 7]

  private static func row(_ cells: [String]) -> String {
    zip(cells, widths).map { cell, width in
      let pad = String(repeating: " ", count: max(0, width - cell.count))
      return width == widths[0] ? cell + pad : pad + cell
    }.joined(separator: " ")
  }

  /// Four significant digits.
  static func short(_ x: Double) -> String {
    guard x.isFinite else { return "–" }
    if x == 0 { return "0" }
    var unit = 1.0
    while abs(x) / unit >= 10_000 { unit *= 10 }
    while abs(x) / unit < 1000 { unit /= 10 }
    let rounded = (x / unit).rounded() * unit
    if unit >= 1 { return "\(Int(rounded))" }
    let places = (1 / unit).rounded()
    return "\((x * places).rounded() / places)"
  }

  private static func percent(_ share: Double) -> String { share.isFinite ? "\(short((share * 1000).rounded() / 10)) %" : "–" }
}
