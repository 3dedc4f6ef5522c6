import Quantities
import Telemetry

extension LineSynchroniser {
  /// Learns from what lies between the closed past and `time`, and writes down what had to be put right.
  mutating func learn(upTo time: Double, _ history: Trajectory) {
    for sample in history.cycles { evidence.cycles[sample.station].learn(sample.seconds) }
    for note in history.notes {
      record(note)
      doubt.note(note, flow)
    }
    let contradictions = history.notes.count { $0.law == .sensor }
    for b in layout.buffers.indices where evidence.beats[b].phase != nil { unexplained.look((time - closed) / flow.scan) }
    unexplained.contradict(contradictions)
    for s in layout.stations.indices {
      learn(evidence.counts[s], .missedCount, s, upTo: time)
      learn(evidence.rejects[s], .missedReject, s, upTo: time)
      learnStates(s, upTo: time)
    }
  }

  private mutating func learn(_ journal: CountJournal, _ law: Correction.Law, _ s: Int, upTo time: Double) {
    var i = max(journal.raw.firstIndex(after: closed), 1)
    while i < journal.count, journal.time(i) <= time {
      let parts = journal.totals[i] - journal.totals[i - 1]
      if journal.bridged[i] {
        record(.init(law: .counterBridged, place: .station(s), parts: parts, from: journal.time(i - 1), to: journal.time(i)))
      } else if parts > 0 {
        evidence.path.count(parts: parts)
        if parts > 1 { record(.init(law: law, place: .station(s), parts: parts - 1, from: journal.time(i - 1), to: journal.time(i))) }
      }
      i += 1
    }
  }

  private mutating func learnStates(_ s: Int, upTo time: Double) {
    let entries = evidence.states[s].told.entries
    var i = evidence.states[s].told.firstIndex(after: closed)
    while i < entries.count, entries[i].time <= time {
      if i > 0, entries[i].value.isWaiting, entries[i - 1].value.allowsWork, !entries[i - 1].value.isWaiting, layout.stations[s].machines == 1,
        let finish = evidence.states[s].lastFinish(before: entries[i].time), finish > entries[i - 1].time
      {
        evidence.hesitations[s].note(entries[i].time - finish)
      }
      if let seconds = failures[s].follow(entries[i].value, at: entries[i].time) { repairs[s].learn(seconds) }
      if i > 0 {
        let missing = PackMLOrder.missing(from: entries[i - 1].value, to: entries[i].value)
        if !missing.isEmpty {
          record(
            .init(law: .stateOrder, place: .station(s), parts: missing.count, from: entries[i - 1].time, to: entries[i].time), states: missing)
        }
      }
      i += 1
    }
  }
}
