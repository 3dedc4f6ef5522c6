internal import Quantities
internal import Telemetry

extension Governor {
  /// What the governor knows without a fact.
  struct Moment: Sendable {
    var readings: [String: Reading] = [:]
    /// Whose clock is not believed.
    var doubt = ClockDoubt()
    /// The envelope's properties, monitored on what the governor has read; nil where it has none.
    var watch: EnvelopeWatch?
    /// How they stand now.
    var properties: [PropertyState] = []
    /// A takeover or halt was ordered; set before it is recorded.
    var stopped = false
    /// When the gateway opened in this life; nil before.
    var opened: Instant?
    /// What a clock that cannot be set shows (see `GovernorInput.elapsed`); nil before it was told.
    var elapsed: Duration?
    /// The newest change whose age is not known, or will not be known after a start.
    var ageless: ChangeID?
    /// How long the newest change has lived.
    private(set) var life = Life()
    /// About the open change, and about the settled one on probation.
    var open = Questions()
    var probation = Questions()
    /// The newest change that no decoy follows.
    var noDecoyAfter: ChangeID?
    /// When each certificate was first seen in this life, by hash, on the clock that cannot be set.
    var certified: [String: Duration] = [:]
    /// Certificates of an earlier life whose age is not known, by hash.
    var distrusted: Set<String> = []
    /// Notices that were given, so that each is given once.
    var noticed: Set<String> = []

    /// Keeps the age of the newest change by both clocks.
    mutating func follow(_ newest: Proposal, at now: Instant) {
      if life.change != newest.id { life = Life(change: newest.id, before: now - newest.created) }
      if life.since == nil { life.since = elapsed }
    }

    /// Whether a change that nothing was written of has outlived its proposal, by the older of its two ages.
    ///
    /// Where it seems to have been proposed in the future, the plant's clock was set back while nobody looked: its age is not known, and what
    /// is not known never passes.
    func hasExpired(_ proposal: Proposal, at now: Instant) -> Bool {
      if now > proposal.expires || now < proposal.created || proposal.id == ageless { return true }
      guard life.change == proposal.id, let since = life.since, let elapsed else { return false }
      return life.before + (elapsed - since) > proposal.expires - proposal.created
    }

    /// A good reading never goes back in time; a bad one counts at once.
    mutating func take(_ reading: Reading, of tag: String) {
      if let known = readings[tag], known.instant > reading.instant, reading.quality == .good { return }
      readings[tag] = reading
    }

    /// What a write's read-back says, whichever way round it and the reading itself arrive: else the value from before the write would
    /// look like somebody else's hand.
    mutating func see(_ readBack: Double, of tag: String, at now: Instant) {
      readings[tag] = Reading(value: readBack, quality: .good, instant: readings[tag]?.instant ?? now)
    }
  }

  /// The age of one change: what it was by the plant's clock when we first saw it in this life, and since when another clock counts.
  struct Life: Sendable {
    var change: ChangeID?
    var before = Duration.zero
    var since: Duration?
  }

  /// What questions are about.
  enum Subject: Hashable, Sendable {
    case proof(ChangeID)
    case shadow(ChangeID, since: Instant)
    case stage(ChangeID, Int, started: Instant, reached: Instant?)
    case hold(ChangeID, since: Instant)
    case wayBack(ChangeID)
    case probation(ChangeID, since: Instant)
  }

  /// Questions under way about one subject: a stage, a proof, a probation.
  struct Questions: Sendable {
    private var subject: Subject?
    /// When the proof, the evidence was last asked for.
    var proofAsked: Instant?
    var evidenceAsked: Instant?
    /// From when on it counts, by the clock that cannot be set; nil before that was told.
    private(set) var since: Duration?
    /// What the judge says of the latest evidence, and until when the evidence reaches.
    var judgement: (verdict: Judgement, until: Instant)?
    /// Since when readings have been bad.
    var troubleSince: Instant?

    /// A new subject forgets the answers to the old one.
    mutating func turn(to subject: Subject) {
      if subject != self.subject { self = Questions(subject: subject) }
    }

    /// The clock that cannot be set shows this: a subject counts from the first that it is told.
    mutating func pass(to elapsed: Duration) { if since == nil { since = elapsed } }

    /// Whether the subject has stood for a span by the clock that cannot be set, too. After a restart it counts from then: nobody knows for how
    /// long nobody looked.
    func hasStood(for span: Duration, until elapsed: Duration?) -> Bool {
      guard let elapsed else { return true }
      return since.map { elapsed - $0 >= span } ?? false
    }
  }
}
