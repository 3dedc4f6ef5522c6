import Determinism
import Probability

extension RoutingModel {
  /// The chances of what comes next in a context: each activity, and last the end.
  public func chances(_ context: Context) -> [Double] {
    var table = RoutingTable(self)
    return table.mean(context)
  }
}

/// Chances worked out when they are first asked for, and kept: at their mean, or drawn once for a whole replication.
struct RoutingTable {
  private let model: RoutingModel
  private let rows: [[RoutingModel.Key: [Double]]]
  private var kept: [RoutingModel.Key: [Double]] = [:]

  init(_ model: RoutingModel) {
    self.model = model
    rows = model.levels.map { $0.reduce(into: [:]) { $0[$1.key] = $1.counts } }
  }

  /// Forgets what was drawn: a new replication begins.
  mutating func restart() { kept.removeAll(keepingCapacity: true) }

  mutating func mean(_ context: RoutingModel.Context) -> [Double] { find(context, RoutingModel.levelCount - 1) { Self.normalised($0) } }

  /// Drawn from the Dirichlet posterior of each level, given the draw of the coarser one.
  mutating func drawn(_ context: RoutingModel.Context, _ stream: inout RandomStream) -> [Double] {
    var taken = stream
    let chances = find(context, RoutingModel.levelCount - 1) { parameters in
      Self.normalised(
        parameters.map { shape in
          shape <= 0 ? 0 : Law.gamma(mean: shape, cv: 1 / shape.squareRoot()).sample(&taken)
        })
    }
    stream = taken
    return chances
  }

  private mutating func find(_ context: RoutingModel.Context, _ level: Int, _ make: ([Double]) -> [Double]) -> [Double] {
    let key = context.key(level)
    if let chances = kept[key] { return chances }
    let chances: [Double]
    if level == 0 {
      // What the log never shows after this activity stays impossible; an activity that nothing ever followed ends the case.
      let counts = rows[0][key] ?? Array(repeating: 0, count: model.activityCount + 1)
      chances = make(counts)
    } else {
      let coarser = find(context, level - 1, make)
      if let strength = model.strengths[level], let counts = rows[level][key] {
        chances = make(zip(counts, coarser).map { $0 + strength * $1 })
      } else {
        chances = coarser
      }
    }
    kept[key] = chances
    return chances
  }

  /// Shares of the whole; the end alone where nothing has any.
  private static func normalised(_ parameters: [Double]) -> [Double] {
    let total = parameters.reduce(0, +)
    return total > 0 ? parameters.map { $0 / total } : parameters.indices.map { $0 == parameters.count - 1 ? 1 : 0 }
  }
}
