extension Refusal {
  /// What a person can do about it, in words that follow the detail; nil where the detail says it all.
  public var advice: String? {
    switch reason {
    case .outsideLimits, .coupledLimit, .noAdmissiblePoint: "choose a value inside, or ask the safety role to change envelope.yaml"
    case .noLimit: "only what has limits in envelope.yaml can be written"
    case .implausible: "check the unit; if it is meant, go there in several changes"
    case .wrongUnit: "write the value in the tag's own unit, or in one that converts to it"
    case .tooSlow: "propose a smaller move; envelope.yaml says how far a tag may go in an hour"
    case .anotherChangeOpen: "one change at a time: wait (takt propose --wait), or end that one (takt reject, takt rollback)"
    case .notAutomatic: "whoever has the plant gives it back with takt rearm, after a halt with takt resume"
    case .twinInvalid: "nothing can be proven meanwhile; takt top says how the twin stands"
    case .wrongRevision: "the plant folder has changed; propose it again"
    case .quarantined: "the same move went back a short while ago; try another, or wait"
    case .tooManyChanges: "wait, or ask the safety role to change max_changes_per_hour in envelope.yaml"
    case .envelopeNotAccepted: "the safety role accepts it with takt envelope --accept"
    case .irreversible: "a person does that at the machine; envelope.yaml says which tags these are"
    case .nothingToMove: "the set-point stands there already"
    case .staleReading: "takt top says what telemetry is missing"
    case .setpointMoved, .driftExceeded, .unknownLoop, .notFinite, .claimNotPositive, .tagNotAllowed, .noProof, .weakProof, .envelopeNotClean,
      .rollbackInadmissible, .shadowOnly, .uncertified, .byPerson, .decoy:
      nil
    }
  }

  /// Detail and advice in one sentence.
  public var sentence: String { advice.map { "\(detail); \($0)" } ?? detail }
}
