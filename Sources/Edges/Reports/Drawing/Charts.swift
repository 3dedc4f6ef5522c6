import OutputAnalysis

/// Good parts per hour over the run, with the band of the replications; and where the warm-up ends.
enum CurveChart {
  static func drawing(of curve: CurveStudy, warmUp: Double, smoothed: [Double]? = nil, until: Double? = nil) -> String {
    let (width, height, start, end, top, base) = (960.0, 254.0, 62.0, 948.0, 12.0, 214.0)
    let bins = until.map { min(curve.mean.count, max(4, Int(($0 / curve.step).rounded(.up)))) } ?? curve.mean.count
    let hours = (0..<bins).map { (Double($0) + 0.5) * curve.step / 3600 }
    let time = Axis(from: 0, to: Double(bins) * curve.step / 3600, about: 8)
    // Beyond the last bin there is nothing to see, so the axis ends there.
    let last = Double(bins) * curve.step / 3600
    let values = Array(curve.high.prefix(bins)) + Array(curve.mean.prefix(bins))
    let axis = Axis(from: 0, to: values.max() ?? 1)
    func x(_ hour: Double) -> Double { start + hour / last * (end - start) }
    func y(_ value: Double) -> Double { axis.place(value, base, top) }
    var svg = SVG()
    for tick in axis.ticks {
      svg.line(start, y(tick), end, y(tick), "grid")
      svg.label(start - 8, y(tick) + 4, Number.fixed(tick, axis.decimals), "small", anchor: "end")
    }
    for tick in time.ticks where tick <= last * 1.0001 { svg.label(x(tick), base + 18, Number.fixed(tick, time.decimals), "small", anchor: "middle") }
    svg.label(end, base + 34, "hours", "small", anchor: "end")
    svg.label(start, base + 34, "good parts per hour", "small")
    if warmUp > 0 {
      svg.rect(start, top, x(min(warmUp / 3600, last)) - start, base - top, "warm")
      svg.line(x(warmUp / 3600), top, x(warmUp / 3600), base, "mark")
      svg.label(x(warmUp / 3600) + 6, top + 12, "warm-up ends", "small")
    }
    let low = (0..<bins).map { (x(hours[$0]), y(curve.low[$0])) }
    let high = (0..<bins).map { (x(hours[$0]), y(curve.high[$0])) }
    svg.path(SVG.way(high + low.reversed()) + " Z", "range")
    svg.path(SVG.way((0..<bins).map { (x(hours[$0]), y(curve.mean[$0])) }), smoothed == nil ? "trace" : "trace thin")
    if let smoothed { svg.path(SVG.way((0..<min(bins, smoothed.count)).map { (x(hours[$0]), y(smoothed[$0])) }), "trace strong-trace") }
    return svg.drawing(width: width, height: height, says: "Good parts per hour over time")
  }
}

/// Who holds the line up, and how much of the time.
enum BottleneckChart {
  static func drawing(of study: BottleneckStudy) -> String {
    let (width, row, start, end) = (960.0, 26.0, 150.0, 800.0)
    var svg = SVG()
    let height = Double(study.shares.count) * row
    for tick in 0...4 {
      let x = start + Double(tick) / 4 * (end - start)
      svg.line(x, 0, x, height + 4, "grid")
      svg.label(x, height + 20, "\(25 * tick) %", "small", anchor: "middle")
    }
    for (i, share) in study.shares.enumerated() {
      let y = Double(i) * row + 4
      svg.label(start - 10, y + 14, LineDrawing.short(share.station, 20), share.station == study.station ? "strong" : "", anchor: "end")
      svg.rect(start, y, share.sole * (end - start), 18, "sole")
      svg.rect(start + share.sole * (end - start), y, share.shifting * (end - start), 18, "shifting")
      svg.label(
        start + share.total * (end - start) + 8, y + 14, "\(Number.fixed(100 * share.total, 1)) %",
        share.station == study.station ? "strong" : "small")
    }
    return svg.drawing(width: width, height: height + 26, says: "Share of time as bottleneck")
  }
}

