import OutputAnalysis

/// The line: stations with their share of time in each state, buffers filled to their mean level, and the flow between them.
enum LineDrawing {
  static func drawing(of study: LineStudy) -> String {
    let plan = LinePlan(study)
    var svg = SVG()
    svg.add(
      "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"6\" markerHeight=\"6\" orient=\"auto\"><path d=\"M0,0 L8,4 L0,8 z\" class=\"arrow\"/></marker></defs>"
    )
    for station in study.stations {
      let box = plan.stations[station.name]!
      for name in station.inputs { if let from = plan.buffers[name] { flow(&svg, from, box, plan, plan.row[name], plan.row[station.name]) } }
      for name in station.outputs {
        guard let to = plan.buffers[name] else { continue }
        if plan.back.contains([station.name, name]) {
          let lane = plan.laneBelow[plan.row[station.name]!]
          svg.path(
            "M\(SVG.n(box.x + box.width / 2)),\(SVG.n(box.y + box.height)) V\(SVG.n(lane)) H\(SVG.n(to.x + to.width / 2)) V\(SVG.n(to.y + to.height + 32))",
            "flow", arrow: true)
        } else {
          flow(&svg, box, to, plan, plan.row[station.name], plan.row[name])
        }
      }
      if station.outputs.isEmpty {
        svg.path("M\(SVG.n(box.right)),\(SVG.n(box.middle)) H\(SVG.n(box.right + 24))", "flow", arrow: true)
        svg.label(box.right + 28, box.middle + 4, "out", "small")
      }
    }
    for (i, source) in study.sources.enumerated() {
      guard let to = plan.buffers[source.into] else { continue }
      let above = 13 * Double(study.sources.prefix(i).count { $0.into == source.into })
      if to.x < LinePlan.lead + LinePlan.gap {
        let start = max(2, to.x - 52)
        svg.path("M\(SVG.n(start)),\(SVG.n(to.middle)) H\(SVG.n(to.x - 1))", "flow", arrow: true)
        svg.label(start, to.middle - 8 - above, short(source.name, 8), "small")
      } else {
        // Between stations there is no room to its left.
        svg.label(to.x + to.width / 2, to.y - 19 - above, "▾ \(short(source.name, 12))", "small", anchor: "middle")
      }
    }
    for buffer in study.buffers {
      for name in buffer.carriedTo {
        guard let from = plan.buffers[buffer.name], let to = plan.buffers[name] else { continue }
        if from.x == to.x {
          // One above the other: out to the right and back in from the right.
          let bend = from.right + 16
          svg.path(
            "M\(SVG.n(from.right)),\(SVG.n(from.middle - 12)) H\(SVG.n(bend)) V\(SVG.n(to.middle - 12)) H\(SVG.n(to.right + 1))", "flow way",
            arrow: true)
        } else {
          flow(&svg, from, to, plan, plan.row[buffer.name], plan.row[name])
        }
      }
    }
    for buffer in study.buffers { if let box = plan.buffers[buffer.name] { draw(&svg, buffer, box) } }
    for item in study.stations { draw(&svg, item, plan.stations[item.name]!, isBottleneck: item.name == study.bottleneck.station) }
    return svg.drawing(
      width: max(plan.width, 880), height: plan.height,
      says: "The line: "
        + study.stations.map { "\($0.name) works \(Number.fixed(100 * $0.share(.working), 0)) % of the time" }.joined(separator: ", "))
  }

  private static func flow(_ svg: inout SVG, _ from: LinePlan.Box, _ to: LinePlan.Box, _ plan: LinePlan, _ fromRow: Int?, _ toRow: Int?) {
    let (x1, y1, x2, y2) = (from.right, from.middle, to.x - 1, to.middle)
    if fromRow != toRow, let fromRow {
      // On to the next row: out, down, back to the left, and in.
      let lane = plan.laneBelow[fromRow] + 8
      svg.path("M\(SVG.n(x1)),\(SVG.n(y1)) H\(SVG.n(x1 + 14)) V\(SVG.n(lane)) H\(SVG.n(x2 - 16)) V\(SVG.n(y2)) H\(SVG.n(x2))", "flow", arrow: true)
    } else if abs(y1 - y2) < 1 {
      svg.path("M\(SVG.n(x1)),\(SVG.n(y1)) H\(SVG.n(x2))", "flow", arrow: true)
    } else {
      let bend = x1 < x2 ? (x1 + x2) / 2 : x1 + 10
      svg.path("M\(SVG.n(x1)),\(SVG.n(y1)) H\(SVG.n(bend)) V\(SVG.n(y2)) H\(SVG.n(x2))", "flow", arrow: true)
    }
  }

