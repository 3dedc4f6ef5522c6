import Estimation
import Probability

extension SensorLineMiner {
  /// For each assembly the size of a set by class: what most often entered, of one class, between two wholes.
  func setSizes() -> [[Int]] {
    assemblyPairs.map { pair in
      setCounts(pair.intake, pair.output).map { table in table.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0 }
    }
  }

  func assembly(_ k: Int, sizes: [Int], _ sets: [Genealogy.Set], links: [SensorLine.Link], breaks: [(node: Int, on: [ClosedRange<Double>])])
    -> SensorLine.Assembly
  {
    let pair = assemblyPairs[k]
    let items = history.items
    var becomes = Array(repeating: [Int: Int](), count: history.classes.count)
    var (process, reopening): ([Double], [Double]) = ([], [])
    let pauses = breaks.filter { $0.node == pair.output }.flatMap(\.on)
    for (i, set) in sets.enumerated() {
      guard let first = set.parts.first, let last = set.parts.last else { continue }
      becomes[items[first.item].itemClass][items[set.whole].itemClass, default: 0] += 1
      let before = i > 0 ? sets[i - 1].time : -Double.infinity
      let began = max(last.time, before)
      if !set.isPartial, !pauses.contains(where: { $0.overlaps(began...set.time) }) { process.append(set.time - began) }
      if first.time > before { reopening.append(first.time - before) }
    }
    let entries = byNode[pair.intake].map(\.time)
    let headways = zip(entries, entries.dropFirst()).map { $1 - $0 }
    let spare = spareRoom(pair.intake, sets, sizes)
    let rejects = links.indices.filter { links[$0].from == pair.intake }
    let partial = sets.count { $0.isPartial }
    let leftover: SensorLine.Leftover =
      partial * 10 > sets.count ? .ships : rejects.max { links[$0].count < links[$1].count }.map { .rejected(link: $0) } ?? .stays
    return SensorLine.Assembly(
      intake: pair.intake, output: pair.output, sizes: sizes,
      becomes: becomes.map { table in table.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? -1 },
      process: LawChoice.choose(process.map { LifetimeFit.Observation(max($0, 0)) }) ?? .constant(0),
      entryHeadway: headways.isEmpty ? 0 : lowQuantile(headways, 0.01), reopening: spare > 0 || reopening.isEmpty ? 0 : lowQuantile(reopening, 0.05),
      spareRoom: spare, leftover: leftover, count: sets.count, partial: partial)
  }

  /// How many parts beyond one set stood at the station, at the 99th of a hundred entries.
  private func spareRoom(_ intake: Int, _ sets: [Genealogy.Set], _ sizes: [Int]) -> Int {
    var marks: [(time: Double, change: Int, size: Int)] = []
    for set in sets {
      for part in set.parts { marks.append((part.time, 1, sizes[history.items[part.item].itemClass])) }
      marks.append((set.time, -set.parts.count, 0))
    }
    marks.sort { ($0.time, $0.change) < ($1.time, $1.change) }
    var held = 0
    var spares: [Double] = []
    for mark in marks {
      held += mark.change
      if mark.change > 0 { spares.append(Double(max(held - mark.size, 0))) }
    }
    return spares.isEmpty ? 0 : Int(lowQuantile(spares, 0.99))
  }
}

extension LawBelief {
  /// A length that is always the same.
  static func constant(_ value: Double) -> LawBelief {
    LawBelief(law: .constant(value), family: "constant", completions: 0, censored: 0, logMeanError: 0, logShapeError: 0, distance: 0)
  }
}
