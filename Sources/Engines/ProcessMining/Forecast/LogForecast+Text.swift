extension LogForecast {
  /// Totals of the counters and the cycle times with their 90 % intervals, for people. Single open cases are listed by their mean end.
  public var text: String {
    var lines = ["forecast from \(start) to \(end), \(replications) replications, 90 % intervals"]
    for counter in counters {
      let interval = counter.total.interval90
      lines.append(
        "  \(counter.name): \(LogBacktestReport.short(counter.total.mean)) (\(LogBacktestReport.short(interval.lowerBound)) … \(LogBacktestReport.short(interval.upperBound)))"
      )
    }
    for time in cycleTimes {
      let interval = time.seconds.interval90
      lines.append(
        "  \(time.isOneCase ? "cycle time of \(time.name)" : time.name): \(lengthText(time.seconds.mean))"
          + " (\(lengthText(interval.lowerBound)) … \(lengthText(interval.upperBound)))")
    }
    return lines.joined(separator: "\n")
  }
}
