public import Quantities

/// A supervised loop, as `takt ps` lists it.
public struct LoopView: Sendable, Hashable, Codable {
  public enum Status: String, Sendable, Hashable, Codable, CaseIterable {
    case starting, running, waiting, backingOff, stopped, killed, failed
  }
  public enum Authority: String, Sendable, Hashable, Codable, CaseIterable {
    case shadow, advisory, supervised, closedLoop
  }
  public var name: String
  /// Nil while no process runs.
  public var pid: Int?
  public var status: Status
  /// Why it is in this status, where there is something to say.
  public var reason: String?
  public var authority: Authority
  /// The highest authority that the envelope allows here.
  public var ceiling: Authority
  public var cadence: Duration
  /// Deadlines missed and restarts since Takt started.
  public var deadlineMisses: Int
  public var restarts: Int
  /// Share of one core, 0…, and resident bytes; nil where the system does not tell.
  public var cpu: Double?
  public var memory: Int?
  public var lastProposal: Instant?
  /// What it last answered, e.g. `no change worth its risk`.
  public var lastAnswer: String?
  public var record: TrackRecordView
  /// Whether it may close, as far as its stability goes; without one it is in shadow, whatever it has earned.
  public var certificate: CertificateView?
  /// The authority that its record carries; `authority` is what its certificate and the envelope leave of it.
  public var earned: Authority?

  public init(
    name: String, pid: Int?, status: Status, reason: String? = nil, authority: Authority, ceiling: Authority, cadence: Duration,
    deadlineMisses: Int, restarts: Int, cpu: Double? = nil, memory: Int? = nil, lastProposal: Instant? = nil, lastAnswer: String? = nil,
    record: TrackRecordView, certificate: CertificateView? = nil, earned: Authority? = nil
  ) {
    (self.certificate, self.earned) = (certificate, earned)
    (self.name, self.pid, self.status, self.reason) = (name, pid, status, reason)
    (self.authority, self.ceiling, self.cadence) = (authority, ceiling, cadence)
    (self.deadlineMisses, self.restarts, self.cpu, self.memory) = (deadlineMisses, restarts, cpu, memory)
    (self.lastProposal, self.lastAnswer, self.record) = (lastProposal, lastAnswer, record)
  }
}

/// A loop's stability certificate, or why it has none.
public struct CertificateView: Sendable, Hashable, Codable {
  public var isLive: Bool
  /// Why there is none.
  public var reason: String?
  /// The loop gain's interval, dimensionless: 1 corrects an error whole.
  public var gainLow: Double?
  public var gainHigh: Double?
  /// Share of the bound that the worst case uses, at most ½.
  public var share: Double?
  /// The least time from one move to the next.
  public var period: Duration?
  public var issued: Instant?
  public var expires: Instant?
  public var hash: String?
  /// Who says so where nobody computed it: `declared by NAME`; nil where the twin did.
  public var source: String?
  public init(
    isLive: Bool, reason: String? = nil, gainLow: Double? = nil, gainHigh: Double? = nil, share: Double? = nil, period: Duration? = nil,
    issued: Instant? = nil, expires: Instant? = nil, hash: String? = nil, source: String? = nil
  ) {
    (self.isLive, self.reason, self.gainLow, self.gainHigh) = (isLive, reason, gainLow, gainHigh)
    (self.share, self.period, self.issued, self.expires, self.hash) = (share, period, issued, expires, hash)
    self.source = source
  }
}

/// How many of a loop's scored claims held.
public struct TrackRecordView: Sendable, Hashable, Codable {
  public var hits: Int
  public var total: Int
  public init(hits: Int, total: Int) { (self.hits, self.total) = (hits, total) }
}

/// One line of a loop's log.
public struct LogLineView: Sendable, Hashable, Codable {
  public var instant: Instant
  public var text: String
  public init(instant: Instant, text: String) { (self.instant, self.text) = (instant, text) }
}
