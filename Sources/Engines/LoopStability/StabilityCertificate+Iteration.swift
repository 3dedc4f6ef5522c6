internal import Determinism
public import LinearAlgebra
internal import Probability
internal import Quantities

extension StabilityCertificate {
  /// What a certificate over a posterior shows: that with this confidence at most this share of the plants that the posterior allows do not contract,
  /// as a proof shows it of losses. The worst of n draws would say less the more draws were taken: one odd draw decides it, and more draws hold more.
  public struct Tolerance: Hashable, Sendable, Codable {
    /// The share of plants for which the loop may fail.
    public var risk: Double
    /// With which it must be shown that no more do.
    public var confidence: Double
    /// - Precondition: both inside (0, 1).
    public init(risk: Double = 0.05, confidence: Double = 0.95) {
      precondition(risk > 0 && risk < 1 && confidence > 0 && confidence < 1, "a risk of \(risk) with confidence \(confidence)")
      (self.risk, self.confidence) = (risk, confidence)
    }

    /// The greatest share of failing plants that so many failures among so many members leave open (Clopper and Pearson's bound).
    ///
    /// - Source: C. J. Clopper, E. S. Pearson 1934, doi:10.1093/biomet/26.4.404.
    func bound(failing: Int, of members: Int) -> Double {
      failing >= members ? 1 : Special.inverseBeta(Double(failing + 1), Double(members - failing), confidence)
    }

    /// Members of which none may fail: ln(1 − confidence)/ln(1 − risk), 59 for one in twenty.
    var leastMembers: Int { Int((Portable.log(1 - confidence) / Portable.log(1 - risk)).rounded(.up)) }
  }

  /// Fewer plants do not speak for the rest.
  public static let leastMembers = 20

  /// Certifies a loop that calibrates on what its own moves made, optimises, and moves: u ← T(u) = u*(θ̂(u)).
  ///
  /// Near a fixed point an error is multiplied by the Jacobian J = (du*/dθ)(dθ/du) of each iteration; the loop contracts iff ρ(J) < 1, and is
  /// certified at ρ(J) ≤ ½. A calibration that remembers takes in a share w of what the newest iteration shows, θ̂ ← (1 − w)·θ̂ + w·θ(u), and an error
  /// is multiplied by I − w·(I − J): the loop gain is G = I − J, as ξ is of a run-to-run loop with weight w. Certified is a gain margin of two,
  /// ρ(I − m·w·G) < 1 for all m in (0, 2]: an overshoot is worked off, but a slope above 1, a loop gain of the wrong sign, is not.
  /// The plant is not known, so this must hold for each member of an ensemble of plants that what was seen allows; with a tolerance, for all but
  /// the share of them that it names. Gain and worst case are those of the members that hold.
  ///
  /// - Parameters:
  ///   - jacobians: one for each member, n×n, all of one size: of T with all of the memory at u; nil for a member that settles nowhere.
  ///   - memory: w, the share that one iteration has in what is believed, in (0, 1].
  ///   - tolerance: nil: every member must hold.
  /// - Throws: why not; `tooFewMembers` below `leastMembers`, or where the tolerance could not be shown if none failed.
  public static func iteration(
    jacobians: [Matrix?], memory weight: Double = 1, tolerance: Tolerance? = nil, _ terms: CertificateTerms
  ) throws(CertificateRefusal) -> StabilityCertificate {
    try terms.check()
    guard weight > 0, weight <= 1 else { throw .unsound("a share of \(weight)") }
    let needed = max(leastMembers, tolerance?.leastMembers ?? 0)
    guard jacobians.count >= needed else { throw .tooFewMembers(jacobians.count, least: needed) }
    var (all, held) = (Spread(), Spread())
    var failing = 0
    for jacobian in jacobians {
      guard let jacobian else {
        failing += 1
        continue
      }
      guard jacobian.rows == jacobian.columns else { throw .unsound("a Jacobian of \(jacobian.rows)×\(jacobian.columns)") }
      let radius = jacobian.spectralRadius
      guard radius.isFinite else { throw .unsound("a Jacobian that is not finite") }
      let reals = jacobian.realParts
      let gain = GainRange(1 - reals.upperBound, 1 - reals.lowerBound)
      let use = weight == 1 ? radius : 1 / gainMargin(of: jacobian, memory: weight)
      all.take(gain, use)
      // A slope above 1 is a loop gain of the wrong sign.
      if gain.low > 0, use <= share { held.take(gain, use) } else { failing += 1 }
    }
    guard failing == 0 || tolerance.map({ $0.bound(failing: failing, of: jacobians.count) <= $0.risk }) ?? false else {
      guard all.most > -.infinity else { throw .settlesNowhere }
      guard all.least > 0 else {
        throw all.most > 0 ? .gainSignUnknown(GainRange(all.least, all.most)) : .gainSignWrong(GainRange(all.least, all.most))
      }
      guard all.worst <= share else { throw .insideHalfNotShown(worst: all.worst, bound: 1) }
      throw .settlesNowhere
    }
    return StabilityCertificate(
      loop: terms.loop, subject: .iteration(members: jacobians.count, failing: failing, memory: weight), gain: GainRange(held.least, held.most),
      delay: 0...0, period: terms.period, issued: terms.issued, expires: terms.issued + terms.lifetime, worst: held.worst, bound: 1)
  }

