import Determinism
import Probability

extension FamilyPosterior {
  /// Cell masses of the spread's marginal, for drawing many times.
  func spreadCells() -> [Double] { LogDensityTable(origin: 0, step: 1, values: spreadLogMass).cells() }

  /// The law that belongs to two uniform numbers: the first its rank by spread, the second its rank by mean given the spread. Continuous
  /// in the data: two posteriors that are near give near laws for the same numbers.
  func draw(_ u: Double, _ v: Double, _ cells: [Double]) -> Law {
    if centres.count == 1 {
      let table = LogDensityTable(origin: reach, step: step, values: logMass)
      return law(logMean: centres[0] + scales[0] * table.quantile(v), spread: 0)
    }
    // In steps from the first node.
    let position = LogDensityTable.quantile(u, cells, 0, Double(centres.count - 1) / Double(cells.count))
    let j = min(max(Int(position), 1), centres.count - 3)
    let w = LogDensityTable.cubic(position - Double(j))
    func mix(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double { w.0 * a + w.1 * b + w.2 * c + w.3 * d }
    let n = Self.inner
    let values = (0..<n).map { i in
      mix(logMass[(j - 1) * n + i], logMass[j * n + i], logMass[(j + 1) * n + i], logMass[(j + 2) * n + i])
    }
    let z = LogDensityTable(origin: reach, step: step, values: values).quantile(v)
    let centre = mix(centres[j - 1], centres[j], centres[j + 1], centres[j + 2])
    let scale = mix(scales[j - 1], scales[j], scales[j + 1], scales[j + 2])
    return law(logMean: centre + scale * z, spread: firstSpread + position * spreadStep)
  }

  /// Gives each cell of log mean (absolute, from and to) with its mass.
  func forEachMeanCell(_ give: (Double, Double, Double) -> Void) {
    let n = Self.inner
    for j in centres.indices where spreadLogMass[j] > -14 {
      let table = LogDensityTable(origin: reach, step: step, values: Array(logMass[j * n..<(j + 1) * n]))
      let share = Portable.exp(spreadLogMass[j])
      let width = table.cellWidth
      for (c, mass) in table.cells().enumerated() where mass > 1e-9 {
        let low = reach + Double(c) * width
        give(logReference + centres[j] + scales[j] * low, logReference + centres[j] + scales[j] * (low + width), share * mass)
      }
    }
  }

  /// Every second node of the grid with its mass, those that matter: enough for the mean of a smooth function such as a distribution
  /// function.
  func representatives() -> [(law: Law, mass: Double)] {
    var result: [(law: Law, mass: Double)] = []
    for j in stride(from: 0, to: centres.count, by: 2) {
      for i in stride(from: 0, to: Self.inner, by: 2) {
        let log = logMass[j * Self.inner + i]
        if log > -9 { result.append((law(j, i), Portable.exp(log))) }
      }
    }
    let sum = result.reduce(0) { $0 + $1.mass }
    return result.map { ($0.law, $0.mass / sum) }
  }
}
