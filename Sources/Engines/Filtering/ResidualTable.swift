/// Where residuals stand: instants by outputs, with gaps; and the columns that they are tested against.
struct ResidualTable {
  let rows: Int
  let outputs: Int
  /// The (instant, output) that were seen, instant by instant.
  let places: [(row: Int, output: Int)]

  init(_ residuals: [[Double]]) {
    rows = residuals.count
    outputs = residuals.first?.count ?? 0
    places = residuals.enumerated().flatMap { row, values in values.indices.filter { values[$0].isFinite }.map { (row, $0) } }
  }

  func flattened(_ residuals: [[Double]]) -> [Double] { places.map { residuals[$0.row][$0.output] } }

  /// A column of `value(row)` at one output and 0 elsewhere.
  private func column(_ output: Int, _ value: (Int) -> Double) -> [Double] { places.map { $0.output == output ? value($0.row) : 0 } }

  /// For each output, a constant.
  func biasColumns() -> [[[Double]]] { (0..<outputs).map { [column($0) { _ in 1 }] } }

  /// For each output, the inputs in units of their deviation, their squares and products.
  func inputColumns(_ inputs: [[Double]]) -> [[[Double]]] {
    let width = inputs.first?.count ?? 0
    var terms: [[Double]] = []
    for j in 0..<width {
      let values = inputs.map { $0[j] }
      let mean = values.reduce(0, +) / Double(max(1, rows))
      let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, rows))).squareRoot()
      if spread > 1e-12 * (1 + mean.magnitude) { terms.append(values.map { ($0 - mean) / spread }) }
    }
    for i in terms.indices { for j in i..<terms.count { terms.append(zip(terms[i], terms[j]).map { $0 * $1 }) } }
    return (0..<outputs).map { output in terms.map { term in column(output) { term[$0] } } }
  }

  /// For each output, its residuals at the `lags` instants before; 0 where there was none.
  func lagColumns(_ residuals: [Double], _ lags: Int) -> [[[Double]]] {
    var table = [Double](repeating: 0, count: rows * outputs)
    for (k, place) in places.enumerated() { table[place.row * outputs + place.output] = residuals[k] }
    return (0..<outputs).map { output in
      (1...lags).map { lag in column(output) { $0 >= lag ? table[($0 - lag) * outputs + output] : 0 } }
    }
  }

  /// The test of all outputs' columns together, and the output that has most of it.
  func strongest(_ kind: MismatchEvidence.Kind, _ test: ScoreTest, _ groups: [[[Double]]]) -> MismatchEvidence {
    let result = test.test(groups.flatMap { $0 })
    var strongest: (statistic: Double, output: Int)?
    for (output, columns) in groups.enumerated() {
      let own = test.test(columns).statistic
      if own > strongest?.statistic ?? -1 { strongest = (own, output) }
    }
    let size = (max(0, result.statistic - Double(result.degrees)) / Double(max(1, places.count))).squareRoot()
    return MismatchEvidence(kind: kind, pValue: result.pValue, size: size, output: strongest?.output)
  }
}
