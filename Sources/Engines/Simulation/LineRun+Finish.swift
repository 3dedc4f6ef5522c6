import EventKernel

/// What a replication leaves.
extension LineRun {
  /// The result at the horizon.
  consuming func finish(at horizon: Double, warmUp: Double) -> LineResult {
    book(until: horizon)
    noteCurve(before: .infinity)
    let span = horizon - warmUp
    return LineResult(
      seed: seed, replication: replication, span: span, good: tally.good, scrapped: tally.scrapped, escapes: tally.escapes,
      stations: compiled.line.stations.indices.map { stationResult($0) },
      buffers: (0..<buffers.count).map { bufferResult($0, span) },
      sources: (0..<feeds.count).map {
        SourceResult(name: compiled.line.sources[$0].name, delivered: feeds[$0].delivered, lost: feeds[$0].lost)
      },
      leadTime: tally.leadTime.spread,
      products: compiled.line.products.enumerated().map { p, product in
        ProductResult(name: product.name, good: products[p].good, scrapped: products[p].scrapped, leadTime: products[p].leadTime.spread)
      },
      orders: orderResults(), crews: crewResults(), transports: transportResults(),
      cardLoops: (0..<cards.count).map { CardLoopResult(name: compiled.line.cardLoops[$0].name, meanInUse: span > 0 ? cards[$0].area / span : 0) },
      curve: curve, departures: departures, final: finalState(), balance: balance(), deadlock: deadlock(), events: events, memory: bytes,
      trace: traces
        ? LineTrace(entries: trace, isCut: trace.count == LineTrace.limit, stations: (0..<machineCount).map { Int(machines[$0].station) }) : nil,
      engine: .events)
  }

  private func balance() -> PartBalance {
    var balance = flow
    for s in 0..<feeds.count { balance.delivered += feeds[s].delivered }
    (balance.left, balance.scrapped, balance.after) = (tally.good + tally.escapes, tally.scrapped, partsInLine)
    return balance
  }

  /// Parts in buffers, in machines and on vehicles; a kit counts as one.
  var partsInLine: Int {
    var parts = 0
    for b in 0..<buffers.count { parts += buffers[b].queue.count }
    for v in 0..<vehicles.count where vehicles[v].phase == .hauling { parts += Int(vehicles[v].load) }
    for i in 0..<machineCount {
      let e = Int(machines[i].extra)
      if e < 0 {
        parts += machines[i].holdsPart || machines[i].phase == .blocked ? 1 : 0
      } else {
        let inWork = extras[e].batchMost > 0 ? Int(extras[e].held) : 1
        let isCollecting = extras[e].batchMost == 0 && extras[e].missing < extras[e].needed
        parts += (machines[i].holdsPart ? inWork : isCollecting ? 1 : 0) + Int(extras[e].outs + extras[e].shelved)
      }
    }
    return parts
  }

  /// Bytes of the run's state.
  private var bytes: Int {
    var queues = 0
    for b in 0..<buffers.count { queues += buffers[b].queue.bytes + buffers[b].entries.bytes }
    let machinery = machines.bytes + modes.bytes + extras.bytes + buffers.bytes + feeds.bytes + dice.bytes + values.bytes + times.bytes
    let rest = held.bytes + outs.bytes + shelf.bytes + duties.bytes + conditions.bytes + vehicles.bytes + loads.bytes
    return machinery + rest + queues + calendar.bytes
  }

  private func stationResult(_ s: Int) -> StationResult {
    let spec = compiled.line.stations[s]
    var result = StationResult(
      name: spec.name, produced: 0, rejected: 0, times: StateTimes(working: 0, starved: 0, blocked: 0, failed: 0, microstopped: 0, closed: 0),
      activePeriods: 0)
    for i in compiled.firstMachine[s]..<compiled.firstMachine[s + 1] {
      result.produced += machines[i].produced
      result.rejected += machines[i].rejected
      result.activePeriods += Int(machines[i].activePeriods)
      if machines[i].extra >= 0 {
        result.reworked += Int(extras[Int(machines[i].extra)].reworked)
        result.setups += Int(extras[Int(machines[i].extra)].setups)
      }
      let t = i * Account.count
      result.times.working += times[t + Int(Account.working)]
      result.times.starved += times[t + Int(Account.starved)]
      result.times.blocked += times[t + Int(Account.blocked)]
      result.times.failed += times[t + Int(Account.failed)]
      result.times.microstopped += times[t + Int(Account.microstopped)]
      result.times.closed += times[t + Int(Account.closed)]
      result.times.setup += times[t + Int(Account.setup)]
      result.times.maintenance += times[t + Int(Account.maintenance)]
      result.times.waiting += times[t + Int(Account.waiting)]
    }
    result.energy = spec.power.map { $0.energy(of: result.times) }
    return result
  }

