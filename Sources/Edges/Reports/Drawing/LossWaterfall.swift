import OutputAnalysis

/// From what the constraint's planned time would allow, loss by loss, down to what is left.
enum LossWaterfall {
  /// So many losses are drawn one by one; the rest together.
  private static let shown = 12
  /// Of planned time; smaller ones are drawn together.
  private static let least = 0.0015

  static func drawing(of book: LossBook) -> String {
    let (width, row, start, end) = (960.0, 26.0, 316.0, 764.0)
    var bars: [(name: String, style: String, from: Double, to: Double, half: Double, share: Double?)] = []
    bars.append(("what its planned time allows", "total", 0, book.ideal.mean, book.ideal.halfWidth, nil))
    var level = book.ideal.mean
    // By factor, as OEE has them; within a factor the largest first.
    let large = Set(book.losses.filter { $0.share.mean.magnitude >= least }.prefix(shown).map(\.cause))
    for group in Loss.Group.allCases {
      var rest = (perHour: 0.0, share: 0.0)
      for loss in book.losses where loss.group == group {
        if large.contains(loss.cause) {
          bars.append((loss.cause, "g-\(group.rawValue)", level, level - loss.perHour.mean, loss.perHour.halfWidth, loss.share.mean))
          level -= loss.perHour.mean
        } else {
          rest = (rest.perHour + loss.perHour.mean, rest.share + loss.share.mean)
        }
      }
      if abs(rest.share) > 0.0005 {
        bars.append(("other losses of \(group.rawValue)", "g-\(group.rawValue)", level, level - rest.perHour, .infinity, rest.share))
        level -= rest.perHour
      }
    }
    bars.append(("good parts", "total good", 0, book.good.mean, book.good.halfWidth, nil))
    let axis = Axis(from: 0, to: max(book.ideal.mean, 1e-9))
    var svg = SVG()
    let height = Double(bars.count) * row
    for tick in axis.ticks {
      let x = axis.place(tick, start, end)
      svg.line(x, 0, x, height + 4, "grid")
      svg.label(x, height + 20, Number.fixed(tick, axis.decimals), "small", anchor: "middle")
    }
    for (i, bar) in bars.enumerated() {
      let y = Double(i) * row + 4
      let (a, b) = (axis.place(min(bar.from, bar.to), start, end), axis.place(max(bar.from, bar.to), start, end))
      svg.label(start - 10, y + 14, LineDrawing.short(bar.name, 42), bar.share == nil ? "strong" : "", anchor: "end")
      svg.rect(a, y, max(b - a, 1), 18, bar.style, radius: 2)
      if i + 1 < bars.count {
        let x = axis.place(bar.to, start, end)
        svg.line(x, y + 18, x, y + row, "link")
      }
      let size = abs(bar.to - bar.from)
      let value = (bar.half.isFinite ? Number.interval(size, bar.half) : Number.text(size)) + "/h"
      svg.label(
        end + 12, y + 14, bar.share.map { "\(bar.to > bar.from ? "+" : "−")\(value)  (\(Number.fixed(100 * abs($0), 1)) %)" } ?? value,
        bar.share == nil ? "strong" : "")
    }
    return svg.drawing(width: width, height: height + 26, says: "Losses of \(book.constraint) in parts per hour, from ideal to good")
  }
}
