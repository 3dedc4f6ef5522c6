import Probability

extension MinedModel {
  /// What was mined, for people.
  public var text: String {
    switch content {
    case .cases(let model, let state): model.text(state)
    case .line(let line, let state): line.text(state)
    }
  }
}

/// A length of time for people: `12.3 s`, `4.1 min`, `2.5 h`, `3.2 d`.
func lengthText(_ seconds: Double) -> String {
  switch abs(seconds) {
  case ..<120: "\(LogBacktestReport.short(seconds)) s"
  case ..<7200: "\(LogBacktestReport.short(seconds / 60)) min"
  case ..<172_800: "\(LogBacktestReport.short(seconds / 3600)) h"
  default: "\(LogBacktestReport.short(seconds / 86_400)) d"
  }
}

func percentText(_ share: Double) -> String { "\(LogBacktestReport.short((share * 1000).rounded() / 10)) %" }

extension LawBelief {
  /// `gamma, mean 4.1 min, cv 0.32 (212 seen, 3 cut off)`.
  var text: String {
    let cut = censored > 0 ? ", \(censored) cut off" : ""
    return "\(family), mean \(lengthText(law.mean)), cv \(LogBacktestReport.short((law.cv * 1000).rounded() / 1000)) (\(completions) seen\(cut))"
  }
}

extension CaseModel {
  func text(_ state: CaseState) -> String {
    let rate = Double(arrivals.cases) / arrivals.exposure * 86_400
    let open = state.open.reduce(0) { $0 + 1 - $1.chanceOfEnd }
    var lines = [
      "\(cases) cases, \(events) events; about \(LogBacktestReport.short(open)) cases open now",
      "arrivals: \(LogBacktestReport.short(rate)) a day, variance over mean of a day \(LogBacktestReport.short(arrivals.dispersion))",
      "routing: strength of the count of visits \(strength(1)), of the activity before \(strength(2))",
      "waits: \(percentText(1 - waits.all.immediateShare)) of steps wait; " + (waits.all.law.map { $0.text } ?? "no law")
        + "; correlation within a case \(LogBacktestReport.short((waits.caseCorrelation * 100).rounded() / 100))", "activities:",
    ]
    for (i, activity) in activities.enumerated() {
      var parts = [activity.duration?.text ?? "an instant"]
      if let kind = waits.targets.indices.contains(i) ? waits.targets[i] : nil, let law = kind.law {
        parts.append("wait before it \(lengthText(law.law.mean)) in \(percentText(1 - kind.immediateShare)) of steps")
      }
      if let effect = activity.quantity {
        parts.append(
          "\(lengthText(effect.setup)) + \(lengthText(effect.perPiece)) a piece of \(effect.attribute) explain \(percentText(effect.explained))")
      }
      lines.append("  \(activity.name): \(parts.joined(separator: "; "))")
    }
    lines.append("pools:")
    for pool in pools {
      let names = pool.activities.map { activities[$0].name }.joined(separator: ", ")
      lines.append(
        "  \(names): \(pool.members.count) resources, at most \(pool.capacity) at once"
          + (pool.isBottleneck ? "; cases queue for it" : "; waits do not end with its work"))
    }
    return lines.joined(separator: "\n")
  }

  private func strength(_ level: Int) -> String {
    routing.strengths[level].map(LogBacktestReport.short) ?? "none, it does not pay"
  }
}

extension SensorLine {
  func text(_ state: SensorLineState) -> String {
    let inside = state.links.reduce(0) { $0 + $1.count } + state.stations.reduce(0) { $0 + $1.parts.count }
    var lines = ["\(items) items, \(passages) passages; \(inside) items in the line now"]
    for source in sources {
      let made = source.interval.indices.compactMap { c in
        source.interval[c].map {
          "\(classes[c]) every \(lengthText($0.law.mean))" + (source.campaigns[c].isEmpty ? "" : ", campaigns of \(sizes(source.campaigns[c]))")
        }
      }
      let ceiling = source.ceiling.map { ceiling in
        "; stops at \(LogBacktestReport.short(ceiling.level)) in the line" + (ceiling.counter.map { " by \($0)" } ?? "")
      }
      lines.append("source \(nodes[source.node]): \(made.joined(separator: "; "))\(ceiling ?? "")")
    }
    for link in links {
      var parts = ["\(link.count) times", "travel \(lengthText(link.travel.law.mean))"]
      if let service = link.service { parts.append("work \(service.text)") }
      if !link.isOrdered { parts.append("items overtake") }
      if let capacity = link.capacity {
        parts.append("holds \(LogBacktestReport.short(capacity.min() ?? 0)) to \(LogBacktestReport.short(capacity.max() ?? 0))")
      }
      if let gate = link.gate { parts.append("a gate opens every \(lengthText(gate.interval.law.mean))") }
      lines.append("link \(nodes[link.from]) → \(nodes[link.to]): \(parts.joined(separator: ", "))")
    }
    for assembly in assemblies {
      let made = classes.indices.filter { assembly.sizes[$0] > 0 }.map { "\(assembly.sizes[$0]) \(classes[$0])" }.joined(separator: " or ")
      lines.append("assembly \(nodes[assembly.intake]) → \(nodes[assembly.output]): \(made); \(assembly.process.text)")
    }
    for branch in branches {
      let way = "\(nodes[branch.node]) → \(nodes[links[branch.aside].to])"
      let young = share(branch.youngAside, branch.youngOn)
      if let since = branch.since {
        let old = share(branch.oldAside, branch.oldOn)
        lines.append("branch \(way): \(young), and \(old) where more than \(lengthText(branch.threshold)) have passed since \(nodes[since])")
      } else {
        lines.append("branch \(way): \(young)")
      }
    }
    for stop in breaks {
      lines.append(
        "stops at \(nodes[stop.node]) (\(stop.signal ?? "no signal")): \(lengthText(stop.pause.law.mean)) after \(lengthText(stop.working.law.mean)) of work"
      )
    }
    return lines.joined(separator: "\n")
  }

  private func share(_ aside: Int, _ on: Int) -> String { percentText(aside + on > 0 ? Double(aside) / Double(aside + on) : 0) }

  private func sizes(_ campaigns: [Int]) -> String {
    let (low, high) = (campaigns.min() ?? 0, campaigns.max() ?? 0)
    return low == high ? "\(low)" : "\(low) to \(high)"
  }
}
