import Quantities
import Twin

/// A forecast for a person.
struct ForecastText {
  private let forecast: Forecast
  private let validity: Validity

  init(_ forecast: Forecast, validity: Validity) { (self.forecast, self.validity) = (forecast, validity) }

  func print() { for line in lines() { Swift.print(line) } }

  func lines() -> [String] {
    let outlook = forecast.outlook
    let ahead = TimeSpan(forecast.horizon).defaultValueDescription
    var lines = ["from \(forecast.at.iso8601), calibration \(forecast.calibration), \(forecast.replications) replications, 90 % intervals"]
    if !validity.valid { lines.append(Style.colour(.yellow, "the twin is not valid: \(validity.reason)")) }
    for (name, interval) in [("good", forecast.goodPerHour), ("scrap", forecast.scrapPerHour), ("value", forecast.valuePerHour)] {
      lines.append("\(name)\t\(fixed(interval.mean)) per hour (\(fixed(interval.low)) … \(fixed(interval.high)))")
    }
    let under = outlook.inProcess
    lines.append("in process in \(ahead)\t\(fixed(under.mean)) parts (\(fixed(under.low, 0)) … \(fixed(under.high, 0)))")
    lines += [""]
    lines += TextTable(
      header: ["BUFFER IN \(ahead.uppercased())", "PARTS", "5 %", "95 %"],
      rows: outlook.buffers.map { [$0.buffer, fixed($0.parts.mean), fixed($0.parts.low, 0), fixed($0.parts.high, 0)] }
    ).lines()
    if !outlook.failures.isEmpty { lines += [""] + failures(outlook.failures, ahead) }
    if !outlook.runs.isEmpty { lines += [""] + runs(outlook.runs, ahead) }
    return lines
  }

  private func failures(_ failures: [Outlook.NextFailure], _ ahead: String) -> [String] {
    TextTable(
      header: ["NEXT FAILURE", "WITHIN \(ahead.uppercased()) %", "MEDIAN H", ""],
      rows: failures.map { [$0.station, fixed(100 * $0.probability, 0), fixed($0.medianHours), $0.isDown ? "is down now" : ""] }
    ).lines()
  }

  private func runs(_ runs: [Outlook.Run], _ ahead: String) -> [String] {
    TextTable(
      header: ["RUN OF", "PRODUCT", "PARTS", "RELEASED", "DONE WITHIN \(ahead.uppercased()) %", "MEDIAN H", "5 %", "95 %"],
      rows: runs.map {
        [
          $0.source, $0.product, "\($0.quantity)", $0.released.map { "\($0)" } ?? "—", fixed(100 * $0.probability, 0), fixed($0.medianHours),
          fixed($0.lowHours), fixed($0.highHours),
        ]
      }
    ).lines()
  }
}
