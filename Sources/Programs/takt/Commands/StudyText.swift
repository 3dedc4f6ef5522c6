import OutputAnalysis
import Reports

/// A study as plain text for a terminal.
struct StudyText {
  private let study: LineStudy
  init(_ study: LineStudy) { self.study = study }

  func print() { for line in lines() { Swift.print(line) } }

  func lines() -> [String] {
    var lines: [String] = []
    let about = study.about
    lines.append(
      "\(about.plant) (\(about.path)): \(about.replications) replications of \(hours(about.span)) after \(hours(about.warmUp)) of warm-up"
        + "\(about.warmUpRule == "given" ? "" : " (\(about.warmUpRule))"), \(about.events) events, 95 % intervals")
    lines += study.remarks.map { Style.colour(.yellow, "note: \($0)") }
    lines.append("")
    lines += table(study.figures.map { [$0.name, interval($0.estimate), $0.unit] }, header: ["LINE", "MEAN", ""])
    let share = study.bottleneck.share.map { ", \(fixed(100 * $0, 0)) % of the time" } ?? ""
    lines += [
      "",
      "bottleneck  \(Style.colour(.bold, study.bottleneck.station))\(share)\(study.bottleneck.isClear ? "" : " (it wanders)"), by the \(study.bottleneck.rule)",
      "",
    ]
    let shown = study.losses.losses.filter { $0.share.mean.magnitude >= 0.0005 }.prefix(12)
    lines += table(
      shown.map { [$0.cause, fixed(100 * $0.share.mean, 2), interval($0.perHour), $0.group.rawValue] },
      header: ["LOSSES OF \(study.losses.constraint.uppercased())", "% OF ITS TIME", "PARTS PER HOUR", "KIND"])
    let rest = study.losses.losses.count - shown.count
    if rest > 0 { lines.append("and \(rest) smaller") }
    lines += ["", "ideal \(interval(study.losses.ideal)) per hour, good \(interval(study.losses.good)) per hour", ""]
    lines += states()
    lines += [""] + keyFigures()
    lines += [""] + buffers()
    lines += details()
    if !study.variants.isEmpty { lines += [""] + variants() }
    return lines
  }

  private func states() -> [String] {
    let shown = StationCondition.allCases.filter { state in study.stations.contains { $0.share(state) > 0.0005 } }
    return table(
      study.stations.map { station in [station.name] + shown.map { fixed(100 * station.share($0), 1) } },
      header: ["STATION, % OF TIME"] + shown.map { $0.words.uppercased() })
  }

  private func keyFigures() -> [String] {
    table(
      study.stations.map { station in
        let f = station.figures
        return [station.name] + [f.oee, f.availability, f.effectiveness, f.qualityRatio, f.utilisationEfficiency].map { fixed(100 * $0.mean, 1) }
          + [fixed(f.throughputRate.mean, 1), fixed(station.meanActivePeriod, 0)]
      },
      header: ["STATION, ISO 22400", "OEE %", "AVAILABILITY %", "EFFECTIVENESS %", "QUALITY %", "UTILISATION %", "PARTS/H", "ACTIVE PERIOD S"])
  }

  private func buffers() -> [String] {
    table(
      study.buffers.map { [$0.name, interval($0.meanLevel), $0.capacity.map { "\($0)" } ?? "none", "\($0.mostParts)", fixed($0.meanWait.mean, 1)] },
      header: ["BUFFER", "MEAN LEVEL", "CAPACITY", "MOST", "MEAN WAIT S"])
  }

  private func details() -> [String] {
    var lines: [String] = []
    if study.products.count > 1 {
      lines +=
        [""]
        + table(
          study.products.map { [$0.name, interval($0.goodPerHour), interval($0.scrappedPerHour)] }, header: ["PRODUCT", "GOOD/H", "SCRAPPED/H"])
    }
    if !study.crews.isEmpty {
      lines += [""] + table(study.crews.map { [$0.name, interval($0.busy, times: 100)] }, header: ["CREW", "BUSY %"])
    }
    if !study.transports.isEmpty {
      lines +=
        [""]
        + table(
          study.transports.map {
            [$0.name, fixed($0.busy.mean, 2), $0.tripsPerHour.map { fixed($0.mean) } ?? "—", $0.partsPerHour.map { fixed($0.mean) } ?? "—"]
          },
          header: ["WAY", "VEHICLES ON IT", "TRIPS/H", "PARTS/H"])
    }
    if !study.cardLoops.isEmpty {
      lines += [""] + table(study.cardLoops.map { [$0.name, interval($0.busy)] }, header: ["CARDS", "IN USE"])
    }
    if !study.orders.isEmpty {
      lines +=
        [""]
        + table(
          study.orders.map { o in
            [
              o.name, o.product, "\(o.quantity)", fixed(100 * o.doneShare, 0), o.completed.map { fixed($0.mean / 3600, 2) } ?? "—",
              o.due.map { fixed($0 / 3600, 2) } ?? "—", o.tardiness.map { fixed($0.mean / 3600, 2) } ?? "—",
              o.inTimeShare.map { fixed(100 * $0, 0) } ?? "—",
            ]
          }, header: ["ORDER", "PRODUCT", "PARTS", "DONE %", "DONE AT H", "DUE H", "LATE H", "IN TIME %"])
    }
    return lines
  }

  private func variants() -> [String] {
    table(
      study.variants.map { v in
        let verdict = !v.isSignificant ? "no difference seen" : v.gain.mean > 0 ? "better" : "worse"
        return [
          v.name, interval(v.goodPerHour), (v.gain.mean > 0 ? "+" : "") + interval(v.gain),
          (v.leadTimeGain.mean > 0 ? "+" : "") + fixed(v.leadTimeGain.mean / 60, 2),
          v.bottleneck, verdict,
        ]
      }, header: ["VARIANT", "GOOD/H", "GAIN/H", "LEAD TIME MIN", "BOTTLENECK", "VERDICT"])
      + [
        "gains against the line as it stands on common random numbers; \(study.variants.count == 1 ? "95 % interval" : "all intervals hold together at 95 % (Bonferroni)")"
      ]
  }

  private func table(_ rows: [[String]], header: [String]) -> [String] { TextTable(header: header, rows: rows).lines() }

  private func hours(_ seconds: Double) -> String { "\(fixed(seconds / 3600, seconds.truncatingRemainder(dividingBy: 3600) == 0 ? 0 : 2)) h" }

  /// A mean and its half-width with the decimals that the half-width is worth.
  private func interval(_ estimate: Estimate, times factor: Double = 1) -> String {
    let (mean, half) = (factor * estimate.mean, factor * estimate.halfWidth)
    let varies = half.isFinite && half > abs(mean) * 1e-9
    var (decimals, size) = (0, varies ? half : abs(mean) / 500)
    while decimals < 6, size < 9.5, size > 0 { (decimals, size) = (decimals + 1, size * 10) }
    return varies ? "\(fixed(mean, decimals)) ± \(fixed(half, decimals))" : fixed(mean, decimals)
  }
}
