internal import Determinism
internal import LineModel
internal import LinearAlgebra
public import LoopStability
public import PlantModel
public import Quantities

extension Twin {
  /// What a set-point loop must show before it may act by itself: that calibrating on what its own moves made, optimising, and moving shrinks
  /// errors, for at least 95 in 100 of the plants that the posterior allows, with 95 % confidence (`SetpointIteration`).
  ///
  /// Pure; nothing is simulated. Ask again when the calibration has changed or the certificate has run out.
  ///
  /// - Parameters:
  ///   - limits: the envelope's.
  ///   - settling: time in which the line's counts answer a set-point.
  ///   - lifetime: of the certificate.
  ///   - most: draws that are used, the first of the posterior.
  /// - Throws: why there is none. A twin that has not calibrated has one draw, or none, and is refused.
  public func certificate(
    for loop: LoopSpec, limits: [TagLimit], at now: Instant, settling: Duration = .minutes(5), lifetime: Duration = .hours(24), most: Int = 128
  ) throws(CertificateRefusal) -> StabilityCertificate {
    let terms = Self.terms(loop.name, [loop], now, settling, lifetime)
    let draws = Array(calibration.draws.prefix(most))
    guard draws.count >= 2 else { throw .tooFewMembers(draws.count, least: StabilityCertificate.leastMembers) }
    let iteration = iteration(of: [loop], draws: draws, limits: limits)
    guard !iteration.tags.isEmpty else { throw .unsound("\(loop.name) moves nothing that the twin knows to act") }
    return try .iteration(jacobians: iteration.jacobians, memory: share(of: terms.period), tolerance: .init(), terms)
  }

  /// Whether loops may act in one time, although they move, or learn from, the same stations: small gain over the slopes of all together, for as
  /// many plants as one loop's certificate speaks for.
  ///
  /// - Throws: why not.
  public func coupling(
    of loops: [LoopSpec], limits: [TagLimit], at now: Instant, settling: Duration = .minutes(5), lifetime: Duration = .hours(24), most: Int = 128
  ) throws(CertificateRefusal) -> StabilityCertificate {
    let draws = Array(calibration.draws.prefix(most))
    guard draws.count >= 2 else { throw .tooFewMembers(draws.count, least: StabilityCertificate.leastMembers) }
    let iteration = iteration(of: loops, draws: draws, limits: limits)
    // Errors are measured in shares of each tag's range, so that loops in different units can be compared.
    let ranges = iteration.tags.map { tag in limits.first { $0.tag == tag }.map { max($0.high - $0.low, 1e-9) } ?? 1 }
    let places = loops.map { loop in iteration.tags.indices.filter { loop.moves.contains(iteration.tags[$0]) } }
    let moved = places.flatMap { $0 }
    guard Set(moved).count == moved.count else { throw .unsound("two of these loops move one tag") }
    let members = iteration.jacobians.map { jacobian -> LoopCoupling? in
      guard var scaled = jacobian else { return nil }
      for i in ranges.indices { for j in ranges.indices { scaled[i, j] *= ranges[j] / ranges[i] } }
      return try? LoopCoupling(loops: loops.map(\.name), jacobian: scaled, variables: places)
    }
    let name = loops.map(\.name).joined(separator: " + ")
    return try LoopCoupling.certificate(of: members, tolerance: .init(), Self.terms(name, loops, now, settling, lifetime))
  }

  /// The certificates of a plant's loops, in their order, or why there is none.
  ///
  /// Loops that are certified one by one are looked at together: one whose moves drive an earlier one, or are driven by it, beyond small gain has none.
  /// What a foreign program does with what it sees nobody here knows.
  public func certificates(for loops: [LoopSpec], limits: [TagLimit], at now: Instant) -> [CertificateFinding] {
    var kept: [LoopSpec] = []
    return loops.map { loop in
      do throws(CertificateRefusal) {
        guard loop.isBuiltIn else {
          throw .unsound(
            "what its program makes of what it sees is not known, so its feedback is not either; its owner can declare it (`feedback`)")
        }
        let certificate = try certificate(for: loop, limits: limits, at: now)
        if !kept.isEmpty { _ = try coupling(of: kept + [loop], limits: limits, at: now) }
        kept.append(loop)
        return CertificateFinding(loop: loop.name, result: .success(certificate))
      } catch {
        return CertificateFinding(loop: loop.name, result: .failure(error))
      }
    }
  }

  private func iteration(of loops: [LoopSpec], draws: [LineParameters], limits: [TagLimit]) -> SetpointIteration {
    // Evidence that halves in h weighs as much as h/ln 2 of it undimmed.
    SetpointIteration(
      plant: plant, draws: draws, moves: Array(Set(loops.flatMap(\.moves))), limits: limits, base: setpoints,
      scrapHours: configuration.scrapHalfLife.hours / Self.ln2, stopHours: configuration.stopHalfLife.hours / Self.ln2)
  }

  /// The share that one period has in what is believed: scrap is what moves set-points and fades fastest.
  private func share(of period: Duration) -> Double {
    min(1, max(1e-3, -Portable.expm1(-Self.ln2 * (period / configuration.scrapHalfLife))))
  }

  private static let ln2 = 0.69314718055994530942

  private static func terms(
    _ name: String, _ loops: [LoopSpec], _ now: Instant, _ settling: Duration, _ lifetime: Duration
  ) -> CertificateTerms {
    CertificateTerms(
      loop: name, period: loops.map { period(of: $0) }.min() ?? .zero, settling: settling, issued: now, lifetime: lifetime)
  }

  /// The least time from one move of a loop to the next: it is asked once in its cadence, and a change of its own must be through first.
  private static func period(of loop: LoopSpec) -> Duration {
    max(loop.cadence, loop.rollout.shadow + loop.rollout.dwell * Double(max(1, loop.rollout.steps.count)))
  }
}

/// A loop's certificate, or why it has none.
public struct CertificateFinding: Sendable, Hashable {
  public var loop: String
  public var result: Result<StabilityCertificate, CertificateRefusal>
  public init(loop: String, result: Result<StabilityCertificate, CertificateRefusal>) { (self.loop, self.result) = (loop, result) }
}
