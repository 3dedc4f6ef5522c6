import Simulation

/// The likelihood of a seen row falls into factors that share no parameter; each is learnt for itself.
extension SeenRow {
  /// Parameters that belong together, the members of the row whose likelihood they move, and whether the filter is one of them.
  struct Block {
    var parameters: [Int]
    /// Indices into the stamps.
    var closed: [Int]
    var hasFilter: Bool
  }

  func blocks(_ parameters: [LineParameter]) -> [Block] {
    // Likelihood factors: −1 is the filter (unseen members and the seen one behind them), k ≥ 0 the completions of seen station k.
    func factor(_ place: LineParameter.Place) -> Int {
      if place.quantity == .supply { return -1 }
      let offset = source == nil ? 0 : 1
      let member = stations.firstIndex(of: place.index)! + offset
      return unseen > 0 && member <= unseen ? -1 : member - unseen
    }
    var blocks: [(parameters: [Int], factors: Set<Int>)] = []
    for (p, parameter) in parameters.enumerated() {
      var own: (parameters: [Int], factors: Set<Int>) = ([p], Set(parameter.places.map(factor)))
      var others: [(parameters: [Int], factors: Set<Int>)] = []
      for block in blocks {
        if block.factors.isDisjoint(with: own.factors) {
          others.append(block)
        } else {
          own = (block.parameters + own.parameters, own.factors.union(block.factors))
        }
      }
      blocks = others + [own]
    }
    return blocks.map { block in
      Block(parameters: block.parameters.sorted(), closed: block.factors.filter { $0 >= 0 }.sorted(), hasFilter: block.factors.contains(-1))
    }.sorted { $0.parameters[0] < $1.parameters[0] }
  }
}
