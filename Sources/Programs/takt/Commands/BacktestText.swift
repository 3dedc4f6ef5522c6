import Quantities
import Twin

/// A backtest for a person, and for a program.
struct BacktestText {
  /// What `--json` prints. `Benchmarks/forecast` reads these keys.
  struct Answer: Encodable {
    var plant: String
    var everyHours: Double
    var warmUpHours: Double
    var replications: Int
    var rows: [BacktestReport.Row]
    var entries: [Backtest.Entry]
  }

  let report: BacktestReport
  let plant: String
  let every: TimeSpan
  let warmUp: TimeSpan
  let replications: Int

  var answer: Answer {
    Answer(
      plant: plant, everyHours: every.duration.hours, warmUpHours: warmUp.duration.hours, replications: replications, rows: report.rows(),
      entries: report.entries)
  }

  func print() { for line in lines() { Swift.print(line) } }

  func lines() -> [String] {
    let rows = report.rows()
    var lines = [
      "\(plant): good parts, forecast every \(every.defaultValueDescription) after \(warmUp.defaultValueDescription), \(replications) replications"
    ]
    for hours in Set(rows.map(\.hours)).sorted() { lines += [""] + table(rows.filter { $0.hours == hours }, hours) }
    let doubted = report.entries.count { $0.forecaster == .twin && !$0.isValid }
    let made = report.entries.count { $0.forecaster == .twin }
    return lines + [
      "",
      "coverage: share of what came inside the central 90 % interval. CRPS: continuous ranked probability score, in parts; less is better.",
      "bias, error (mean absolute) and width (of the interval): % of the mean observed. PIT: level where intervals of every size hold.",
      doubted == 0
        ? "the twin held itself valid at every forecast"
        : "at \(doubted) of \(made) forecasts the twin held itself not valid; they count all the same",
    ]
  }

  private func table(_ rows: [BacktestReport.Row], _ hours: Double) -> [String] {
    let own = report.entries.filter { $0.hours == hours }
    let twin = Dictionary(own.filter { $0.forecaster == .twin }.map { ($0.made, $0.crps) }, uniquingKeysWith: { first, _ in first })
    // At the same instants: history has nothing to say before two stretches have passed.
    func ratio(_ row: BacktestReport.Row) -> Double? {
      let rivals = own.filter { $0.forecaster == row.forecaster }.compactMap { entry in twin[entry.made] }
      let total = rivals.reduce(0, +)
      return total > 0 ? row.crps * Double(rivals.count) / total : nil
    }
    let ahead = TimeSpan(.hours(hours)).defaultValueDescription
    return TextTable(
      header: [
        "\(ahead.uppercased()) AHEAD", "FORECASTS", "COVERAGE %", "CRPS", "× TWIN'S", "BIAS %", "ERROR %", "WIDTH %",
        "PIT",
      ],
      rows: rows.map { row in
        // A single number is no distribution: it has neither interval nor histogram.
        let isPoint = row.width == 0
        return [
          row.forecaster.rawValue, "\(row.forecasts)", isPoint ? "—" : fixed(100 * row.coverage), fixed(row.crps, 2),
          fixed(ratio(row), 2), fixed(100 * row.bias), fixed(100 * row.absoluteError), isPoint ? "—" : fixed(100 * row.width),
          isPoint ? "—" : Self.bars(row.tenths),
        ]
      }
    ).lines()
  }

  /// A histogram in one line: the highest class is a full block, an empty one the lowest line.
  static func bars(_ counts: [Int]) -> String {
    let blocks = Array("▁▂▃▄▅▆▇█")
    let most = max(counts.max() ?? 0, 1)
    return String(counts.map { blocks[(7 * $0 + most / 2) / most] })
  }
}
