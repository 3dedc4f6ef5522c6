/// An optimum on the move, in a straight line over time.
struct Drift: Sendable {
  var machine: Int
  var variable: Int
  var begin: Double
  var seconds: Double
  var from: Double
  var by: Double
}

extension ReferencePlant {
  /// One event of the timeline takes place.
  mutating func happen(_ event: TimelineEvent) {
    log("event", [.init("at_h", .number(event.atHours)), .init("text", .text(event.text))])
    for change in event.changes {
      switch change {
      case .wear(let station, let wear):
        let i = index(ofStation: station)
        let was = machines[i].truth.wear
        machines[i].truth.wear = wear
        logParameter("\(station).wear.slow", was: was.slow, now: wear.slow)
        logParameter("\(station).wear.scrap", was: was.scrap, now: wear.scrap)
        logParameter("\(station).wear.always", was: was.always, now: wear.always)
      case .optimum(let station, let variable, let by, let overHours):
        let i = index(ofStation: station)
        guard let v = machines[i].variables.firstIndex(where: { $0.truth.name == variable }) else {
          preconditionFailure("\(station) has no \(variable)")
        }
        let from = machines[i].variables[v].truth.effect.optimum
        drifts.append(Drift(machine: i, variable: v, begin: now, seconds: overHours * 3600, from: from, by: by))
        if overHours == 0 { followDrifts() }
      case .freeze(let tag):
        guard let t = tags.firstIndex(where: { $0.name == tag }) else { continue }  // not observed
        tags[t].isFrozen = true
      }
    }
  }

  /// Moves what drifts to where it is now; called at every scan.
  mutating func followDrifts() {
    for k in drifts.indices.reversed() {
      let d = drifts[k]
      let share = d.seconds > 0 ? min(1, (now - d.begin) / d.seconds) : 1
      machines[d.machine].variables[d.variable].truth.effect.optimum = d.from + d.by * share
      if share == 1 {
        let station = machines[d.machine].truth
        logParameter("\(station.name).\(station.variables[d.variable].name).optimum", was: d.from, now: d.from + d.by)
        drifts.remove(at: k)
      }
    }
  }

  private mutating func logParameter(_ name: String, was: Double, now value: Double) {
    log("param", [.init("param", .text(name)), .init("was", .rounded(was, 6)), .init("now", .rounded(value, 6))])
  }

  private func index(ofStation name: String) -> Int {
    guard let i = machines.firstIndex(where: { $0.truth.name == name }) else { preconditionFailure("no station \(name)") }
    return i
  }
}
