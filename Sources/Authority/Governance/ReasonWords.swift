extension RollbackReason {
  /// Why, in a sentence: the judge's own words where it has spoken, else the reason and what is known of it.
  public func told(_ detail: String) -> String {
    switch self {
    case .harm, .claimFailed, .inconclusive, .noEvidence, .stageTimedOut: detail.isEmpty ? words : detail
    default: detail.isEmpty || detail == words ? words : "\(words): \(detail)"
    }
  }

  /// In words, for people.
  public var words: String {
    switch self {
    case .harm: "it did harm"
    case .claimFailed: "its claim failed"
    case .inconclusive: "nothing was decided in time"
    case .noEvidence: "there was nothing to judge by"
    case .stageTimedOut: "its set-points did not arrive in time"
    case .writeFailed: "a write failed"
    case .holdTimedOut: "what held it did not end in time"
    case .tooManyHolds: "it was held too often"
    case .byPerson: "undone by a person"
    case .takenOver: "a person took over"
    case .halted: "Takt was halted"
    case .revisionChanged: "the plant folder changed"
    case .foreignMovement: "somebody else moved its set-points"
    case .interrupted: "Takt stopped in the middle of a write"
    case .harmOnProbation: "it did harm after it was kept"
    }
  }
}

extension RevokeReason {
  /// In words, for people.
  public var words: String {
    switch self {
    case .revisionChanged: "the plant folder changed"
    case .loopRemoved: "its loop is gone"
    case .takenOver: "a person took over"
    case .halted: "Takt was halted"
    case .twinInvalid: "the twin is not valid any more"
    case .setpointMoved: "a set-point moved before its first write"
    case .superseded: "what it was proposed on top of went back"
    case .holdTimedOut: "what held it did not end in time"
    }
  }
}
