/// Which machines can be each other's control in the same minutes.
///
/// Two machines side by side that take from one buffer and give into one are not independent: what the faster takes the other lacks. So they are
/// compared by what each makes in the time that is its own, and not by what passes (docs/judge.md). What would reach through that is refused here:
/// parts that come from one machine to the other, people and tools that serve both, and spoilt parts that are counted elsewhere.
extension Plant {
  /// The stations of these set-points in the plant's order, each with its own in the order of their metrics.
  public func machines(moving tags: [String]) -> [LikeMachine] {
    stations.compactMap { station in
      let own = setpoints(of: station).map(\.tag).filter(tags.contains).sorted { metric($0, station) < metric($1, station) }
      return own.isEmpty ? nil : LikeMachine(station: station.name, tags: own)
    }
  }

  /// Why these machines cannot be each other's control, and what to do about it; nil where they can.
  public func flaw(interleaving machines: [LikeMachine]) -> (problem: String, remedy: String)? {
    let pairs = "write `switchback` instead"
    guard machines.count > 1 else {
      let only = machines.first.map { "`\($0.station)` alone" } ?? "no machine"
      return ("`moves` is about \(only), and `interleave` takes two like machines or more", "add the set-points of its like, or \(pairs)")
    }
    let known = machines.compactMap { machine in station(named: machine.station).map { (machine, $0) } }
    let (first, model) = known[0]
    for (machine, other) in known.dropFirst() {
      if let metric = difference(first, machine) ?? difference(machine, first) {
        return (
          "`moves` names \(metric.has), and not \(metric.lacks): like machines are moved by the same set-points",
          "add \(metric.lacks), or take \(metric.has) out"
        )
      }
      if let unlike = unlikeness(model, other, first.tags, machine.tags) {
        return ("`\(model.name)` and `\(other.name)` are not alike: \(unlike)", "declare them alike if they are; if not, \(pairs)")
      }
    }
    for (_, station) in known {
      if let silent = silence(of: station) {
        return ("`\(station.name)` does not tell \(silent), so what it makes in its own time is not known", "give it that tag, or \(pairs)")
      }
    }
    return interference(among: known.map(\.1), moving: machines.flatMap(\.tags), pairs)
  }

  // MARK: - Alike

  private func setpoints(of station: Station) -> [SetpointSpec] {
    (station.speed.map { [$0.setpoint] } ?? []) + station.processVariables.compactMap(\.setpoint) + station.otherSetpoints
  }

  /// What a tag is called at its machine.
  private func metric(_ tag: String, _ station: Station) -> String {
    tag.hasPrefix("\(station.name)/") ? String(tag.dropFirst(station.name.count + 1)) : tag
  }

  /// A metric that `a` moves and `b` does not.
  private func difference(_ a: LikeMachine, _ b: LikeMachine) -> (has: String, lacks: String)? {
    guard let one = station(named: a.station), let other = station(named: b.station) else { return nil }
    let metrics = b.tags.map { metric($0, other) }
    return a.tags.first { !metrics.contains(metric($0, one)) }.map { ("`\($0)`", "`\(other.name)/\(metric($0, one))`") }
  }

  /// In what two stations differ that like machines have in common, in words.
  private func unlikeness(_ a: Station, _ b: Station, _ aTags: [String], _ bTags: [String]) -> String? {
    if a.cycle != b.cycle || a.productCycles != b.productCycles { return "their `cycle` differs" }
    if a.speed?.rated != b.speed?.rated { return "their `speed.rated` differs" }
    if a.machines != b.machines || a.batch != b.batch { return "one holds more parts at a time than the other" }
    if a.inputs.map(\.count) != b.inputs.map(\.count) { return "they take different numbers of parts" }
    for (aTag, bTag) in zip(aTags, bTags) {
      let (one, other) = (setpoints(of: a).first { $0.tag == aTag }, setpoints(of: b).first { $0.tag == bTag })
      if one?.unit != other?.unit || one?.low != other?.low || one?.high != other?.high { return "the ranges of `\(aTag)` and `\(bTag)` differ" }
    }
    return nil
  }

  private func silence(of station: Station) -> String? {
    if station.tags.processed == nil { return "how many parts it has finished (`tags.processed`)" }
    if station.tags.defective == nil { return "how many it has rejected (`tags.defective`)" }
    if station.tags.state == nil { return "its state (`tags.state`)" }
    return nil
  }

  // MARK: - Interference

  private func interference(among stations: [Station], moving tags: [String], _ pairs: String) -> (problem: String, remedy: String)? {
    let flow = FlowMap(self), names = stations.map(\.name)
    for station in stations {
      if let next = names.first(where: flow.downstream(of: station.name).contains) {
        return (
          next == station.name
            ? "parts of `\(next)` come back to it: what one machine spoils another works on" : "parts of `\(station.name)` come to `\(next)`",
          "interleave machines that stand side by side; for these, \(pairs)"
        )
      }
      if station.latentDefects > 0 {
        return ("`\(station.name)` makes defects that it does not see, and nobody knows later which machine made them", pairs)
      }
      for variable in station.processVariables where variable.setpoint.map({ tags.contains($0.tag) }) ?? false {
        if let place = variable.defectsSeenAt.first(where: { $0 != station.name }) {
          return ("the defects of `\(station.name)`'s `\(variable.name)` are seen at `\(place)`, where nobody knows which machine made them", pairs)
        }
      }
    }
    // Machine interference in the old sense of the word: who serves one lets the other wait.
    for (i, station) in stations.enumerated() {
      for other in stations[(i + 1)...] {
        if let crew = crews.first(where: { serves($0, station) && serves($0, other) }) {
          return (
            "`\(crew.name)` serves `\(station.name)` and `\(other.name)`: one keeps the other waiting",
            "give each its own, or \(pairs)"
          )
        }
      }
    }
    return nil
  }

  /// Whether a crew is needed for the station's work or its short stops. Repairs, set-ups and upkeep are no part of a machine's own time.
  private func serves(_ crew: Crew, _ station: Station) -> Bool {
    let stops = [station.microstop?.rules.need] + station.otherStops.filter { $0.kind == .microstop }.map(\.rules.need)
    return (station.needs + stops.compactMap { $0 }).contains { crew.skills.contains($0.skill) }
  }
}
