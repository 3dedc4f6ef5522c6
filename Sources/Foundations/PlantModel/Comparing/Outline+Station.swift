import Probability
import Quantities

// What a station says. What stands at its default adds no line, so that an older folder's outline stays as it was.
extension Outline {
  mutating func describe(_ station: Station, _ path: String) {
    for intake in station.inputs { add("\(path).in.\(intake.buffer)", "\(intake.count)", .structural) }
    describe(station.output, "\(path).out")
    add("\(path).machines", station.machines == 1 ? nil : "\(station.machines)", .structural)
    add("\(path).batch.least", station.batch.map { "\($0.least)" }, .parameter)
    add("\(path).batch.most", station.batch.map { "\($0.most)" }, .parameter)
    add("\(path).cycle", station.cycle)
    for own in station.productCycles { add("\(path).cycle_by_product.\(own.product)", own.cycle) }
    add("\(path).speed.rated", station.speed?.rated, "1/min")
    if let speed = station.speed { describe(speed.setpoint, "\(path).speed", "tag") }
    add("\(path).failure.time_to_failure", station.failure?.timeToFailure)
    add("\(path).failure.repair", station.failure?.repair)
    if let rules = station.failure?.rules { describe(rules, "\(path).failure") }
    add("\(path).microstop.interval", station.microstop?.interval)
    add("\(path).microstop.length", station.microstop?.length)
    if let rules = station.microstop?.rules { describe(rules, "\(path).microstop") }
    describeStops(station, path)
    add("\(path).changeover", station.changeover)
    add("\(path).scrap", plain(station.scrap), .parameter)
    add("\(path).latent_defects", station.latentDefects == 0 ? nil : plain(station.latentDefects), .parameter)
    add("\(path).inspection.sensitivity", station.inspection.map { plain($0.sensitivity) }, .parameter)
    add("\(path).inspection.false_reject", station.inspection.map { plain($0.falseReject) }, .parameter)
    add("\(path).rework.into", station.rework?.into, .structural)
    add("\(path).rework.attempts", station.rework.map { "\($0.attempts)" }, .parameter)
    for need in station.needs { add("\(path).needs.\(need.skill)", "\(need.count)", .parameter) }
    add("\(path).dispatch", station.dispatch == .fifo ? nil : station.dispatch.rawValue, .parameter)
    add("\(path).preempts", station.preempts ? "true" : nil, .parameter)
    add("\(path).power.working", station.power?.working, "kW")
    add("\(path).power.standing", station.power?.standing, "kW")
    add("\(path).power.stopped", station.power?.stopped, "kW")
    add("\(path).power.closed", station.power?.closed, "kW")
    add("\(path).calendar", station.calendar, .parameter)
    for variable in station.processVariables {
      let inner = "\(path).process_variables.\(variable.name)"
      add("\(inner).unit", variable.unit, .structural)
      add("\(inner).tag", variable.tag, .structural)
      if let setpoint = variable.setpoint { describe(setpoint, inner, "setpoint_tag") }
      describe(variable, inner)
      add("\(inner).defects_seen_at", list(variable.defectsSeenAt), .structural)
    }
    for setpoint in station.otherSetpoints {
      let inner = "\(path).setpoints.\(setpoint.tag)"
      add("\(inner).unit", setpoint.unit, .structural)
      describe(setpoint, inner, "tag")
    }
    add("\(path).tags.state", station.tags.state ?? "none", .structural)
    add("\(path).tags.processed", station.tags.processed ?? "none", .structural)
    add("\(path).tags.defective", station.tags.defective ?? "none", .structural)
    add("\(path).tags.speed", station.tags.speed ?? "none", .structural)
  }

  mutating func describe(_ setpoint: SetpointSpec, _ path: String, _ tagKey: String) {
    add("\(path).set", setpoint.design, setpoint.unit)
    add("\(path).low", setpoint.low, setpoint.unit)
    add("\(path).high", setpoint.high, setpoint.unit)
    add("\(path).\(tagKey)", setpoint.tag, .structural)
  }

