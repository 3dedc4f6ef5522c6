import Foundation
import PromQL

/// Series in memory, written as Prometheus's own tests write them: a value for each step.
struct MemoryReader: SeriesReader {
  var all: [(labels: Labels, points: Points)] = []

  /// Samples at 0, `step`, 2·`step` … seconds; nil leaves one out.
  mutating func load(_ labels: [String: String], every step: Double, _ values: [Double?]) {
    var points = Points()
    for (i, value) in values.enumerated() {
      guard let value else { continue }
      points.instants.append(Int64(Double(i) * step * 1e9))
      points.values.append(value)
    }
    all.append((Labels(labels.sorted { $0.key < $1.key }.map { Labels.Pair($0.key, $0.value) }), points))
  }

  func series(matching matchers: [LabelMatcher]) throws(PromQLError) -> [FoundSeries] {
    var found = all.indices.map { FoundSeries(number: $0, labels: all[$0].labels) }
    for matcher in matchers {
      let test = try matcher.test()
      found = found.filter { test($0.labels[matcher.name] ?? "") }
    }
    return found.sorted { $0.labels < $1.labels }
  }

  func points(of series: FoundSeries, after: Int64, through: Int64) throws(PromQLError) -> Points {
    var kept = Points()
    let points = all[series.number].points
    for i in points.instants.indices where points.instants[i] > after && points.instants[i] <= through {
      kept.instants.append(points.instants[i])
      kept.values.append(points.values[i])
    }
    return kept
  }

  /// Whether windows are summed here, as a store does.
  var sumsWindows = false

  func windows(of series: FoundSeries, after: Int64, length: Int64, count: Int) throws(PromQLError) -> WindowSums? {
    guard sumsWindows else { return nil }
    let none = [Double](repeating: 0, count: count)
    var sums = WindowSums(counts: Array(repeating: 0, count: count), sums: none, minima: none, maxima: none)
    let points = try points(of: series, after: after, through: after + length * Int64(count))
    for i in points.instants.indices where !Staleness.isMarker(points.values[i]) {
      let (window, value) = (Int((points.instants[i] - after - 1) / length), points.values[i])
      let isFirst = sums.counts[window] == 0
      sums.counts[window] += 1
      sums.sums[window] += value
      sums.minima[window] = isFirst ? value : min(sums.minima[window], value)
      sums.maxima[window] = isFirst ? value : max(sums.maxima[window], value)
    }
    return sums
  }

  /// `{a="x"} 1` for each series at `seconds`, or the error's words.
  func ask(_ text: String, at seconds: Double = 3000) -> [String] {
    do throws(PromQLError) {
      switch try PromQuery(text).answer(from: self, at: Int64(seconds * 1e9)) {
      case .scalar(_, let x): return ["\(Self.rounded(x))"]
      case .string(_, let text): return [text]
      case .vector(_, let series): return series.map { "\(Self.text($0.labels)) \(Self.rounded($0.value))" }
      case .matrix(let series): return series.map { "\(Self.text($0.labels)) \($0.points.values)" }
      }
    } catch { return [error.message] }
  }

  func ask(_ text: String, from start: Double, to end: Double, step: Double) -> [String] {
    do throws(PromQLError) {
      let answer = try PromQuery(text).answer(from: self, start: Int64(start * 1e9), end: Int64(end * 1e9), step: Int64(step * 1e9))
      guard case .matrix(let series) = answer else { return ["no matrix"] }
      return series.map { one in
        "\(Self.text(one.labels)) "
          + zip(one.points.instants, one.points.values).map { "\($0 / 1_000_000_000):\(Self.rounded($1))" }.joined(separator: " ")
      }
    } catch { return [error.message] }
  }

  /// Twelve figures: the order of sums is nobody's promise.
  private static func rounded(_ x: Double) -> Double { x.isFinite ? Double(String(format: "%.12g", x)) ?? x : x }

  private static func text(_ labels: Labels) -> String {
    let name = labels[Labels.nameLabel] ?? ""
    return name + "{" + labels.pairs.filter { $0.name != Labels.nameLabel }.map { "\($0.name)=\($0.value)" }.joined(separator: ",") + "}"
  }
}
