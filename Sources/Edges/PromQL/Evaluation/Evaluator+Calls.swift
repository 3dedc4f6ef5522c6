internal import Foundation

extension Evaluator {
  mutating func called(_ name: String, _ arguments: [Expression]) throws(PromQLError) -> QueryValue {
    if let function = RangeFunction(rawValue: name) {
      try expect(1, arguments, name)
      if let quick = try summed(function, arguments[0]) { return .vector(quick) }
      return .vector(try ranged(arguments[0], keepsName: function == .lastOverTime) { window, _ in function.value(window) })
    }
    if let function = Functions.ofNumber[name] {
      try expect(1, arguments, name)
      return .vector(try vector(arguments[0], of: name).map { $0.changed(function) })
    }
    if let function = Functions.ofTime[name] { return .vector(try calendar(name, arguments, function)) }
    switch name {
    case "pi":
      try expect(0, arguments, name)
      return .scalar(Array(repeating: .pi, count: steps.count))
    case "time":
      try expect(0, arguments, name)
      return .scalar(now)
    case "vector":
      try expect(1, arguments, name)
      return .vector([SteppedSeries(labels: Labels(), values: try scalar(arguments[0], of: name))])
    case "scalar":
      try expect(1, arguments, name)
      return .scalar(only(try vector(arguments[0], of: name)))
    case "timestamp": return .vector(try timestamps(arguments))
    case "clamp", "clamp_min", "clamp_max", "round": return .vector(try bounded(name, arguments))
    case "quantile_over_time":
      try expect(2, arguments, name)
      let phi = try scalar(arguments[0], of: name)
      return .vector(
        try ranged(arguments[1]) { window, step in window.count > 0 ? quantile(phi[step], window.points.values[window.indices]) : nil })
    case "absent":
      try expect(1, arguments, name)
      return .vector([absent(try vector(arguments[0], of: name), arguments[0])])
    case "absent_over_time":
      try expect(1, arguments, name)
      return .vector([absent(try ranged(arguments[0]) { window, _ in window.count > 0 ? 1 : nil }, arguments[0])])
    case "sort", "sort_desc":
      try expect(1, arguments, name)
      let series = try vector(arguments[0], of: name)
      // Over many steps there is no one order.
      guard steps.count == 1 else { return .vector(series) }
      let ascending = series.sorted { ($0.values[0], $0.labels) < ($1.values[0], $1.labels) }
      return .vector(name == "sort" ? ascending : ascending.reversed())
    case "label_replace", "label_join": return .vector(try relabelled(name, arguments))
    default: throw .meaning("there is no function \(name) here")
    }
  }

  func expect(_ count: Int, _ arguments: [Expression], _ name: String) throws(PromQLError) {
    guard arguments.count == count else { throw .meaning("\(name) takes \(count) arguments, not \(arguments.count)") }
  }

  private var now: [Double] { (0..<steps.count).map { Double(steps.instant($0)) / 1e9 } }

  /// A function of ranges at every step.
  private mutating func ranged(
    _ expression: Expression, keepsName: Bool = false, _ function: (RangeWindow, Int) -> Double?
  ) throws(PromQLError) -> [SteppedSeries] {
    var found: [SteppedSeries] = []
    try windows(of: expression) { labels, window, times in
      var values = [Double](repeating: Staleness.marker, count: times.count)
      var isThere = false
      for (i, time) in times.enumerated() {
        window.move(to: time)
        guard let value = function(window, i) else { continue }
        (values[i], isThere) = (value, true)
      }
      if isThere { found.append(SteppedSeries(labels: keepsName ? labels : labels.withoutName, values: values)) }
    }
    return found
  }

  /// The value of the one series where there is exactly one, else NaN.
  private func only(_ series: [SteppedSeries]) -> [Double] {
    (0..<steps.count).map { i in
      let values = series.lazy.map { $0.values[i] }.filter { !Staleness.isMarker($0) }.prefix(2)
      return values.count == 1 ? values.first ?? .nan : .nan
    }
  }

  private mutating func calendar(
    _ name: String, _ arguments: [Expression], _ function: (CivilTime) -> Int
  ) throws(PromQLError) -> [SteppedSeries] {
    guard arguments.count <= 1 else { throw .meaning("\(name) takes at most one argument") }
    let series =
      try arguments.first.map { argument throws(PromQLError) in try vector(argument, of: name) } ?? [SteppedSeries(labels: Labels(), values: now)]
    return series.map { $0.changed { CivilTime(seconds: $0).map { Double(function($0)) } ?? .nan } }
  }

