import OutputAnalysis

extension HTMLReport {
  /// Figures in tables: stations, buffers, and what else the line has.
  var tables: [(title: String, says: String, body: String)] { Self.tables(of: study) }

  private static func share(_ estimate: Estimate) -> String { Number.interval(100 * estimate.mean, 100 * estimate.halfWidth) }
  private static func plain(_ estimate: Estimate) -> String { Number.interval(estimate.mean, estimate.halfWidth) }

  private static func tables(of study: LineStudy) -> [(title: String, says: String, body: String)] {
    var tables = [
      (title: "Key figures by station", says: "ISO 22400-2, in percent unless said otherwise.", body: stationTable(study)),
      (title: "Buffers", says: "", body: bufferTable(study)),
    ]
    if study.products.count > 1 {
      tables.append(
        (
          "Products", "",
          HTML.table(["Product", "Good /h", "Scrapped /h"], study.products.map { [$0.name, plain($0.goodPerHour), plain($0.scrappedPerHour)] })
        ))
    }
    if !study.orders.isEmpty { tables.append(("Orders", "Instants count from the start of the run.", orderTable(study))) }
    var busy: [[String]] = study.crews.map { ["crew \($0.name)", "\(share($0.busy)) %", "of its present time"] }
    busy += study.transports.map {
      [
        "way \($0.name)", plain($0.busy),
        "vehicles on it; \($0.tripsPerHour.map(plain) ?? "—") trips and \($0.partsPerHour.map(plain) ?? "—") parts an hour",
      ]
    }
    busy += study.cardLoops.map { ["cards \($0.name)", plain($0.busy), "cards in use"] }
    if !busy.isEmpty { tables.append(("People, vehicles, cards", "", HTML.table(["Name", "Busy", ""], busy, left: [0, 2]))) }
    if study.stations.contains(where: { $0.power != nil }) {
      tables.append(
        ("Energy", "", HTML.table(["Station", "Mean power, kW"], study.stations.compactMap { s in s.power.map { [s.name, plain($0)] } })))
    }
    return tables
  }

  private static func stationTable(_ study: LineStudy) -> String {
    let hasSetups = study.stations.contains { $0.figures.setupRatio.mean > 0 }
    let hasRework = study.stations.contains { $0.figures.reworkRatio.mean > 0 }
    let header =
      [
        "Station", "OEE", "Availability", "Effectiveness", "Quality", "Parts /h", "Allocation efficiency", "Utilisation efficiency",
        "Technical efficiency", "Scrap",
      ]
      + (hasSetups ? ["Set-up ratio"] : []) + (hasRework ? ["Rework"] : [])
    func mean(_ estimate: Estimate) -> String { Number.fixed(100 * estimate.mean, 1) }
    return HTML.table(
      header,
      study.stations.map { station in
        let f = station.figures
        return [station.name] + [f.oee, f.availability, f.effectiveness, f.qualityRatio].map(share) + [plain(f.throughputRate)]
          + [f.allocationEfficiency, f.utilisationEfficiency, f.technicalEfficiency, f.scrapRatio].map(mean)
          + (hasSetups ? [mean(f.setupRatio)] : []) + (hasRework ? [mean(f.reworkRatio)] : [])
      })
  }

  private static func bufferTable(_ study: LineStudy) -> String {
    HTML.table(
      ["Buffer", "Capacity", "Mean level", "Most", "Mean wait"],
      study.buffers.map { b in
        [b.name, b.capacity.map { "\($0)" } ?? "no limit", plain(b.meanLevel), "\(b.mostParts)", Number.duration(b.meanWait.mean)]
      })
  }

  private static func orderTable(_ study: LineStudy) -> String {
    HTML.table(
      ["Order", "Product", "Parts", "Done at", "Due", "Late by", "Done", "In time"],
      study.orders.map { o in
        [
          o.name, o.product, "\(o.quantity)", o.completed.map { Number.duration($0.mean) } ?? "—", o.due.map(Number.duration) ?? "—",
          o.tardiness.map { Number.duration($0.mean) } ?? "—", "\(Number.fixed(100 * o.doneShare, 0)) %",
          o.inTimeShare.map { "\(Number.fixed(100 * $0, 0)) %" } ?? "—",
        ]
      }, left: [0, 1])
  }
}