  private mutating func describe(_ variable: ProcessVariableSpec, _ path: String) {
    add("\(path).defects.optimum", variable.defects?.optimum, variable.unit)
    add("\(path).defects.curvature", variable.defects.map { plain($0.curvature) }, .parameter)
    add("\(path).sensor.resolution", variable.scatter?.resolution, variable.unit)
    add("\(path).sensor.noise", variable.scatter?.noise, variable.unit)
    guard let dynamics = variable.dynamics else { return }
    add("\(path).dynamics.time_constant", seconds(dynamics.timeConstant), .parameter)
    add("\(path).dynamics.standing", dynamics.standing, variable.unit)
    add("\(path).dynamics.standing_time_constant", seconds(dynamics.standingTimeConstant), .parameter)
    add("\(path).dynamics.noise", plain(dynamics.noise), .parameter)
    add("\(path).dynamics.noise_time", seconds(dynamics.noiseTime), .parameter)
  }

  private mutating func describe(_ outlet: Outlet, _ path: String) {
    switch outlet {
    case .buffer(let name): add(path, name, .structural)
    case .sink: add(path, "sink", .structural)
    case .route: add(path, "route", .structural)
    case .chance(let branches): for branch in branches { add("\(path).chance.\(branch.buffer ?? "sink")", plain(branch.share), .structural) }
    case .emptiest(let buffers): add("\(path).emptiest", list(buffers), .structural)
    case .disassembly(let yields):
      for yield in yields {
        let text = yield.product.map { "{count: \(yield.count), product: \($0)}" } ?? "\(yield.count)"
        add("\(path).disassembly.\(yield.buffer ?? "sink")", text, .structural)
      }
    }
  }

  private mutating func describe(_ rules: StopRules, _ path: String) {
    add("\(path).clock", rules.clock == .operating ? nil : rules.clock.rawValue, .parameter)
    add("\(path).work", rules.work == .resumes ? nil : rules.work.rawValue, .parameter)
    add("\(path).needs", rules.need?.text, .parameter)
  }

  private mutating func describeStops(_ station: Station, _ path: String) {
    for stop in station.otherStops {
      let isFailure = stop.kind == .failure
      let inner = "\(path).\(isFailure ? "failures" : "microstops").\(stop.name)"
      add("\(inner).\(isFailure ? "time_to_failure" : "interval")", stop.interval)
      add("\(inner).\(isFailure ? "repair" : "length")", stop.length)
      describe(stop.rules, inner)
    }
    for upkeep in station.upkeep {
      let inner = "\(path).maintenance.\(upkeep.name)"
      switch upkeep.every {
      case .calendar(let time): add("\(inner).every", seconds(time), .parameter)
      case .operating(let time): add("\(inner).every", "\(seconds(time)) operating", .parameter)
      case .parts(let count): add("\(inner).parts", "\(count)", .parameter)
      }
      add("\(inner).length", upkeep.length)
      add("\(inner).needs", upkeep.need?.text, .parameter)
    }
    if let wear = station.wear {
      add("\(path).wear.per_part", wear.perPart.text(unit: "1"), .parameter)
      add("\(path).wear.replace_at", wear.replaceAt, "1")
      add("\(path).wear.replacement", wear.replacement)
      add("\(path).wear.needs", wear.need?.text, .parameter)
      add("\(path).wear.breaks_at", wear.breaksAt, "1")
      add("\(path).wear.breakage", wear.breakage)
      add("\(path).wear.scrap_when_worn", plain(wear.scrapWhenWorn), .parameter)
      add("\(path).wear.scrap_exponent", plain(wear.scrapExponent), .parameter)
      add("\(path).wear.count_tag", wear.countTag, .structural)
    }
    for change in station.setup?.changes ?? [] { add("\(path).setup.matrix.\(change.from).\(change.to)", change.length) }
    add("\(path).setup.initial", station.setup?.initial, .parameter)
    add("\(path).setup.needs", station.setup?.need?.text, .parameter)
  }
}

extension CrewNeed {
  fileprivate var text: String { count == 1 ? skill : "{\(skill): \(count)}" }
}
