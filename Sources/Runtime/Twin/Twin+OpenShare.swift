extension Twin {
  /// Share of the recorded time in which the line was neither closed as a whole nor without supply, 0.5…1: turns rates of open time
  /// into rates of the clock. 1 before anything was recorded.
  public var openShare: Double {
    let interruptions = record.interruptions(at: record.clock ?? calibration.at)
    guard interruptions.observed > 0 else { return 1 }
    let lost = interruptions.closures.reduce(0, +) + interruptions.gaps.reduce(0, +)
    return min(max(1 - lost / interruptions.observed, 0.5), 1)
  }
}