  private func bufferResult(_ b: Int, _ span: Double) -> BufferResult {
    let buffer = buffers[b]
    let taken = buffer.taken - buffer.takenBefore
    return BufferResult(
      name: compiled.line.buffers[b].name, meanLevel: span > 0 ? (buffer.area(at: now) - buffer.areaBefore) / span : 0, mostParts: buffer.peak,
      taken: taken,
      waited: buffer.waited - buffer.waitedBefore, meanWait: taken > 0 ? (buffer.waits - buffer.waitsBefore) / Double(taken) : 0)
  }

  private func orderResults() -> [OrderResult] {
    compiled.line.sources.enumerated().flatMap { s, source in
      source.orders.enumerated().map { k, order in
        let tally = orders[compiled.firstOrder[s] + k]
        return OrderResult(
          name: order.name, product: order.product, quantity: order.quantity, good: tally.good, scrapped: tally.scrapped,
          completed: tally.completed >= 0 ? tally.completed : nil, due: order.due.isFinite ? order.due : nil)
      }
    }
  }

  private func crewResults() -> [CrewResult] {
    (0..<crews.count).map {
      CrewResult(name: compiled.line.crews[$0].name, utilisation: crews[$0].presentTime > 0 ? crews[$0].busyTime / crews[$0].presentTime : 0)
    }
  }

  private func transportResults() -> [TransportResult] {
    (0..<ways.count).map { t in
      var busy = ways[t].busy
      for v in 0..<vehicles.count where vehicles[v].phase != .idle && Int(vehicles[v].way) == t { busy += now - vehicles[v].since }
      return TransportResult(name: compiled.line.transports[t].name, trips: ways[t].trips, parts: ways[t].parts, busy: busy)
    }
  }

  private func finalState() -> LineState {
    var state = LineState(
      levels: (0..<buffers.count).map { buffers[$0].queue.count },
      stations: (0..<machineCount).map { i in
        let m = machines[i]
        // `run` has counted the time to the pending event as worked off.
        let ahead = m.phase == .working && !m.isHalted ? m.pendingTime - now : 0
        let condition: StationState.Condition =
          switch m.phase {
          case .idle where m.downs > 0, .moving where m.downs > 0, .waiting where m.downs > 0, .working where m.downs > 0: calendarStop(m)
          case .idle, .moving: .idle
          // A part that waits for people or for a set-up is in work for no time yet.
          case .waiting, .working: m.holdsPart ? .working(elapsed: m.activity == .work ? max(0, m.partWork - m.work - ahead) : 0) : .idle
          case .blocked: .blocked
          case .stopped:
            modes[Int(m.mode)].account == Account.microstopped
              ? .microstopped(elapsed: now - m.stoppedAt, holdsPart: m.holdsPart) : .failed(elapsed: now - m.stoppedAt, holdsPart: m.holdsPart)
          }
        func age(_ k: Int) -> Double {
          let mode = modes[Int(m.firstMode) + k]
          return !mode.at.isFinite || (m.phase == .stopped && Int(m.mode) == Int(m.firstMode) + k) ? 0 : max(0, m.operated - ahead - mode.from)
        }
        var station = StationState(condition: condition, sinceFailure: age(0), sinceMicrostop: age(1))
        if m.extra >= 0 {
          let extra = extras[Int(m.extra)]
          if compiled.line.products.count > 1 { station.product = extra.lastProduct >= 0 ? Int(extra.lastProduct) : Int(m.part.product) }
          station.wear = extra.wear
        }
        return station
      })
    if compiled.line.products.count > 1 { state.products = (0..<buffers.count).map { kinds(in: $0) } }
    return state
  }

  /// The products of the parts in a buffer, as they stand one after the other.
  private func kinds(in b: Int) -> [CampaignRun] {
    var runs: [CampaignRun] = []
    for k in 0..<buffers[b].queue.count {
      let product = Int(buffers[b].queue[k].product)
      if let last = runs.indices.last, runs[last].product == product {
        runs[last].quantity += 1
      } else {
        runs.append(CampaignRun(product: product, quantity: 1))
      }
    }
    return runs
  }
}

extension LineRun {
  /// The stop by the calendar that a machine is in.
  private func calendarStop(_ m: Machine) -> StationState.Condition {
    for mode in Int(m.firstMode)..<Int(m.firstMode + m.modeCount) where modes[mode].slot >= 0 && modes[mode].isUnderWay {
      let elapsed = now - modes[mode].began
      return modes[mode].account == Account.microstopped
        ? .microstopped(elapsed: elapsed, holdsPart: m.holdsPart) : .failed(elapsed: elapsed, holdsPart: m.holdsPart)
    }
    return .idle
  }
}

extension PowerSpec {
  /// Kilowatt hours over machine seconds by state.
  func energy(of times: StateTimes) -> Energy {
    Energy(
      working: working * times.working / 3600, standing: standing * (times.starved + times.blocked + times.waiting) / 3600,
      stopped: stopped * (times.failed + times.microstopped + times.setup + times.maintenance) / 3600, closed: closed * times.closed / 3600)
  }
}
