import Determinism

/// A row of stations that works, fails and is repaired, told without any of the module's own laws: the data that the tests learn from.
struct TrueLine {
  struct Station {
    var work = 1.0
    var failureInterval = 100.0
    var repair = 10.0
    /// The three means as the module orders them, as logarithms.
    var logs: [Double] { [Portable.log(work), Portable.log(failureInterval), Portable.log(repair)] }
  }
  var stations: [Station]
  var capacities: [Int]

  /// Departures of each station, and the true completion times (stops included).
  func run(parts: Int, _ stream: RandomStream) -> (departures: [[Double]], completions: [[Double]]) {
    var lucks = stations.indices.map { stream.split("station").split($0) }
    var untilFailure = stations.indices.map { stations[$0].failureInterval * lucks[$0].exponential() }
    var departures = stations.map { _ in [Double](repeating: 0, count: parts) }
    var completions = departures
    for n in 0..<parts {
      for i in stations.indices {
        let start = max(i > 0 ? departures[i - 1][n] : 0, n > 0 ? departures[i][n - 1] : 0)
        var time = stations[i].work * lucks[i].exponential()
        untilFailure[i] -= time
        while untilFailure[i] < 0 {
          time += stations[i].repair * lucks[i].exponential()
          untilFailure[i] += stations[i].failureInterval * lucks[i].exponential()
        }
        completions[i][n] = time
        departures[i][n] = start + time
        if i < capacities.count && n > capacities[i] { departures[i][n] = max(departures[i][n], departures[i + 1][n - capacities[i] - 1]) }
      }
    }
    return (departures, completions)
  }

  /// Intervals between departures from the last station, the first from time 0.
  func intervals(parts: Int, _ stream: RandomStream) -> [Double] {
    let last = run(parts: parts, stream).departures[stations.count - 1]
    return last.indices.map { last[$0] - ($0 > 0 ? last[$0 - 1] : 0) }
  }

  /// Logarithms of all means as `LineChain` orders them: works, times between failures, repairs.
  var chainLogs: [Double] { (0..<3).flatMap { k in stations.map { $0.logs[k] } } }
}
