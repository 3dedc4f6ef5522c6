extension RandomStream {
  /// Uniform in the open interval (0, 1): (n + ½)/2⁵² with n of 52 bits, so that neither a logarithm nor a quantile meets an end.
  @inlinable public mutating func uniform() -> Double { (Double(Int64(bitPattern: next() >> 12)) + 0.5) * 0x1p-52 }

  /// Uniform in (low, high).
  @inlinable public mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

  /// True with probability p. Always draws one word, so that later draws do not depend on p.
  @inlinable public mutating func chance(_ p: Double) -> Bool { uniform() < p }

  /// Uniform in 0 ..< bound, without bias.
  ///
  /// - Precondition: bound > 0.
  /// - Source: D. Lemire 2019, doi:10.1145/3230636.
  @inlinable public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "no integer lies below \(bound) and not below 0")
    let n = UInt64(bound)
    var product = next().multipliedFullWidth(by: n)
    if product.low < n {
      let threshold = (0 &- n) % n
      while product.low < threshold { product = next().multipliedFullWidth(by: n) }
    }
    return Int(product.high)
  }

  /// Puts the elements in random order (Fisher and Yates).
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    var i = elements.count - 1
    while i > 0 {
      elements.swapAt(i, integer(below: i + 1))
      i -= 1
    }
  }

  /// Exponential of mean 1, by the ziggurat with 256 layers.
  ///
  /// - Source: G. Marsaglia, W. W. Tsang 2000, doi:10.18637/jss.v005.i08.
  @inlinable public mutating func exponential() -> Double { exponential(Ziggurat.exponential) }

  /// The same draw, for whoever keeps the table at hand and draws very often.
  ///
  /// - Parameter table: `Ziggurat.exponential`.
  @inlinable @inline(__always) public mutating func exponential(_ table: Ziggurat) -> Double {
    let bits = next()
    let layer = Int(truncatingIfNeeded: bits & 255)
    let x = (Double(Int64(bitPattern: bits >> 12)) + 0.5) * 0x1p-52 * table.edge(layer)
    if x < table.edge(layer &+ 1) { return x }
    return exponentialOutside(layer, x, table)
  }

  /// The one draw in fifty that does not lie in the rectangle of its layer.
  @inline(never) @usableFromInline
  mutating func exponentialOutside(_ layer: Int, _ x: Double, _ table: Ziggurat) -> Double {
    if layer == 0 { return table.edge(1) - Portable.log(uniform()) }
    if table.height(layer) + (table.height(layer &+ 1) - table.height(layer)) * uniform() < Portable.exp(-x) { return x }
    return exponential(table)
  }

  /// Draws one exponential of mean 1 after the other, as `exponential()` would, and gives each with its place.
  @inlinable @inline(__always)
  public mutating func exponentials(_ count: Int, _ table: Ziggurat, _ give: (Int, Double) -> Void) {
    var stream = self
    for i in 0..<count { give(i, stream.exponential(table)) }
    self = stream
  }

  /// Standard normal, by the ziggurat with 256 layers.
  ///
  /// - Source: G. Marsaglia, W. W. Tsang 2000, doi:10.18637/jss.v005.i08; tail: G. Marsaglia 1964, doi:10.1080/00401706.1964.10490150.
  @inlinable public mutating func normal() -> Double {
    let table = Ziggurat.normal
    while true {
      let bits = next()
      let layer = Int(truncatingIfNeeded: bits & 255)
      let x = (Double(Int64(bitPattern: bits >> 12)) + 0.5) * 0x1p-52 * table.edge(layer)
      // Bits 8 to 11 take no part in the abscissa; one of them is the sign, set without a branch that could not be foretold.
      let sign = (bits & 256) << 55
      if x < table.edge(layer &+ 1) { return Double(bitPattern: x.bitPattern | sign) }
      if layer == 0 {
        let r = table.edge(1)
        while true {
          let a = -Portable.log(uniform()) / r
          let b = -Portable.log(uniform())
          if b + b > a * a { return Double(bitPattern: (r + a).bitPattern | sign) }
        }
      }
      if table.height(layer) + (table.height(layer &+ 1) - table.height(layer)) * uniform() < Portable.exp(-0.5 * x * x) {
        return Double(bitPattern: x.bitPattern | sign)
      }
    }
  }
}