  /// When the samples of a selector were taken; of any other vector, the step itself.
  private mutating func timestamps(_ arguments: [Expression]) throws(PromQLError) -> [SteppedSeries] {
    try expect(1, arguments, "timestamp")
    guard case .selector(var selector) = arguments[0], selector.range == nil else {
      let times = now
      return try vector(arguments[0], of: "timestamp").map { series in
        SteppedSeries(
          labels: series.labels.withoutName,
          values: series.values.indices.map { Staleness.isMarker(series.values[$0]) ? series.values[$0] : times[$0] })
      }
    }
    selector.range = PromQuery.lookBack
    return try ranged(.selector(selector)) { window, _ in window.count > 0 ? Double(window.lastInstant) / 1e9 : nil }
  }

  private mutating func bounded(_ name: String, _ arguments: [Expression]) throws(PromQLError) -> [SteppedSeries] {
    if name == "round" {
      guard 1...2 ~= arguments.count else { throw .meaning("round takes one or two arguments, not \(arguments.count)") }
    } else {
      try expect(name == "clamp" ? 3 : 2, arguments, name)
    }
    let series = try vector(arguments[0], of: name)
    let parameters = try arguments.dropFirst().map { argument throws(PromQLError) in try scalar(argument, of: name) }
    return series.compactMap { series in
      var values = series.values
      for i in values.indices where !Staleness.isMarker(values[i]) {
        switch name {
        case "clamp_min": values[i] = larger(values[i], parameters[0][i])
        case "clamp_max": values[i] = smaller(values[i], parameters[0][i])
        case "clamp":
          values[i] = parameters[0][i] > parameters[1][i] ? Staleness.marker : larger(parameters[0][i], smaller(parameters[1][i], values[i]))
        default:
          // A half goes up, and the unit's inverse keeps 0.1 exact.
          let inverse = 1 / (parameters.first?[i] ?? 1)
          values[i] = (values[i] * inverse + 0.5).rounded(.down) / inverse
        }
      }
      return SteppedSeries(labels: series.labels.withoutName, values: values)
    }
  }

  private func larger(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : max(a, b) }
  private func smaller(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : min(a, b) }

  /// One where nothing is there, with the labels that the selector demands.
  private func absent(_ series: [SteppedSeries], _ expression: Expression) -> SteppedSeries {
    var labels = Labels()
    if case .selector(let selector) = expression {
      for matcher in selector.matchers where matcher.kind == .equal && matcher.name != Labels.nameLabel { labels[matcher.name] = matcher.value }
    }
    return SteppedSeries(
      labels: labels, values: (0..<steps.count).map { i in series.contains { !Staleness.isMarker($0.values[i]) } ? Staleness.marker : 1 })
  }

  private mutating func relabelled(_ name: String, _ arguments: [Expression]) throws(PromQLError) -> [SteppedSeries] {
    guard arguments.count >= 3 else { throw .meaning("\(name) takes more arguments than \(arguments.count)") }
    let series = try vector(arguments[0], of: name)
    let texts = try arguments.dropFirst().map { argument throws(PromQLError) -> String in
      guard case .string(let text) = argument else { throw .meaning("\(name) takes texts behind the vector") }
      return text
    }
    if name == "label_join" {
      return series.map { one in
        var one = one
        one.labels[texts[0]] = texts.dropFirst(2).map { one.labels[$0] ?? "" }.joined(separator: texts[1])
        return one
      }
    }
    try expect(5, arguments, name)
    guard let pattern = try? NSRegularExpression(pattern: "^(?:\(texts[3]))$", options: [.dotMatchesLineSeparators]) else {
      throw .meaning("\(texts[3]) is no regular expression")
    }
    // Prometheus writes ${1} where this machine writes $1.
    let template = texts[1].replacing(#/\$\{(\d+)\}/#) { "$\($0.output.1)" }
    return series.map { one in
      var one = one
      let source = one.labels[texts[2]] ?? ""
      let whole = NSRange(source.startIndex..., in: source)
      if pattern.firstMatch(in: source, options: [], range: whole) != nil {
        one.labels[texts[0]] = pattern.stringByReplacingMatches(in: source, options: [], range: whole, withTemplate: template)
      }
      return one
    }
  }
}
