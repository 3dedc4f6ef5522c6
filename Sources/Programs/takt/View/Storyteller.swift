import Foundation
import Governance
import Quantities
import Synchronization

/// Prints what a person at the terminal wants to follow: a line for each fact that moves the story on, none for bookkeeping.
final class Storyteller: Sendable {
  private let isQuiet: Bool
  private let twinWasValid = Mutex<Bool?>(nil)

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  func tell(_ fact: Fact) {
    guard !isQuiet, matters(fact) else { return }
    let who = fact.change.map { " \($0)" } ?? ""
    print("\(fact.at.iso8601.prefix(19))Z \(mark(fact))\(who): \(fact.summary)")
    // Piped output would else be held back until a block is full.
    fflush(nil)
  }

  private func matters(_ fact: Fact) -> Bool {
    switch fact.what {
    case .twinStatusChanged(let status):
      return twinWasValid.withLock { was in
        defer { was = status.valid }
        return was != status.valid
      }
    case .gatewayOpened, .revisionAdopted, .loopRegistered, .changeProven, .envelopeChecked, .changeArmed, .writeIntended, .stageReached, .armReached,
      .changeAcknowledged,
      .probationEnded:
      return false
    case .stageJudged(_, _, let judgement): return judgement.verdict != .continue
    default: return true
    }
  }

  private func mark(_ fact: Fact) -> String {
    switch fact.what {
    case .changeSettled, .writeConfirmed, .changeReleased: Style.colour(.green, "✓")
    case .rollbackStarted, .loopDemoted, .writeFailed, .writeRefused, .changeHeld, .loopCrashed: Style.colour(.red, "!")
    case .takenOver, .halted: Style.colour(.yellow, "■")
    default: "·"
    }
  }
}