/// How long parts were in the line: from the shortest to the longest, with mean and standard deviation.
enum LeadTimeChart {
  static func drawing(of times: [LeadTimeStudy]) -> String {
    let (width, row, start, end) = (960.0, 34.0, 150.0, 800.0)
    let most = times.map(\.most).max() ?? 1
    let unit = most < 300 ? (1.0, "seconds") : most < 18_000 ? (60.0, "minutes") : (3600.0, "hours")
    let axis = Axis(from: 0, to: most / unit.0, about: 6)
    let height = Double(times.count) * row
    var svg = SVG()
    func x(_ seconds: Double) -> Double { axis.place(seconds / unit.0, start, end) }
    for tick in axis.ticks {
      svg.line(axis.place(tick, start, end), 0, axis.place(tick, start, end), height + 4, "grid")
      svg.label(axis.place(tick, start, end), height + 20, Number.fixed(tick, axis.decimals), "small", anchor: "middle")
    }
    svg.label(end + 40, height + 20, unit.1, "small")
    for (i, time) in times.enumerated() {
      let y = Double(i) * row + 4
      svg.label(start - 10, y + 17, LineDrawing.short(time.name, 20), i == 0 ? "strong" : "", anchor: "end")
      svg.line(x(time.least), y + 12, x(time.most), y + 12, "whisker")
      svg.line(x(time.least), y + 6, x(time.least), y + 18, "whisker")
      svg.line(x(time.most), y + 6, x(time.most), y + 18, "whisker")
      let from = max(time.least, time.mean.mean - time.deviation), to = min(time.most, time.mean.mean + time.deviation)
      svg.rect(x(from), y + 3, x(to) - x(from), 18, "total", radius: 2)
      svg.line(x(time.mean.mean), y, x(time.mean.mean), y + 24, "mean")
      svg.label(end + 40, y + 17, "mean \(Number.duration(time.mean.mean))", i == 0 ? "strong" : "")
    }
    return svg.drawing(
      width: width, height: height + 26, says: "Lead time of parts: shortest, mean with one standard deviation to each side, longest")
  }
}

/// Variants against the base: gain in good parts per hour, with intervals that hold together.
enum ForestPlot {
  static func drawing(of variants: [VariantStudy]) -> String {
    let (width, row, start, end) = (960.0, 36.0, 330.0, 790.0)
    let low = variants.map { $0.gain.low.isFinite ? $0.gain.low : $0.gain.mean }.min() ?? 0
    let high = variants.map { $0.gain.high.isFinite ? $0.gain.high : $0.gain.mean }.max() ?? 0
    let axis = Axis(from: min(0, low), to: max(0, high), about: 6)
    let height = Double(variants.count) * row
    var svg = SVG()
    func x(_ gain: Double) -> Double { axis.place(gain, start, end) }
    for tick in axis.ticks {
      svg.line(x(tick), 0, x(tick), height + 4, "grid")
      svg.label(x(tick), height + 20, Number.signed(tick, axis.decimals), "small", anchor: "middle")
    }
    svg.label(end + 24, height + 20, "good parts per hour", "small")
    svg.line(x(0), 0, x(0), height + 4, "zero")
    for (i, variant) in variants.enumerated() {
      let y = Double(i) * row + 18
      let style = !variant.isSignificant ? "none" : variant.gain.mean > 0 ? "better" : "worse"
      svg.label(start - 12, y + 4, LineDrawing.short(variant.name, 46), "", anchor: "end")
      if variant.gain.halfWidth.isFinite {
        svg.line(x(variant.gain.low), y, x(variant.gain.high), y, "interval \(style)")
        for end in [variant.gain.low, variant.gain.high] { svg.line(x(end), y - 5, x(end), y + 5, "interval \(style)") }
      }
      svg.rect(x(variant.gain.mean) - 5, y - 5, 10, 10, "point \(style)")
      let decimals = Number.decimals(for: variant.gain.halfWidth, beside: variant.gain.mean)
      svg.label(
        end + 24, y + 4, "\(Number.signed(variant.gain.mean, decimals)) ± \(Number.fixed(variant.gain.halfWidth, decimals))/h",
        style == "none" ? "" : "strong")
    }
    return svg.drawing(width: width, height: height + 26, says: "Gain of each variant against the line as it stands")
  }
}
