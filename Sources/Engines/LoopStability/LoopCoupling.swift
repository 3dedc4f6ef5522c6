public import LinearAlgebra
internal import Quantities

/// How strongly loops that share tags or parameters drive each other, and whether they may run at one time.
public struct LoopCoupling: Hashable, Sendable {
  /// The loops, by name.
  public let loops: [String]
  /// γᵢⱼ ≥ 0: by how much a unit of loop j's error, in its own scaled units, shows in loop i one iteration later; on the diagonal a loop's own
  /// contraction (0 for one that settles within an iteration). Peak gains over frequency where loops have dynamics.
  public let gains: Matrix

  /// - Precondition: as many rows and columns as loops, no gain negative.
  public init(loops: [String], gains: Matrix) {
    precondition(gains.rows == loops.count && gains.columns == loops.count, "\(gains.rows)×\(gains.columns) gains for \(loops.count) loops")
    precondition(gains.elements.allSatisfy { $0 >= 0 }, "a gain is a magnitude")
    (self.loops, self.gains) = (loops, gains)
  }

  /// Two loops touch when they share a tag that one of them may move.
  public static func touch(_ a: (moves: Set<String>, reads: Set<String>), _ b: (moves: Set<String>, reads: Set<String>)) -> Bool {
    !a.moves.isDisjoint(with: b.moves) || !a.moves.isDisjoint(with: b.reads) || !a.reads.isDisjoint(with: b.moves)
  }

  /// From the Jacobian J of all loops' iterations together: γᵢⱼ is by how much a unit of loop j moves the place where loop i settles,
  /// (I − Jᵢᵢ)⁻¹·Jᵢⱼ, as its largest row sum. A loop's own contraction is the matter of its own certificate, and the diagonal is 0.
  ///
  /// - Parameter variables: for each loop, the places of its variables in the Jacobian; no place twice.
  /// - Throws: `invalid` where two loops move one variable; `degenerate` where a loop by itself settles nowhere.
  public init(loops: [String], jacobian: Matrix, variables: [[Int]]) throws(LoopStabilityError) {
    precondition(variables.count == loops.count, "\(variables.count) groups of variables for \(loops.count) loops")
    let places = variables.flatMap { $0 }
    guard Set(places).count == places.count else { throw .invalid(["two loops move one variable"]) }
    var gains = Matrix(rows: loops.count, columns: loops.count)
    for i in loops.indices where !variables[i].isEmpty {
      let own = variables[i]
      var system = Matrix.identity(own.count)
      for (a, row) in own.enumerated() { for (b, column) in own.enumerated() { system[a, b] -= jacobian[row, column] } }
      for j in loops.indices where j != i {
        var sums = [Double](repeating: 0, count: own.count)
        for column in variables[j] {
          guard let answer = try? system.solve(own.map { jacobian[$0, column] }) else { throw .degenerate(what: "\(loops[i]) by itself") }
          for a in own.indices { sums[a] += abs(answer[a]) }
        }
        gains[i, j] = sums.max() ?? 0
      }
    }
    self.init(loops: loops, gains: gains)
  }

  /// ρ(Γ): when it is below 1 the loops together contract in whatever order, and with whatever bounded delay, they move (small gain).
  /// Of two loops without own dynamics it is √(γ₁₂·γ₂₁).
  ///
  /// - Source: D. Chazan, W. Miranker 1969, doi:10.1016/0024-3795(69)90028-7.
  public var radius: Double { gains.spectralRadius }

  /// Certifies that loops may act at one time over an ensemble of plants: ρ(Γ) ≤ ½ on all but the share of them that a tolerance names; the worst
  /// of those on which it holds.
  ///
  /// - Parameter members: of one set of loops; nil for a plant on which their gains cannot be told.
  public static func certificate(
    of members: [LoopCoupling?], tolerance: StabilityCertificate.Tolerance, _ terms: CertificateTerms
  ) throws(CertificateRefusal) -> StabilityCertificate {
    guard members.count >= tolerance.leastMembers else { throw .tooFewMembers(members.count, least: tolerance.leastMembers) }
    let rising = members.compactMap { $0 }.filter { $0.radius.isFinite }.sorted { $0.radius < $1.radius }
    let holding = rising.filter { $0.radius <= StabilityCertificate.share }
    guard let worst = rising.last else { throw .settlesNowhere }
    let isShown = tolerance.bound(failing: members.count - holding.count, of: members.count) <= tolerance.risk
    guard isShown, let last = holding.last else {
      if worst.radius <= StabilityCertificate.share { throw .settlesNowhere }
      return try worst.certificate(terms)
    }
    return try last.certificate(terms)
  }

  /// Certifies that the loops may act at one time: ρ(Γ) ≤ ½.
  public func certificate(_ terms: CertificateTerms) throws(CertificateRefusal) -> StabilityCertificate {
    try terms.check()
    let radius = radius
    guard radius.isFinite else { throw .unsound("a gain that is not finite") }
    guard radius <= StabilityCertificate.share else { throw .insideHalfNotShown(worst: radius, bound: 1) }
    return StabilityCertificate(
      loop: loops.joined(separator: " + "), subject: .coupling(loops: loops), gain: GainRange(0, radius), delay: 0...0, period: terms.period,
      issued: terms.issued, expires: terms.issued + terms.lifetime, worst: radius, bound: 1)
  }

  /// Bristol's relative gain array G ∘ (G⁻¹)ᵀ of a square static gain matrix: a diagnostic of how to pair inputs with outputs. A negative element
  /// says that the pair's gain changes sign when the other loops close.
  ///
  /// - Throws: `degenerate` where G is singular.
  /// - Source: E. H. Bristol 1966, doi:10.1109/TAC.1966.1098266.
  public static func relativeGains(_ g: Matrix) throws(LoopStabilityError) -> Matrix {
    precondition(g.rows == g.columns, "relative gains of \(g.rows)×\(g.columns)")
    var result = g
    for j in 0..<g.rows {
      var unit = [Double](repeating: 0, count: g.rows)
      unit[j] = 1
      // Column j of G⁻¹ is row j of its transpose.
      guard let column = try? g.solve(unit) else { throw .degenerate(what: "the gain matrix") }
      for i in 0..<g.rows { result[j, i] = g[j, i] * column[i] }
    }
    return result
  }
}
