internal import Quantities
internal import Telemetry

extension Governor {
  /// What the governor knows without a fact.
  struct Moment: Sendable {
    var readings: [String: Reading] = [:]
    /// The envelope's properties, monitored on what the governor has read; nil where it has none.
    var watch: EnvelopeWatch?
    /// How they stand now.
    var properties: [PropertyState] = []
    /// A takeover or halt was ordered; set before it is recorded.
    var stopped = false
    /// When the gateway opened in this life; nil before.
    var opened: Instant?
    /// About the open change, and about the settled one on probation.
    var open = Questions()
    var probation = Questions()
    /// The newest change that no decoy follows.
    var noDecoyAfter: ChangeID?
    /// Notices that were given, so that each is given once.
    var noticed: Set<String> = []

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

  /// Questions under way about one subject: a stage, a proof, a probation.
  struct Questions: Sendable {
    private var subject = ""
    /// When the proof, the evidence was last asked for.
    var proofAsked: Instant?
    var evidenceAsked: Instant?
    /// What the judge says of the latest evidence, and until when the evidence reaches.
    var judgement: (verdict: Judgement, until: Instant)?
    /// Since when readings have been bad.
    var troubleSince: Instant?

    /// A new subject forgets the answers to the old one.
    mutating func turn(to subject: String) {
      if subject != self.subject { self = Questions(subject: subject) }
    }
  }
}
