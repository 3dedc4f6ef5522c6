import Processes

/// CPU shares of processes, from the time that each has used between two looks.
struct UsageMeter {
  private var before: [Int32: (cpu: Double, at: ContinuousClock.Instant, share: Double?)] = [:]

  /// CPU share (1 is a core) and resident bytes of each process that exists.
  mutating func measure(_ pids: [Int32]) -> [Int32: (cpu: Double?, memory: Int)] {
    let now = ContinuousClock.now
    var result: [Int32: (cpu: Double?, memory: Int)] = [:]
    for pid in pids {
      guard let usage = ProcessUsage(pid: pid) else { continue }
      var share = before[pid]?.share
      if let last = before[pid] {
        let passed = (now - last.at) / .seconds(1)
        // Less than a second apart, clock ticks would show as noise: the last share stands.
        if passed >= 1 {
          share = (usage.cpuSeconds - last.cpu) / passed
          before[pid] = (usage.cpuSeconds, now, share)
        }
      } else {
        before[pid] = (usage.cpuSeconds, now, nil)
      }
      result[pid] = (share, usage.residentBytes)
    }
    before = before.filter { result[$0.key] != nil }
    return result
  }
}
