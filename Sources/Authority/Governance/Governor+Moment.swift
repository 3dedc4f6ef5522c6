internal import Quantities
internal import Telemetry

extension Governor {
  /// What the governor knows without a fact.
  struct Moment: Sendable {
    var readings: [String: Reading] = [:]
    /// A takeover or halt was ordered; set before it is recorded.
    var stopped = false
    /// Tokens whose `write` effect was emitted in this life.
    var sent: Set<WriteToken> = []
    var gatewayOpen = false
    /// When the open change's proof was last asked for.
    var proofAsked: Instant?
    var evidenceAsked: Instant?
    /// The latest evidence, for the stage or probation that it was asked for.
    var evidence: Evidence?
    /// Since when the open change's readings have been bad, and why.
    var troubleSince: Instant?
    /// Notices that were given, so that each is given once.
    var noticed: Set<String> = []

    /// A good reading never goes back in time; a bad one counts at once.
    mutating func take(_ reading: Reading, of tag: String) {
      if let known = readings[tag], known.instant > reading.instant, reading.quality == .good { return }
      readings[tag] = reading
    }

    /// A new question for a new stage.
    mutating func forgetQuestions() { (proofAsked, evidenceAsked, evidence, troubleSince) = (nil, nil, nil, nil) }
  }
}
