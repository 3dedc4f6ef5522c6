import Probability

// What a station does with parts: batches, laws by product, where parts go, whom it needs.
extension PlantResolver {
  mutating func addWork(_ object: ObjectReading, _ path: String, _ station: inout Station) {
    station.machines = object.whole("machines") ?? 1
    station.batch = object.object("batch").map { batch($0, "\(path).batch", of: station) }
    for entry in object.entries("cycle_by_product") {
      let field = "\(path).cycle_by_product.\(entry.key)"
      guard let product = reference(entry.key, "product", among: productNames, at: entry.place, field) else { continue }
      if case .law(let law)? = entry.value?.content { station.productCycles.append(ProductCycle(product: product, cycle: law)) }
    }
    station.productCycles.sort { productNames.firstIndex(of: $0.product) ?? 0 < productNames.firstIndex(of: $1.product) ?? 0 }
    station.rework = object.object("rework").flatMap { inner in
      inner.text("into").flatMap { reference($0, "buffer", among: bufferNames, at: inner.place(of: "into"), "\(path).rework.into") }
        .map { Rework(into: $0, attempts: inner.has("attempts") ? inner.whole("attempts") ?? 1 : 1) }
    }
    station.latentDefects = object.number("latent_defects", or: 0)
    station.needs = needs(object, path)
    station.dispatch = object.text("dispatch").flatMap(DispatchRule.init(rawValue:)) ?? .fifo
    station.preempts = object.flag("preempts") ?? false
    station.power = object.object("power").map {
      let standing = $0.number("standing", or: 0)
      return PowerDraw(
        working: $0.number("working"), standing: standing, stopped: $0.number("stopped", or: standing), closed: $0.number("closed", or: 0))
    }
    station.calendar = calendarName(object, path)
    checkDispatch(object, path, station)
  }

  private mutating func batch(_ object: ObjectReading, _ path: String, of station: Station) -> BatchSize {
    let most = object.whole("most") ?? 1
    let least = object.has("least") ? object.whole("least") ?? 1 : most
    if least > most, object.values["most"] != nil {
      issues.error(object.place(of: "least"), "\(path).least", "`least` is above `most`", "make it at most \(most)")
    }
    if isFlowCertain, station.inputs.count != 1 || station.inputs[0].count != 1 {
      issues.error(
        object.place, path, "`\(station.name)` works in batches, and does not take single parts of one buffer",
        "let it take `in` from one buffer, 1 part each")
    } else if let input = station.inputs.first, isConveyor(input.buffer) {
      issues.error(
        object.place, path, "a batch is gathered in a buffer, and `\(input.buffer)` is a conveyor",
        "let a station or a buffer without `transit` and `headway` stand between")
    } else if let input = station.inputs.first, let capacity = capacity(of: input.buffer), most > capacity {
      issues.error(
        object.place(of: "most"), "\(path).most", "a batch of \(most) never lies in `\(input.buffer)`, which holds \(capacity)",
        "make `most` at most \(capacity), or the buffer larger")
    }
    return BatchSize(least: least, most: most)
  }

  /// A rule for the choice among waiting parts wants single parts of one buffer.
  private mutating func checkDispatch(_ object: ObjectReading, _ path: String, _ station: Station) {
    guard isFlowCertain else { return }
    if station.dispatch != .fifo, station.inputs.count != 1 {
      issues.error(
        object.place(of: "dispatch"), "\(path).dispatch", "`\(station.name)` does not choose among the parts of one buffer",
        "remove `dispatch`, or let it take `in` from one buffer")
    }
    if station.dispatch != .fifo || station.preempts, let input = station.inputs.first(where: { isConveyor($0.buffer) }) {
      let key = station.preempts ? "preempts" : "dispatch"
      issues.error(
        object.place(of: key), "\(path).\(key)", "`\(station.name)` takes from the conveyor `\(input.buffer)`, which lets out only its first part",
        "remove `\(key)`, or let a buffer stand between")
    }
    guard station.preempts else { return }
    let place = object.place(of: "preempts"), field = "\(path).preempts"
    if station.inputs.count != 1 || station.inputs[0].count != 1 {
      issues.error(place, field, "`\(station.name)` does not take single parts of one buffer, so it cannot interrupt one", "remove `preempts`")
    } else if let other = ["batch", "needs", "setup", "changeover"].first(where: object.has) {
      issues.error(
        place, field, "work with `\(other)` cannot be interrupted", "remove `preempts` or `\(other)`")
    } else if capacity(of: station.inputs[0].buffer) == 0 {
      issues.error(place, field, "urgent parts cannot come to `\(station.inputs[0].buffer)`, which holds 0 parts", "give it room")
    } else if productNames.count < 2 {
      issues.error(place, field, "no part has a higher priority than another", "declare `products` with a `priority`, or remove `preempts`")
    }
  }

