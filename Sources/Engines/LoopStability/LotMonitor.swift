/// Watches that measured lots come within the certified delay. A certificate is void at the first lot that is late: the moment at which its run is
/// older than certified, not the moment, perhaps never, at which it arrives.
public struct LotMonitor: Hashable, Sendable {
  /// Greatest certified delay d, in runs: lot k must be known before run k + d + 1 starts.
  public let greatestDelay: Int
  private var waiting: [Int] = []
  /// The first lot that was late.
  public private(set) var late: LateLot?

  /// A lot, and its age in runs when it was found missing.
  public struct LateLot: Hashable, Sendable {
    public var run: Int
    public var age: Int
  }

  /// - Parameter greatestDelay: d, in runs.
  public init(greatestDelay: Int) { self.greatestDelay = greatestDelay }

  /// Run k is about to start; true while every earlier lot has come in time.
  public mutating func start(run: Int) -> Bool {
    if late == nil, let oldest = waiting.first(where: { run - $0 > greatestDelay }) { late = LateLot(run: oldest, age: run - oldest) }
    waiting.append(run)
    return late == nil
  }

  /// Lot k has been measured.
  public mutating func arrive(lot run: Int) { waiting.removeAll { $0 == run } }
}
