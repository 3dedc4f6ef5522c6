import OutputAnalysis

/// A study as one HTML page that one can hand to a colleague: nothing but itself is needed to read it, and it prints.
///
/// It holds no date and no path but those of the study, so the same study gives the same bytes.
public struct HTMLReport: Sendable {
  let study: LineStudy
  /// A report of a study that is worked out already.
  public init(of study: LineStudy) { self.study = study }

  /// The whole page: HTML with its style and pictures inline.
  public var text: String {
    let title = "\(study.about.plant): simulation report"
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(HTML.escape(title))</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <main>
      \(head)
      \(sections.map { section($0.title, $0.says, $0.body) }.joined(separator: "\n"))
      </main>
      </body>
      </html>

      """
  }

  typealias Section = (title: String, says: String, body: String)

  private var sections: [Section] {
    var sections: [Section] = []
    sections.append(
      (
        "The line", "Stations with their share of time in each state; buffers filled to their mean level. The bottleneck is framed.",
        "<figure class=\"plan\">\(LineDrawing.drawing(of: study))</figure>\(StateBars.legend(of: study))"
      ))
    if !study.variants.isEmpty {
      sections.append(
        (
          "Variants",
          "Gain against the line as it stands, run with the same random numbers. "
            + "All intervals hold together at \(percent(study.about.confidence)) (Bonferroni); filled marks leave zero out.",
          "<figure>\(ForestPlot.drawing(of: study.variants))</figure>\(variantTable)"
        ))
    }
    sections.append(
      (
        "Losses",
        "Where the parts went that \(study.losses.constraint), which holds the line up, could have made in its planned time, by the factors of OEE: "
          + "availability, performance, quality. Percentages are of its planned time.",
        "<figure>\(LossWaterfall.drawing(of: study.losses))</figure>\(lossLegend)"
      ))
    sections.append(
      (
        "Time of the stations", "What each station did with its time; the figure is the share in which it worked.",
        "<figure>\(StateBars.drawing(of: study))</figure>\(StateBars.legend(of: study))"
      ))
    if !study.bottleneck.shares.isEmpty {
      sections.append(
        (
          "Bottleneck",
          "Share of the time in which a station held the line up: in full colour alone, pale while it shifts to or from another. By the "
            + study.bottleneck.rule + ".", "<figure>\(BottleneckChart.drawing(of: study.bottleneck))</figure>"
        ))
    }
    if study.curve.mean.count >= 4 { sections += curveSections }
    if !study.leadTimes.isEmpty {
      sections.append(
        (
          "Lead time",
          "From the shortest to the longest time that a part was in the line; the bar is one standard deviation to each side of the mean.",
          "<figure>\(LeadTimeChart.drawing(of: study.leadTimes))</figure>"
        ))
    }
    sections += tables
    sections.append(("Method", "", method))
    return sections
  }

  private func percent(_ share: Double) -> String { "\(Number.text(100 * share)) %" }

  private func section(_ title: String, _ says: String, _ body: String) -> String {
    """
    <section>
    <h2>\(HTML.escape(title))</h2>
    \(says.isEmpty ? "" : "<p class=\"says\">\(HTML.escape(says))</p>\n")\(body)
    </section>
    """
  }

  private var head: String {
    let about = study.about
    var sentences: [String] = []
    if let good = study["goodPerHour"] {
      sentences.append("The line makes <b>\(Number.interval(good.estimate.mean, good.estimate.halfWidth))</b> good parts per hour.")
    }
    let station = "<b>\(HTML.escape(study.bottleneck.station))</b>"
    let share = study.bottleneck.share.map { Number.fixed(100 * $0, 0) }
    if study.bottleneck.isClear {
      sentences.append("\(station) holds it up\(share.map { " (\($0) % of the time)" } ?? "").")
    } else {
      sentences.append("No station alone holds it up; most often it is \(station)\(share.map { " (\($0) % of the time)" } ?? "").")
    }
    if let worst = study.losses.losses.first, worst.share.mean > 0 {
      sentences.append(
        "The largest loss: <b>\(HTML.escape(worst.cause))</b>, \(Number.fixed(100 * worst.share.mean, 1)) % of its planned time or \(Number.text(worst.perHour.mean)) parts an hour."
      )
    }
    if let best = study.variants.filter({ $0.isSignificant && $0.gain.mean > 0 }).max(by: { $0.gain.mean < $1.gain.mean }) {
      sentences.append("The best variant: <b>\(HTML.escape(best.name))</b>, +\(Number.text(best.gain.mean)) parts an hour.")
    }
    let cards = study.figures.map { figure in
      let digits = Number.decimals(for: figure.estimate.halfWidth, beside: figure.estimate.mean)
      return """
        <div class="card"><div class="card-name">\(HTML.escape(figure.name))</div><div class="card-value">\(Number.fixed(figure.estimate.mean, digits))\
        <span class="unit">\(HTML.escape(figure.unit))</span></div><div class="card-note">± \(Number.fixed(figure.estimate.halfWidth, digits))</div></div>
        """
    }
    return """
      <header>
      <p class="kicker">Simulation report</p>
      <h1>\(HTML.escape(about.plant))</h1>
      <p class="path">\(HTML.escape(about.path))</p>
      <p class="lead">\(sentences.joined(separator: " "))</p>
      \(study.remarks.map { "<p class=\"remark\">▲ \(HTML.escape($0))</p>" }.joined(separator: "\n"))
      <div class="cards">
      \(cards.joined(separator: "\n"))
      </div>
      <p class="says">Means over \(about.replications) replications of \(Number.duration(about.span)) with half-widths of \(percent(about.confidence)) intervals.
      Revision <code>\(HTML.escape(String(about.revision.prefix(12))))</code>, seed \(about.seed). To get the same again: <code>\(HTML.escape(about.command))</code></p>
      </header>
      """
  }

  private var curveSections: [Section] {
    let curve = study.curve
    let window = max(1, curve.mean.count / 40)
    let smooth = WarmUp.curve(of: curve.mean, window: window)
    let step = Number.duration(curve.step)
    return [
      (
        "Over time", "Good parts per hour, by bins of \(step): the mean of the replications, and the band in which nine of ten lie.",
        "<figure>\(CurveChart.drawing(of: curve, warmUp: study.about.warmUp))</figure>"
      ),
      (
        "Warm-up",
        "The beginning of the run, smoothed (Welch): statistics begin where the line has settled"
          + (study.about.warmUpRule == "given" ? "; the warm-up was given." : ", found by \(study.about.warmUpRule)."),
        "<figure>\(CurveChart.drawing(of: curve, warmUp: study.about.warmUp, smoothed: smooth, until: max(4 * study.about.warmUp, 16 * curve.step)))</figure>"
      ),
    ]
  }

  private var variantTable: String {
    HTML.table(
      ["Variant", "Changes", "Good /h", "Gain /h", "Lead time", "Bottleneck", "Variance reduction"],
      study.variants.map { v in
        [
          // May break after a comma.
          v.name.replacing(",", with: ",\u{200B}"), v.changes.joined(separator: "; "), Number.interval(v.goodPerHour.mean, v.goodPerHour.halfWidth),
          (v.gain.mean > 0 ? "+" : "") + Number.interval(v.gain.mean, v.gain.halfWidth),
          (v.leadTimeGain.mean > 0 ? "+" : "") + Number.interval(v.leadTimeGain.mean / 60, v.leadTimeGain.halfWidth / 60) + " min", v.bottleneck,
          Number.text(v.varianceReduction, digits: 2),
        ]
      }, left: [0, 1, 5])
  }

  private var lossLegend: String {
    "<p class=\"legend\">" + Loss.Group.allCases.map { "<span><i class=\"g-\($0.rawValue)\"></i>\($0.rawValue)</span>" }.joined() + "</p>"
  }

  private var method: String {
    let about = study.about
    let precision =
      about.precision.map {
        "Replications ran until the half-width for good parts per hour was \(percent($0)) of the mean, by a rule that looks at planned moments only. "
      } ?? ""
    let engine = about.engine == "maxPlus" ? "the max-plus recursion of serial lines" : "event by event"
    let items = [
      "\(about.replications) independent replications of \(Number.duration(about.span)) each, after a warm-up of \(Number.duration(about.warmUp)) (\(about.warmUpRule == "given" ? "given" : "by \(about.warmUpRule)")). \(precision)",
      "Intervals: Student's t over replications, two-sided, \(percent(about.confidence)).",
      "Computed \(engine); \(Number.fixed(Double(about.events), 0)) events. Seed \(about.seed); each purpose of each station draws from a stream of its own, so variants meet the same luck.",
      "Key figures by ISO 22400-2. Planned run time per item is the mean work of the station's parts. Failures, short stops and waiting for people count as delay (ADET); starving and blocking lower availability.",
      "Bottleneck: \(study.bottleneck.rule). Waiting for people counts as held up by others."
        + (study.bottleneck.shares.isEmpty
          ? ""
          : " Who starved or blocked it is told from the same replication; the intervals of these losses are those of the time starved or blocked."),
      "Plant \(about.plant), revision \(about.revision).",
    ]
    return "<ul>" + items.map { "<li>\(HTML.escape($0))</li>" }.joined(separator: "\n") + "</ul>\n<pre>\(HTML.escape(about.command))</pre>"
  }
}