  // MARK: Where parts go

  mutating func outlet(_ object: ObjectReading, _ path: String) -> Outlet {
    let place = object.place(of: "out"), path = "\(path).out"
    if let rule = object.object("out") { return outlet(rule: rule, at: place, path) }
    guard let out = object.text("out"), out != "sink" else { return .sink }
    if out == "route", !bufferNames.contains(out) { return .route }
    guard let target = reference(out, "buffer", among: bufferNames + ["sink"], at: place, path), target != "sink" else { return .sink }
    return .buffer(target)
  }

  private mutating func outlet(rule: ObjectReading, at place: Place, _ path: String) -> Outlet {
    if rule.has("chance") {
      let entries = rule.entries("chance")
      let branches: [OutletBranch] = entries.compactMap { entry in
        guard let buffer = destination(entry, "\(path).chance") else { return nil }
        guard case .number(let share)? = entry.value?.content else { return nil }
        return OutletBranch(buffer: buffer == "sink" ? nil : buffer, share: share)
      }
      guard branches.count == entries.count else { return .chance(branches) }
      let shares = wholeShares(branches.map(\.share), rule.place(of: "chance"), "\(path).chance")
      return .chance(zip(branches, shares).map { OutletBranch(buffer: $0.buffer, share: $1) })
    }
    if rule.has("emptiest") {
      var buffers: [String] = []
      for reading in rule.list("emptiest") {
        guard let text = reading.text, let buffer = reference(text, "buffer", among: bufferNames, at: reading.place, "\(path).emptiest") else {
          continue
        }
        if buffers.contains(buffer) {
          issues.error(reading.place, "\(path).emptiest", "`\(buffer)` stands twice in `\(path).emptiest`", "keep one of them")
        }
        if capacity(of: buffer) == 0 {
          issues.error(
            reading.place, "\(path).emptiest", "`\(buffer)` holds 0 parts, so it is never the emptiest", "give it room, or write `chance`")
        }
        buffers.append(buffer)
      }
      if rule.values["emptiest"] != nil, rule.list("emptiest").isEmpty {
        issues.error(rule.place(of: "emptiest"), "\(path).emptiest", "`\(path).emptiest` is empty", "name the buffers, e.g. `[B2, B3]`")
        isFlowCertain = false
      }
      return .emptiest(buffers)
    }
    return .disassembly(
      rule.entries("disassembly").compactMap { entry in
        guard let buffer = destination(entry, "\(path).disassembly") else { return nil }
        var yield = OutletYield(buffer: buffer == "sink" ? nil : buffer, count: 1, product: nil)
        switch entry.value?.content {
        case .whole(let count): yield.count = count
        case .object(let inner):
          yield.count = inner.has("count") ? inner.whole("count") ?? 1 : 1
          yield.product = inner.text("product").flatMap {
            reference($0, "product", among: productNames, at: inner.place(of: "product"), "\(path).disassembly.\(entry.key).product")
          }
        default: return nil
        }
        if let capacity = capacity(of: buffer), yield.count > capacity {
          issues.error(
            entry.place, "\(path).disassembly.\(entry.key)", "\(yield.count) parts at once never fit into `\(buffer)`, which holds \(capacity)",
            "make the buffer larger")
        }
        return yield
      })
  }

  /// A buffer or `sink`.
  private mutating func destination(_ entry: EntryReading, _ path: String) -> String? {
    reference(entry.key, "buffer", among: bufferNames + ["sink"], at: entry.place, "\(path).\(entry.key)")
  }
}
