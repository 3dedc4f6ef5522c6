/// A saturated row of stations, or one fed by a source that stands as its first station, as the particle filter sees it.
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
}