  private static func draw(_ svg: inout SVG, _ buffer: BufferStudy, _ box: LinePlan.Box) {
    let share = buffer.capacity.map { $0 > 0 ? min(1, buffer.meanLevel.mean / Double($0)) : 0 }
    let level = buffer.meanLevel.mean < 10 ? Number.fixed(buffer.meanLevel.mean, 2, trimming: true) : Number.text(buffer.meanLevel.mean)
    let says =
      "\(buffer.name): \(level) parts on average" + (buffer.capacity.map { ", room for \($0)" } ?? ", no limit") + ", at most \(buffer.mostParts)"
    svg.rect(box.x, box.y, box.width, box.height, "basin", radius: 2, title: says)
    if let share { svg.rect(box.x + 2, box.y + 2 + (1 - share) * (box.height - 4), box.width - 4, share * (box.height - 4), "level") }
    svg.label(box.x + box.width / 2, box.y - 6, short(buffer.name, 10), "small strong", anchor: "middle")
    svg.label(box.x + box.width / 2, box.y + box.height + 14, level, "strong", anchor: "middle")
    svg.label(box.x + box.width / 2, box.y + box.height + 27, buffer.capacity.map { "of \($0)" } ?? "no limit", "small", anchor: "middle")
  }

  private static func draw(_ svg: inout SVG, _ station: StationStudy, _ box: LinePlan.Box, isBottleneck: Bool) {
    svg.rect(box.x, box.y, box.width, box.height, isBottleneck ? "station bottleneck" : "station", radius: 5)
    svg.label(box.x + 10, box.y + 21, short(station.name, station.machines > 1 ? 10 : 13), "name")
    if station.machines > 1 { svg.label(box.right - 10, box.y + 21, "× \(station.machines)", "small strong", anchor: "end") }
    svg.label(box.x + 10, box.y + 43, "OEE", "small")
    svg.label(box.x + 38, box.y + 43, "\(Number.fixed(100 * station.figures.oee.mean, 1)) %", "strong")
    svg.label(box.right - 10, box.y + 85, "\(Number.text(station.figures.throughputRate.mean, digits: 3))/h", "small", anchor: "end")
    StateBars.bar(&svg, station, box.x + 10, box.y + 54, box.width - 20, 15)
    svg.label(box.x + 10, box.y + 85, "works \(Number.fixed(100 * station.share(.working), 0)) %", "small")
    if isBottleneck { svg.label(box.x + box.width / 2, box.y - 7, "▼ bottleneck", "small alert", anchor: "middle") }
  }

  static func short(_ text: String, _ length: Int) -> String { text.count <= length ? text : text.prefix(length - 1) + "…" }
}

/// Where each station's time went, as one bar.
enum StateBars {
  static func bar(_ svg: inout SVG, _ station: StationStudy, _ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    var left = x
    for state in station.shares where state.share.mean > 0.0005 {
      let part = state.share.mean * width
      svg.rect(
        left, y, part, height, "s-\(state.state.rawValue)",
        title: "\(station.name): \(state.state.words) \(Number.fixed(100 * state.share.mean, 1)) %")
      left += part
    }
  }

  static func drawing(of study: LineStudy) -> String {
    let (width, row, start, end) = (960.0, 30.0, 150.0, 936.0)
    var svg = SVG()
    for tick in 0...4 {
      let x = start + Double(tick) / 4 * (end - start)
      svg.line(x, 0, x, Double(study.stations.count) * row + 4, "grid")
      svg.label(x, Double(study.stations.count) * row + 20, "\(25 * tick) %", "small", anchor: "middle")
    }
    for (i, station) in study.stations.enumerated() {
      let y = Double(i) * row + 5
      svg.label(start - 10, y + 15, LineDrawing.short(station.name, 20), station.name == study.bottleneck.station ? "strong" : "", anchor: "end")
      bar(&svg, station, start, y, end - start, 21)
      let working = station.share(.working)
      if working > 0.06 { svg.label(start + 8, y + 15, "\(Number.fixed(100 * working, 1)) %", "on-bar") }
    }
    return svg.drawing(width: width, height: Double(study.stations.count) * row + 26, says: "Share of time of each station in each state")
  }

  /// The states that occur, with their colours.
  static func legend(of study: LineStudy) -> String {
    let shown = StationCondition.allCases.filter { state in study.stations.contains { $0.share(state) > 0.0005 } }
    return "<p class=\"legend\">" + shown.map { "<span><i class=\"s-\($0.rawValue)\"></i>\($0.words)</span>" }.joined() + "</p>"
  }
}