  /// Where the loop gains of several members lie, and the most that one uses of the bound.
  private struct Spread {
    var (least, most, worst) = (Double.infinity, -Double.infinity, 0.0)
    mutating func take(_ gain: GainRange, _ use: Double) { (least, most, worst) = (min(least, gain.low), max(most, gain.high), max(worst, use)) }
  }

  /// The least m > 0 with ρ(I − m·w·(I − J)) ≥ 1, to 1 %: 0 where a small m is unstable already; not looked for beyond 64.
  static func gainMargin(of jacobian: Matrix, memory w: Double) -> Double {
    func isUnstable(_ m: Double) -> Bool {
      var closed = jacobian * (w * m)
      for i in 0..<closed.rows { closed[i, i] += 1 - w * m }
      return closed.spectralRadius >= 1
    }
    guard !isUnstable(1e-3 / w) else { return .leastNormalMagnitude }
    var m = 0.25
    if isUnstable(m) { return m }
    while m < 64 {
      let next = m * 1.19
      if isUnstable(next) {
        var (low, high) = (m, next)
        while high - low > 0.01 * low { if isUnstable((low + high) / 2) { high = (low + high) / 2 } else { low = (low + high) / 2 } }
        return low
      }
      m = next
    }
    return 64
  }

  /// Certifies modifier adaptation with filter K near an optimum: u ← u + K·(u*ₖ − u) contracts iff 0 < K·eig(Hm⁻¹·Hp) < 2.
  ///
  /// Hm is the reduced Hessian of the model's Lagrangian (negative definite at a maximum), Hp the plant's; both in the same units and sign.
  /// - Source: A. Marchetti, B. Chachuat, D. Bonvin 2009, doi:10.1021/ie801352x.
  ///
  /// - Parameter plants: Hp for each member of the ensemble.
  public static func modifierAdaptation(
    filter: Double, model: Matrix, plants: [Matrix], _ terms: CertificateTerms
  ) throws(CertificateRefusal) -> StabilityCertificate {
    try terms.check()
    guard filter > 0, filter <= 1 else { throw .unsound("a filter of \(filter)") }
    guard !plants.isEmpty else { throw .tooFewMembers(0, least: 1) }
    var (low, high) = (Double.infinity, -Double.infinity)
    for plant in plants {
      guard let values = try? curvatureRatios(model: model, plant: plant) else { throw .unsound("a model without curvature of one sign") }
      (low, high) = (min(low, values[0]), max(high, values[values.count - 1]))
    }
    let ratio = GainRange(low, high)
    guard ratio.sign != nil else { throw .gainSignUnknown(ratio) }
    guard ratio.sign == 1 else { throw .gainSignWrong(ratio) }
    let bound = 2 / filter
    guard high <= share * bound else { throw .insideHalfNotShown(worst: high, bound: bound) }
    return StabilityCertificate(
      loop: terms.loop, subject: .modifierAdaptation(filter: filter, members: plants.count), gain: ratio, delay: 0...0, period: terms.period,
      issued: terms.issued, expires: terms.issued + terms.lifetime, worst: high, bound: bound)
  }

  /// The eigenvalues of Hm⁻¹·Hp in rising order: with −Hm (or Hm) = L·Lᵀ, those of the symmetric L⁻¹·(∓Hp)·L⁻ᵀ.
  ///
  /// - Throws: `degenerate` where Hm is not definite.
  public static func curvatureRatios(model: Matrix, plant: Matrix) throws(LoopStabilityError) -> [Double] {
    precondition(model.rows == model.columns && plant.rows == model.rows && plant.columns == model.rows, "Hessians of different sizes")
    let sign = model[0, 0] < 0 ? -1.0 : 1.0
    let n = model.rows
    guard let l = try? (model * sign).cholesky() else { throw .degenerate(what: "the model's curvature") }
    // L⁻¹·Hp, then (L⁻¹·(L⁻¹·Hp)ᵀ)ᵀ.
    func solved(_ a: Matrix) -> Matrix {
      var x = a
      for j in 0..<n {
        for i in 0..<n {
          for k in 0..<i { x[i, j] -= l[i, k] * x[k, j] }
          x[i, j] /= l[i, i]
        }
      }
      return x
    }
    let inner = solved(solved(plant * sign).transposed)
    guard let eigen = try? inner.symmetricEigen() else { throw .degenerate(what: "the plant's curvature") }
    return eigen.values
  }
}

/// The slope of an iteration u ← T(u), by central differences.
///
/// - Parameters:
///   - steps: the distance of the differences for each variable: as far as a move of the loop goes, so that a rounded or searched optimum shows its
///     slope and not its steps.
///   - map: T.
public func iterationJacobian<Failure: Error>(
  at u: [Double], steps: [Double], _ map: ([Double]) throws(Failure) -> [Double]
) throws(Failure) -> Matrix {
  precondition(steps.count == u.count && steps.allSatisfy { $0 > 0 }, "\(steps.count) steps for \(u.count) variables")
  var jacobian = Matrix(rows: u.count, columns: u.count)
  for j in u.indices {
    var (low, high) = (u, u)
    low[j] -= steps[j]
    high[j] += steps[j]
    let (below, above) = (try map(low), try map(high))
    for i in u.indices { jacobian[i, j] = (above[i] - below[i]) / (2 * steps[j]) }
  }
  return jacobian
}
