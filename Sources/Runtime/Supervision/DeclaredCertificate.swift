import LoopStability
import PlantModel
import Quantities
import Twin

extension FeedbackSpec {
  /// The certificate of a loop of which this is declared: inside half of the exact bound of the declared world.
  ///
  /// - Throws: why the declared world has none.
  func certificate(of loop: LoopSpec, at now: Instant) throws(CertificateRefusal) -> StabilityCertificate {
    let form: RunToRunLoop.Form =
      switch self.form {
      case .integral: .integral
      case .matched: .matched
      }
    return try .runToRun(
      form, weight: weight, modelGain: 1, plantGain: GainRange(gainLow, gainHigh), delay: delayLow...delayHigh,
      CertificateTerms(loop: loop.name, period: period, settling: settling, issued: now, lifetime: .hours(24)))
  }
}

extension CertificateJob {
  /// The twin's findings, with declared certificates where a loop's owner declares its feedback.
  ///
  /// How such a loop and another drive each other nobody declares. So it has none where another certified loop moves something on the same station.
  func declaring(_ findings: [CertificateFinding]) -> [CertificateFinding] {
    var certified = zip(loops, findings).filter { (try? $1.result.get()) != nil }.map(\.0)
    return zip(loops, findings).map { loop, finding in
      guard !loop.isBuiltIn, let feedback = loop.feedback else { return finding }
      do throws(CertificateRefusal) {
        let certificate = try feedback.certificate(of: loop, at: now)
        if let other = certified.first(where: { !Self.stations(of: $0).isDisjoint(with: Self.stations(of: loop)) }) {
          throw .unsound("\(other.name) moves the same station, and how the two drive each other is not declared")
        }
        certified.append(loop)
        return CertificateFinding(loop: loop.name, result: .success(certificate))
      } catch {
        return CertificateFinding(loop: loop.name, result: .failure(error))
      }
    }
  }

  private static func stations(of loop: LoopSpec) -> Set<Substring> { Set(loop.moves.compactMap { $0.split(separator: "/").first }) }
}
