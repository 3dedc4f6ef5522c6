public import Determinism

/// A saturated row of stations, or one fed by a source that stands as its first station, as the particle filter and a forecast see it.
public struct Row<Completion: CompletionLaw>: Sendable {
  /// In the order in which parts pass.
  public var stations: [Completion]
  /// Parts that find room between station i and i + 1; `Int.max` for as many as come.
  public var capacities: [Int]

  /// - Precondition: one capacity less than stations.
  public init(stations: [Completion], capacities: [Int]) {
    precondition(capacities.count == stations.count - 1, "\(stations.count) stations with \(capacities.count) buffers between them")
    (self.stations, self.capacities) = (stations, capacities)
  }

  /// The part that must have left station i + 1 before part n can leave station i is n − lag; 0: none.
  func lag(_ i: Int) -> Int { i < capacities.count && capacities[i] != Int.max ? capacities[i] + 1 : 0 }

  /// Departures of the first `parts` parts from each station, from the empty line at time 0, by the max-plus recursion
  /// D(i, n) = max(max(D(i−1, n), D(i, n−1)) + S(i, n), D(i+1, n − c(i) − 1)); and the timed events of it.
  public func sample(parts: Int, _ stream: RandomStream) -> (departures: [[Double]], events: Int) {
    let table = Ziggurat.exponential
    var streams = stations.indices.map { stream.split($0) }
    var departures = stations.map { _ in [Double](repeating: 0, count: parts) }
    var events = 0
    for n in 0..<parts {
      for i in stations.indices {
        let start = max(i > 0 ? departures[i - 1][n] : 0, n > 0 ? departures[i][n - 1] : 0)
        let own = stations[i].sample(&streams[i], table)
        events += own.events
        var left = start + own.time
        let lag = lag(i)
        if lag > 0 && n >= lag { left = max(left, departures[i + 1][n - lag]) }
        departures[i][n] = left
      }
    }
    return (departures, events)
  }
}
