internal import Foundation

extension Evaluator {
  mutating func binary(_ node: BinaryOperation) throws(PromQLError) -> QueryValue {
    let (left, right) = (try value(node.left), try value(node.right))
    switch (left, right) {
    case (.scalar(let a), .scalar(let b)):
      if node.operation.isSet { throw .meaning("\(node.operation.rawValue) stands between vectors") }
      if node.operation.isComparison && !node.returnsBool { throw .meaning("a comparison of scalars needs bool") }
      return .scalar(zip(a, b).map { node.operation.computed($0, $1) })
    case (.vector(let series), .scalar(let b)): return .vector(try mixed(node, series, b, isScalarLeft: false))
    case (.scalar(let a), .vector(let series)): return .vector(try mixed(node, series, a, isScalarLeft: true))
    case (.vector(let a), .vector(let b)): return .vector(node.operation.isSet ? joined(node, a, b) : try matched(node, a, b))
    default: throw .meaning("\(node.operation.rawValue) takes no texts")
    }
  }

  private func mixed(
    _ node: BinaryOperation, _ series: [SteppedSeries], _ scalar: [Double], isScalarLeft: Bool
  ) throws(PromQLError) -> [SteppedSeries] {
    if node.operation.isSet { throw .meaning("\(node.operation.rawValue) stands between vectors") }
    let isFilter = node.operation.isComparison && !node.returnsBool
    return series.map { one in
      var values = one.values
      for i in values.indices where !Staleness.isMarker(values[i]) {
        let result = isScalarLeft ? node.operation.computed(scalar[i], values[i]) : node.operation.computed(values[i], scalar[i])
        if isFilter { if result == 0 { values[i] = Staleness.marker } } else { values[i] = result }
      }
      return SteppedSeries(labels: isFilter ? one.labels : one.labels.withoutName, values: values)
    }
  }

  private func signature(_ labels: Labels, _ matching: BinaryOperation.Matching) -> Labels {
    let names = Set(matching.labels)
    return matching.isOn ? labels.keeping(names) : labels.dropping(names.union([Labels.nameLabel]))
  }

  /// `and`, `or`, `unless`, at each step.
  private func joined(_ node: BinaryOperation, _ left: [SteppedSeries], _ right: [SteppedSeries]) -> [SteppedSeries] {
    func presence(_ series: [SteppedSeries]) -> [Labels: [Bool]] {
      var found: [Labels: [Bool]] = [:]
      for one in series {
        let key = signature(one.labels, node.matching)
        var flags = found[key] ?? Array(repeating: false, count: steps.count)
        for i in flags.indices where !Staleness.isMarker(one.values[i]) { flags[i] = true }
        found[key] = flags
      }
      return found
    }
    func kept(_ series: [SteppedSeries], where other: [Labels: [Bool]], isThere wanted: Bool) -> [SteppedSeries] {
      series.map { one in
        var one = one
        let flags = other[signature(one.labels, node.matching)]
        for i in one.values.indices where (flags?[i] ?? false) != wanted { one.values[i] = Staleness.marker }
        return one
      }
    }
    switch node.operation {
    case .and: return kept(left, where: presence(right), isThere: true)
    case .unless: return kept(left, where: presence(right), isThere: false)
    default: return left + kept(right, where: presence(left), isThere: false)
    }
  }

  /// Arithmetic and comparison between the series that match.
  private func matched(_ node: BinaryOperation, _ left: [SteppedSeries], _ right: [SteppedSeries]) throws(PromQLError) -> [SteppedSeries] {
    // The “one” side is the right one, unless the left is.
    let isSwapped = node.matching.cardinality == .oneToMany
    let (many, one) = isSwapped ? (right, left) : (left, right)
    var partners: [Labels: [Int]] = [:]
    for (i, series) in one.enumerated() { partners[signature(series.labels, node.matching), default: []].append(i) }
    let isFilter = node.operation.isComparison && !node.returnsBool
    var results: [Labels: SteppedSeries] = [:]
    var order: [Labels] = []
    for series in many {
      for place in partners[signature(series.labels, node.matching)] ?? [] {
        let labels = resultLabels(node, series.labels, one[place].labels)
        var result = results[labels] ?? SteppedSeries(labels: labels, values: Array(repeating: Staleness.marker, count: steps.count))
        if results[labels] == nil { order.append(labels) }
        for i in 0..<steps.count where !Staleness.isMarker(series.values[i]) && !Staleness.isMarker(one[place].values[i]) {
          let (a, b) = isSwapped ? (one[place].values[i], series.values[i]) : (series.values[i], one[place].values[i])
          let value = node.operation.computed(a, b)
          guard Staleness.isMarker(result.values[i]) else {
            throw .meaning(
              "several series match with the labels \(labels.pairs.map { "\($0.name)=\($0.value)" }.joined(separator: ",")): name the labels with on or ignoring, or use group_left"
            )
          }
          if !isFilter { result.values[i] = value } else if value != 0 { result.values[i] = a }
        }
        results[labels] = result
      }
    }
    return order.compactMap { results[$0] }
  }

  private func resultLabels(_ node: BinaryOperation, _ many: Labels, _ one: Labels) -> Labels {
    let keepsName = node.operation.isComparison && !node.returnsBool
    var labels = keepsName ? many : many.withoutName
    if node.matching.cardinality == .oneToOne {
      let names = Set(node.matching.labels)
      labels = node.matching.isOn ? labels.keeping(names) : labels.dropping(names)
    }
    for name in node.matching.included { labels[name] = one[name] }
    return labels
  }
}

extension BinaryOperation.Operator {
  /// The result; of a comparison 1 or 0.
  func computed(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .modulo: a.truncatingRemainder(dividingBy: b)
    case .power: Foundation.pow(a, b)
    case .atan2: Foundation.atan2(a, b)
    case .equal: a == b ? 1 : 0
    case .notEqual: a != b ? 1 : 0
    case .less: a < b ? 1 : 0
    case .lessOrEqual: a <= b ? 1 : 0
    case .greater: a > b ? 1 : 0
    case .greaterOrEqual: a >= b ? 1 : 0
    case .and, .or, .unless: .nan
    }
  }
}
