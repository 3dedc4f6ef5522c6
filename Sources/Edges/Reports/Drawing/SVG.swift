/// Pieces of a drawing as text. Numbers have two decimals at most, attributes stand in the order given: the same drawing, the same bytes.
struct SVG {
  private(set) var text = ""

  mutating func add(_ piece: String) { text += piece + "\n" }

  mutating func rect(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String = "", radius: Double = 0, title: String? = nil) {
    let corner = radius > 0 ? " rx=\"\(Self.n(radius))\"" : ""
    let head =
      "<rect x=\"\(Self.n(x))\" y=\"\(Self.n(y))\" width=\"\(Self.n(max(0, width)))\" height=\"\(Self.n(max(0, height)))\"\(corner)\(Self.named(style))"
    add(title.map { "\(head)><title>\(HTML.escape($0))</title></rect>" } ?? "\(head)/>")
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String = "") {
    add("<line x1=\"\(Self.n(x1))\" y1=\"\(Self.n(y1))\" x2=\"\(Self.n(x2))\" y2=\"\(Self.n(y2))\"\(Self.named(style))/>")
  }

  mutating func circle(_ x: Double, _ y: Double, _ radius: Double, _ style: String = "") {
    add("<circle cx=\"\(Self.n(x))\" cy=\"\(Self.n(y))\" r=\"\(Self.n(radius))\"\(Self.named(style))/>")
  }

  mutating func path(_ d: String, _ style: String = "", arrow: Bool = false) {
    add("<path d=\"\(d)\"\(Self.named(style))\(arrow ? " marker-end=\"url(#arrow)\"" : "")/>")
  }

  mutating func label(_ x: Double, _ y: Double, _ text: String, _ style: String = "", anchor: String = "start") {
    let side = anchor == "start" ? "" : " text-anchor=\"\(anchor)\""
    add("<text x=\"\(Self.n(x))\" y=\"\(Self.n(y))\"\(side)\(Self.named(style))>\(HTML.escape(text))</text>")
  }

  /// Through the points.
  static func way(_ points: [(x: Double, y: Double)]) -> String {
    points.enumerated().map { "\($0 == 0 ? "M" : "L")\(n($1.x)),\(n($1.y))" }.joined(separator: " ")
  }

  /// As a whole: scales with its place, and says what it shows.
  func drawing(width: Double, height: Double, says: String) -> String {
    """
    <svg viewBox="0 0 \(Self.n(width)) \(Self.n(height))" role="img" aria-label="\(HTML.escape(says))">
    \(text)</svg>
    """
  }

  /// With two decimals at most.
  static func n(_ x: Double) -> String {
    let rounded = (x * 100).rounded() / 100
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  private static func named(_ style: String) -> String { style.isEmpty ? "" : " class=\"\(style)\"" }
}

/// Text between tags.
enum HTML {
  static func escape(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
  }

  /// A table; columns listed in `left` are text, the others numbers.
  static func table(_ header: [String], _ rows: [[String]], left: Set<Int> = [0], caption: String? = nil) -> String {
    let head = header.enumerated().map { "<th scope=\"col\"\(left.contains($0) ? "" : " class=\"num\"")>\(escape($1))</th>" }.joined()
    let body = rows.map { row in
      "<tr><th scope=\"row\">\(escape(row[0]))</th>"
        + row.enumerated().dropFirst().map { "<td\(left.contains($0) ? "" : " class=\"num\"")>\(escape($1))</td>" }.joined() + "</tr>"
    }
    return "<div class=\"scroll\"><table>\(caption.map { "<caption>\(escape($0))</caption>" } ?? "")<thead><tr>\(head)</tr></thead>\n<tbody>\n"
      + body.joined(separator: "\n") + "\n</tbody></table></div>"
  }
}

/// Round numbers along an axis.
struct Axis {
  var low: Double
  var high: Double
  var step: Double

  /// Ticks at 1, 2 or 5 times a power of ten, about `count` of them, over at least the values given.
  init(from least: Double, to most: Double, about count: Int = 5) {
    let span = most > least ? most - least : max(abs(most), 1)
    let rough = span / Double(max(count, 1))
    var power = 1.0
    while power * 10 <= rough { power *= 10 }
    while power > rough { power /= 10 }
    step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? 10 * power
    low = (least / step + 1e-9).rounded(.down) * step
    high = (most / step - 1e-9).rounded(.up) * step
    if high <= low { high = low + step }
  }

  var ticks: [Double] { (0...Int(((high - low) / step).rounded())).map { low + Double($0) * step } }
  var decimals: Int {
    var (decimals, unit) = (0, step)
    while decimals < 6, abs(unit - unit.rounded()) > 1e-9 * unit { (decimals, unit) = (decimals + 1, unit * 10) }
    return decimals
  }
  /// Between `start` (for `low`) and `end`.
  func place(_ x: Double, _ start: Double, _ end: Double) -> Double { start + (x - low) / (high - low) * (end - start) }
}
