import Telemetry
import Testing

@testable import Synchronisation

private func journal(_ states: [(Double, MachineState)]) -> StateJournal {
  var journal = StateJournal(heartbeat: 60, scan: 5)
  for (time, state) in states { _ = journal.insert(state, at: time) }
  // A counter that is told again on the beat.
  for time in [3.0, 63, 123, 183, 243] { journal.heartbeats.note(time) }
  return journal
}

@Suite struct StateJournalTests {
  @Test func whoCountsSeveralPiecesHasGoneOnForAsLong() {
    // Broken down from 100 on; that it went on was lost, and at 200 its counter tells of three pieces of ten seconds.
    var states = journal([(0, .execute), (100, .aborted)])
    states.noteFinish(of: 3, at: 200, cycle: 10)
    #expect(states.worked(from: 100, to: 200) == 25)
    // The first two are told late.
    states.noteFinish(of: 1, at: 180.5, cycle: 10)
    states.noteFinish(of: 1, at: 200, cycle: 10)
    #expect(states.worked(from: 100, to: 200) == 24.5)
  }

  @Test func aLostStopHasNotBegunBeforeTheLastPiece() {
    // Held is missing before Unholding.
    var states = journal([(0, .execute), (100, .unholding), (101, .execute)])
    #expect(states.worked(from: 0, to: 100) == 50)
    states.noteFinish(of: 1, at: 80, cycle: 10)
    #expect(states.worked(from: 0, to: 100) == 90)
  }

  @Test func aStopToldOnTheBeatBeganAHeartbeatBefore() {
    let onBeat = journal([(0, .execute), (193, .stopped)])
    #expect(onBeat.worked(from: 100, to: 193) == 30.5)
    let offBeat = journal([(0, .execute), (192, .stopped)])
    #expect(offBeat.worked(from: 100, to: 192) == 92)
  }

  @Test func aStopToldOnTheBeatSoonAfterAnotherWordBeganThen() {
    // A break begins at the full minute: had it begun before, the machine would not have told at 188 that it works.
    let states = journal([(0, .execute), (188, .execute), (193, .stopped)])
    #expect(states.worked(from: 100, to: 193) == 93)
    #expect(states.firstOrderlyStop(after: 100, upTo: 200) == 193)
    #expect(journal([(0, .execute), (193, .stopped)]).firstOrderlyStop(after: 100, upTo: 200) == nil)
  }

  @Test func anOrderlyStopComesAfterWork() {
    // The Stopped of a repair is none.
    let states = journal([(0, .execute), (50, .aborted), (70, .stopped), (76, .execute), (90, .completing)])
    #expect(states.firstOrderlyStop(after: 10, upTo: 100) == nil)
    #expect(states.firstOrderlyStop(after: 76, upTo: 100) == 90)
  }

  @Test func waitingToldAgainOffTheBeatMeansThatItWorkedBetween() {
    let states = journal([(0, .suspended), (63, .suspended), (101.5, .suspended)])
    #expect(states.repeatedOffBeat(at: 63) == nil)
    #expect(states.repeatedOffBeat(at: 101.5) == 63)
    #expect(states.firstWait(after: 10, upTo: 100) == nil && states.firstWait(after: 10, upTo: 110) == 101.5)
  }
}
