extension Evaluator {
  mutating func aggregated(_ node: Aggregation) throws(PromQLError) -> [SteppedSeries] {
    let name = node.operation.rawValue
    let parameter = try node.parameter.map { argument throws(PromQLError) in try scalar(argument, of: name) }
    let series = try vector(node.expression, of: name)
    let names = Set(node.labels)
    func group(_ labels: Labels) -> Labels { node.isWithout ? labels.dropping(names.union([Labels.nameLabel])) : labels.keeping(names) }
    var places: [Labels: Int] = [:]
    var groups: [(labels: Labels, members: [Int])] = []
    for (i, one) in series.enumerated() {
      let labels = group(one.labels)
      if let place = places[labels] {
        groups[place].members.append(i)
      } else {
        places[labels] = groups.count
        groups.append((labels, [i]))
      }
    }
    if node.operation == .topk || node.operation == .bottomk {
      return best(series, groups.map(\.members), count: parameter ?? [], isTop: node.operation == .topk)
    }
    return groups.map { group in
      let values = (0..<steps.count).map { step -> Double in
        let values = group.members.lazy.map { series[$0].values[step] }.filter { !Staleness.isMarker($0) }
        return values.isEmpty ? Staleness.marker : Self.value(node.operation, Array(values), parameter?[step] ?? 0)
      }
      return SteppedSeries(labels: group.labels, values: values)
    }
  }

  private static func value(_ operation: Aggregation.Operator, _ values: [Double], _ parameter: Double) -> Double {
    switch operation {
    case .sum: CompensatedSum(values).sum
    case .avg: CompensatedSum(values).mean
    case .min: values.reduce(Double.nan) { $1 < $0 || $0.isNaN ? $1 : $0 }
    case .max: values.reduce(Double.nan) { $1 > $0 || $0.isNaN ? $1 : $0 }
    case .count: Double(values.count)
    case .group: 1
    case .stddev: variance(values).squareRoot()
    case .stdvar: variance(values)
    case .quantile: quantile(parameter, values)
    case .topk, .bottomk: .nan
    }
  }

  /// Keeps, at each step and of each group, the so many largest or smallest; the answer at one instant is in that order.
  private func best(_ series: [SteppedSeries], _ groups: [[Int]], count: [Double], isTop: Bool) -> [SteppedSeries] {
    var kept = series.map { SteppedSeries(labels: $0.labels, values: Array(repeating: Staleness.marker, count: steps.count)) }
    var order: [Int] = []
    for members in groups {
      for step in 0..<steps.count {
        let count = count[step] >= 1 ? Int(min(count[step], 1e9)) : 0
        let there = members.filter { !Staleness.isMarker(series[$0].values[step]) }
        let sorted = there.sorted { a, b in
          let (x, y) = (series[a].values[step], series[b].values[step])
          if x.isNaN || y.isNaN { return !x.isNaN && y.isNaN }
          return x == y ? series[a].labels < series[b].labels : (x > y) == isTop
        }
        for member in sorted.prefix(count) {
          kept[member].values[step] = series[member].values[step]
          if steps.count == 1 { order.append(member) }
        }
      }
    }
    if steps.count == 1 { return order.map { kept[$0] } }
    return kept.filter { $0.values.contains { !Staleness.isMarker($0) } }
  }
}
