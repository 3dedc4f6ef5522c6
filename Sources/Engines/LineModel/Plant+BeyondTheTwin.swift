public import PlantModel
import Quantities

extension Plant {
  /// What of this plant calibration cannot follow, a sentence each; empty where it follows everything.
  ///
  /// Calibration reads one state, two counters and a speed by station, and levels by buffer. It learns one cycle (by product made now), one kind
  /// of failure, one kind of short stop and one share of rejects for each station. The rest stays as the folder declares it, and what such a
  /// thing does to the counters and states is taken for something else, as each sentence says.
  public var beyondTheTwin: [String] {
    stations.flatMap(beyondTheTwin) + beyondTheTwinAtLarge
  }

  private func beyondTheTwin(_ station: Station) -> [String] {
    var sentences: [String] = []
    func add(_ sentence: String) { sentences.append("\(station.name): \(sentence)") }
    if station.machines > 1 { add("its \(station.machines) machines tell one state, so their cycle and their stops are learnt as those of one.") }
    if station.inputs.isEmpty { add("it takes from no buffer, so when it is starved cannot be told.") }
    if station.batch != nil { add("it works in batches, and its cycle is learnt per part.") }
    switch station.output {
    case .buffer, .sink: break
    case .chance, .emptiest, .route: add("its parts go several ways, so levels behind it are known only where they are measured.")
    case .disassembly: add("a part becomes several there, and parts are counted one for one.")
    }
    let rules = [station.failure?.rules, station.microstop?.rules].compactMap { $0 }
    if rules.contains(where: { $0.clock == .calendar || $0.work != .resumes }) {
      add("its stops are learnt by operating time, as if work went on after them.")
    }
    if !station.otherStops.isEmpty { add("stops of every kind are learnt as one: `failures` and `microstops` then count twice.") }
    if !station.upkeep.isEmpty { add("maintenance shows as stops, and is learnt as closures at random moments.") }
    if let wear = station.wear {
      if wear.countTag == nil { add("how worn its tool is is known only once a replacement has been seen: its `wear` has no `count_tag`.") }
      if wear.breaksAt != nil { add("a tool that breaks shows as a failure, and is counted as one.") }
    }
    if station.setup != nil || station.changeover != nil, products.count > 1, !sources.contains(where: { !$0.campaign.isEmpty }) {
      add("set-ups show as closures at random moments, since no `campaign` says when the product changes.")
    }
    if !station.needs.isEmpty { add("waiting for people or tools shows as waiting for parts.") }
    if station.dispatch != .fifo || station.preempts { add("which part it works on is not told, so a forecast starts as if they were all alike.") }
    if station.latentDefects > 0 { add("its latent defects are counted where they are seen; those that escape are not.") }
    for variable in station.processVariables where variable.isCondition(of: station) {
      add("\(variable.name) is learnt from its measurements; a forecast starts with it at its set-point.")
    }
    return sentences
  }

  private var beyondTheTwinAtLarge: [String] {
    var sentences: [String] = []
    if products.contains(where: { !$0.route.isEmpty }) {
      sentences.append("Products by routes: the twin knows one product at a time, the line's, and not which parts lie in which buffer.")
    } else if sources.contains(where: { $0.mix.count > 1 || !$0.orders.isEmpty }) {
      sentences.append("Several products at once: the twin knows one product at a time, the line's.")
    }
    if sources.contains(where: { !$0.orders.isEmpty || $0.limit != nil }) {
      sentences.append("Orders: how many are released already is not told, so a forecast starts with all of them.")
    }
    for name in Set(stations.compactMap(\.calendar)).sorted() where calendar(named: name)?.followsWeek != true {
      sentences.append("Calendar \(name): it counts from a simulation's beginning, so closures are forecast at the rate at which they were seen.")
    }
    if sources.contains(where: { $0.calendar != nil }) {
      sentences.append("Calendars of sources: what was seen of their closed times is forecast once more, at random.")
    }
    for buffer in buffers where buffer.isUnlimited && buffer.levelTag == nil {
      sentences.append("\(buffer.name): it has no limit and no `level_tag`, so how many parts wait there cannot be told.")
    }
    if !transports.isEmpty { sentences.append("Transports: parts on vehicles are not seen, so a forecast starts with empty ones.") }
    if !cardLoops.isEmpty { sentences.append("Cards: which parts hold one is not told, so a forecast starts with all cards free.") }
    if buffers.contains(where: { !$0.accumulates }) {
      sentences.append("Belts that stop as a whole: a forecast starts with their parts arrived at the end.")
    }
    return sentences
  }
}
