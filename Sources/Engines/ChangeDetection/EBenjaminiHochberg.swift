/// Selects from e-values so that the false discovery rate stays below a level, whatever their dependence.
public enum EBenjaminiHochberg {
  /// The places of the k* largest values, k* = max{k: e₍ₖ₎ ≥ K/(level·k)}, the largest first; ties by place.
  ///
  /// - Source: R. Wang, A. Ramdas 2022, doi:10.1111/rssb.12489.
  public static func select(_ values: [Double], level: Double) -> [Int] {
    precondition(level > 0 && level < 1, "level \(level)")
    let order = values.indices.sorted { values[$0] > values[$1] || values[$0] == values[$1] && $0 < $1 }
    let total = Double(values.count)
    let last = order.indices.last { values[order[$0]] >= total / (level * Double($0 + 1)) }
    guard let last else { return [] }
    return Array(order[...last])
  }
}
