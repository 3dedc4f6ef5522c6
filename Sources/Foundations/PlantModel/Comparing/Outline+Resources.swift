import Probability
import Quantities

// What is made, who works, who drives, and when. What stands at its default adds no line.
extension Outline {
  mutating func describe(_ source: Source, _ path: String) {
    add("\(path).into", source.into, .structural)
    if source.orders.isEmpty {
      add("\(path).lot", "\(source.lot)", .parameter)
      add("\(path).interval", source.interval)
    }
    for share in source.mix { add("\(path).mix.\(share.product)", plain(share.share), .parameter) }
    for run in source.campaign { add("\(path).campaign.\(run.product)", "\(run.quantity)", .parameter) }
    for order in source.orders {
      let parts = [
        order.product.map { "product: \($0)" }, "quantity: \(order.quantity)", "release: \(seconds(order.release))",
        order.due.map { "due: \(seconds($0))" },
      ]
      add("\(path).orders.\(order.name)", "{\(parts.compactMap { $0 }.joined(separator: ", "))}", .parameter)
    }
    add("\(path).limit", source.limit.map { "\($0)" }, .parameter)
    add("\(path).overflow", source.isLossy ? "lost" : nil, .structural)
    add("\(path).interruption.interval", source.interruption?.interval)
    add("\(path).interruption.length", source.interruption?.length)
    add("\(path).calendar", source.calendar, .parameter)
  }

  mutating func describeResources(_ plant: Plant) {
    add("products", plant.products.isEmpty ? nil : list(plant.products.map(\.name)), .structural)
    for product in plant.products {
      let path = "products.\(product.name)"
      add("\(path).priority", product.priority == 0 ? nil : "\(product.priority)", .parameter)
      add("\(path).route", product.route.isEmpty ? nil : list(product.route.map(\.buffer)), .structural)
      for (i, step) in product.route.enumerated() { add("\(path).route[\(i)].cycle", step.cycle) }
    }
    add("starts", plant.starts == .zero ? nil : ClosedSpan.weekText(plant.starts.seconds), .parameter)
    for calendar in plant.calendars { add("calendars.\(calendar.name)", calendar.text, .parameter) }
    for crew in plant.crews {
      let path = crew.kind == .tool ? "tools.\(crew.name)" : "crews.\(crew.name)"
      add("\(path).count", "\(crew.count)", .parameter)
      if crew.skills != [crew.name] { add("\(path).skills", list(crew.skills), .structural) }
      add("\(path).calendar", crew.calendar, .parameter)
    }
    for fleet in plant.fleets { add("fleets.\(fleet.name).vehicles", "\(fleet.vehicles)", .parameter) }
    for transport in plant.transports {
      let path = "transports.\(transport.name)"
      add("\(path).fleet", transport.fleet, .structural)
      add("\(path).from", transport.from, .structural)
      add("\(path).to", transport.to, .structural)
      add("\(path).load", "\(transport.load)", .parameter)
      add("\(path).least", "\(transport.least)", .parameter)
      add("\(path).approach", transport.approach)
      add("\(path).haul", transport.haul)
    }
    for loop in plant.cardLoops {
      let path = "cards.\(loop.name)"
      add("\(path).cards", "\(loop.cards)", .parameter)
      add("\(path).taken_by", list(loop.stations + loop.sources), .structural)
      add("\(path).back_at", loop.until ?? "sink", .structural)
    }
  }
}

extension WorkCalendar {
  /// The closed spans, by days and hours where the calendar follows the week.
  fileprivate var text: String {
    let spans = closed.map { span in
      followsWeek
        ? "\(ClosedSpan.weekText(span.start))-\(ClosedSpan.weekText(span.end))" : "\(plain(span.start)) s - \(plain(span.end)) s"
    }
    let repeats = period.map { " every \(plain($0.hours)) h" } ?? ""
    return closed.isEmpty ? "always open" : "closed \(list(spans))\(repeats)"
  }
}

extension ClosedSpan {
  /// `Mon 06:00`.
  fileprivate static func weekText(_ second: Double) -> String {
    let minute = Int((second / 60).rounded(.down)), day = minute / 1440 % 7
    func two(_ x: Int) -> String { x < 10 ? "0\(x)" : "\(x)" }
    return "\(ClockText.weekdays[day]) \(two(minute / 60 % 24)):\(two(minute % 60))"
  }
}
