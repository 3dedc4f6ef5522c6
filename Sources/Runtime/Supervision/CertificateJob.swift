public import Governance
public import LoopStability
public import PlantModel
public import Quantities
public import Twin

/// Asks the twin whether each loop's feedback shrinks errors, now that it believes what it does; of a foreign loop, what its owner declares.
public struct CertificateJob: Sendable {
  public var twin: Twin
  public var loops: [LoopSpec]
  public var limits: [TagLimit]
  public var now: Instant

  func run() -> [CertificateFinding] { declaring(twin.certificates(for: loops, limits: limits, at: now)) }
}

extension LoopCertificate {
  /// A certificate as the governor holds it.
  ///
  /// - Parameters:
  ///   - revision: of the plant folder.
  ///   - calibration: that it rests on.
  ///   - source: who declared it; nil where the twin computed it.
  public init(_ certificate: StabilityCertificate, revision: String, calibration: String, source: String? = nil) {
    let subject =
      switch certificate.subject {
      case .runToRun(let form, let weight): "run-to-run, \(form.rawValue) form, weight \(weight)"
      case .iteration(let members, let failing, let memory):
        "calibrate, optimise, move: \(members - failing) of \(members) plants that the calibration allows, memory \(memory)"
      case .modifierAdaptation(let filter, let members): "modifier adaptation, filter \(filter), \(members) plants"
      case .coupling(let loops): "loops together: \(loops.joined(separator: ", "))"
      }
    let content = (try? CanonicalJSON.bytes(of: certificate)) ?? []
    self.init(
      loop: certificate.loop, hash: ProofInputs.name(of: content), subject: subject, gain: certificate.gain.low...certificate.gain.high,
      delay: certificate.delay, period: certificate.period, issued: certificate.issued, expires: certificate.expires, worst: certificate.worst,
      bound: certificate.bound, revision: revision, calibration: calibration, source: source)
  }
}
