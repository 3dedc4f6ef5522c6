import ArgumentParser
import Foundation
import LineModel
import PlantModel
import Quantities
import Twin

struct ForecastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "What the line will make from its present state, with intervals; or how good such forecasts would have been (--backtest).",
    discussion: """
      Examples:
        takt forecast examples/bottling --hours 8
        takt forecast examples/bottling-4 --csv telemetry.csv --set Filler/MachSpeed=26
        takt forecast examples/assembly-8 --csv telemetry.csv --backtest 1h,8h --every 30m

      --backtest replays the log in order of arrival. At regular instants the twin forecasts with what had arrived by then; when the time is over,
      each forecast of good parts is scored beside three that need no calibration: the plant folder as it was written, started from the same
      state; what the last hour made, for ever; and what stretches of that length have made so far.

      Exit codes: 0 done; 1 the plant or the log cannot be read, or nothing could be scored; 2 misuse.
      """)

  @OptionGroup var input: TwinInput
  @Option(help: "Hours ahead.") var hours = 2.0
  @Option(help: "Replications.") var replications = 128
  @Option(name: .customLong("set"), help: "What if: a set-point, as TAG=VALUE; may be given several times.") var sets: [String] = []
  @Option(help: ArgumentHelp("Score forecasts so far ahead on the log, e.g. 1h,8h.", valueName: "spans")) var backtest: TimeSpans?
  @Option(help: ArgumentHelp("Time between two forecasts of a backtest, in whole minutes.", valueName: "span")) var every = TimeSpan(.minutes(30))
  @Option(help: ArgumentHelp("How long a backtest watches before its first forecast.", valueName: "span")) var warmUp = TimeSpan(.hours(2))
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    guard hours > 0, hours.isFinite, replications >= 2 else { throw ValidationError("--hours must be above 0, --replications at least 2") }
    guard let backtest else { return }
    guard sets.isEmpty else { throw ValidationError("--backtest forecasts at the set-points of the log: leave out --set") }
    guard every.isWholeMinutes, backtest.all.allSatisfy(\.isWholeMinutes) else {
      throw ValidationError("--backtest and --every are whole minutes: good parts are counted by the minute")
    }
  }

  func run() throws {
    try orExplain { if let backtest { try score(backtest.all) } else { try forecast() } }
  }

  private func forecast() throws {
    let twin = try input.twin()
    let setpoints = try SimulateCommand.setpoints(sets, twin.plant)
    let forecast = twin.forecast(horizon: .hours(hours), setpoints: setpoints, replications: replications)
    if json { return try JSONOutput.print(forecast) }
    ForecastText(forecast, validity: twin.validity).print()
  }

  private func score(_ horizons: [TimeSpan]) throws {
    let twin = try input.freshTwin()
    var trial = Backtest(twin, horizons: horizons.map(\.duration), every: every.duration, warmUp: warmUp.duration, replications: replications)
    try input.replay(to: &trial, of: twin.plant, title: "backtest  ")
    let report = trial.report
    guard !report.entries.isEmpty else {
      throw CommandFailure("no forecast came due: the log ends before the warm-up and the shortest horizon are over")
    }
    let text = BacktestText(report: report, plant: twin.plant.name, every: every, warmUp: warmUp, replications: replications)
    if json { try JSONOutput.print(text.answer) } else { text.print() }
  }
}
