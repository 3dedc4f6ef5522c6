internal import PlantModel
public import Quantities

/// No loop closes without a certificate: one that has none, or whose certificate is refused, has run out or was voided, is in shadow at once,
/// whatever authority it has earned. Certified again it has that authority back; what it lost by its deeds it has to earn.
///
/// What is on the plant by then stays to be judged: it is one move, and the judge bounds it. What waits is rejected.
extension Governor {
  /// How a loop's stability stands.
  public func certificate(of loop: String, at now: Instant) -> CertificateStanding {
    guard let record = state.certificate(of: loop) else { return .none("it has not been certified yet") }
    if let flaw = record.flaw { return .none(flaw) }
    guard let certificate = record.certificate else { return .none("it has not been certified yet") }
    guard certificate.revision == state.revision else { return .none("it was certified on another plant revision") }
    guard certificate.isLive(at: now), !moment.hasOutlived(certificate) else { return .none("its certificate has run out") }
    return .live(certificate)
  }

  /// What the certifying side found.
  mutating func note(_ certificate: LoopCertificate, _ turn: inout Turn) {
    let now = turn.instant
    guard plan.loop(certificate.loop) != nil, certificate.revision == plan.revision else { return }
    guard certificate.isSound else { return refuseCertificate(of: certificate.loop, "its certificate holds numbers that make no sense", &turn) }
    if let until = state.certificate(of: certificate.loop)?.barredUntil, now < until { return }
    // A live one is renewed once it has passed a quarter of its life: the ledger is no log of every calibration.
    if case .live(let standing) = self.certificate(of: certificate.loop, at: now),
      now - standing.issued < (standing.expires - standing.issued) * 0.25
    {
      return
    }
    turn.record(.certificateIssued(certificate: certificate))
  }

  /// A loop cannot be certified now: nothing older holds either. Said once, until another reason or a certificate comes.
  func refuseCertificate(of loop: String, _ reason: String, _ turn: inout Turn) {
    guard plan.loop(loop) != nil else { return }
    let record = state.certificate(of: loop)
    let isBarred = record?.barredUntil.map { turn.instant < $0 } ?? false
    guard !isBarred, record?.flaw != reason else { return }
    turn.record(.certificateRefused(loop: loop, reason: reason))
  }

  /// The running loop left the world that its certificate names: void, and none counts for a while.
  func voidCertificate(of loop: String, _ reason: String, _ turn: inout Turn) {
    guard case .live(let certificate) = certificate(of: loop, at: turn.instant) else { return }
    turn.record(.certificateVoided(loop: loop, certificate: certificate.hash, reason: reason, barredUntil: turn.instant + plan.rules.quarantine))
    turn.effects.append(.notice(Notice(.alarm, change: nil, "\(loop) falls to shadow: \(reason)")))
  }

  /// Certificates that have run out since are written down as such.
  func retireCertificates(_ turn: inout Turn) {
    for record in state.certificates ?? [] where record.flaw == nil {
      guard let certificate = record.certificate, turn.instant >= certificate.expires || moment.hasOutlived(certificate) else { continue }
      turn.record(.certificateVoided(loop: record.loop, certificate: certificate.hash, reason: "its certificate has run out", barredUntil: nil))
    }
  }
}

extension Governor.Moment {
  /// Whether a certificate has outlived itself by the clock that cannot be set: a plant clock that was set back, or stands, lets none live longer.
  func hasOutlived(_ certificate: LoopCertificate) -> Bool {
    if distrusted.contains(certificate.hash) { return true }
    guard let since = certified[certificate.hash], let elapsed else { return false }
    return elapsed - since >= certificate.expires - certificate.issued
  }

  /// Every certificate ages from when it was first seen in this life.
  mutating func follow(_ records: [CertificateRecord]) {
    guard let elapsed else { return }
    for record in records {
      if let hash = record.certificate?.hash, certified[hash] == nil { certified[hash] = elapsed }
    }
  }
}
