internal import Quantities

extension AssuranceCase {
  /// The argument as one SVG 1.1 picture, in GSN's shapes: rectangle for a goal, parallelogram for a strategy, circle for a solution, rounded
  /// box for a context, ellipse for an assumption or a justification. Green holds, red does not, yellow is not known.
  public var svg: String {
    let layout = ArgumentLayout(self)
    var parts = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(px(layout.width))\" height=\"\(px(layout.height))\""
        + " viewBox=\"0 0 \(px(layout.width)) \(px(layout.height))\" font-family=\"sans-serif\" font-size=\"12\">",
      "<title>\(escaped("Assurance case of \(name), \(at.iso8601)"))</title>",
      "<defs><marker id=\"full\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" orient=\"auto\">"
        + "<path d=\"M0 0L10 5L0 10z\" fill=\"#333\"/></marker>"
        + "<marker id=\"open\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" orient=\"auto\">"
        + "<path d=\"M0 0L10 5L0 10z\" fill=\"#fff\" stroke=\"#333\"/></marker></defs>",
      "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
    ]
    for node in nodes {
      guard let from = layout.place(of: node.id) else { continue }
      for id in node.supportedBy {
        guard let to = layout.place(of: id) else { continue }
        let start = from.y + from.height
        let middle = to.y - 26
        parts.append(
          "<path d=\"M\(px(from.x)) \(px(start))V\(px(middle))H\(px(to.x))V\(px(to.y))\" fill=\"none\" stroke=\"#333\" marker-end=\"url(#full)\"/>")
      }
      for id in node.inContextOf {
        guard let to = layout.place(of: id) else { continue }
        let side = to.x < from.x ? -1.0 : 1.0
        let y = min(from.y + from.height, to.y + to.height) / 2 + from.y / 2
        parts.append(
          "<path d=\"M\(px(from.x + side * from.width / 2)) \(px(y))H\(px(to.x - side * to.width / 2))\" fill=\"none\" stroke=\"#333\""
            + " marker-end=\"url(#open)\"/>")
      }
    }
    for node in nodes { if let place = layout.place(of: node.id) { parts += drawn(node, place) } }
    return (parts + ["</svg>", ""]).joined(separator: "\n")
  }

  private func drawn(_ node: ArgumentNode, _ place: ArgumentLayout.Place) -> [String] {
    let (left, right, top, bottom) = (place.x - place.width / 2, place.x + place.width / 2, place.y, place.y + place.height)
    let style = "fill=\"\(fill(node))\" stroke=\"#333\""
    var parts: [String] = []
    switch node.kind {
    case .goal: parts.append("<rect x=\"\(px(left))\" y=\"\(px(top))\" width=\"\(px(place.width))\" height=\"\(px(place.height))\" \(style)/>")
    case .context:
      parts.append(
        "<rect x=\"\(px(left))\" y=\"\(px(top))\" width=\"\(px(place.width))\" height=\"\(px(place.height))\" rx=\"24\" \(style)/>")
    case .strategy:
      parts.append(
        "<path d=\"M\(px(left + 18)) \(px(top))H\(px(right))L\(px(right - 18)) \(px(bottom))H\(px(left))z\" \(style)/>")
    case .solution:
      parts.append("<circle cx=\"\(px(place.x))\" cy=\"\(px(top + 65))\" r=\"65\" \(style)/>")
    case .assumption, .justification:
      parts.append(
        "<ellipse cx=\"\(px(place.x))\" cy=\"\(px((top + bottom) / 2))\" rx=\"\(px(place.width / 2))\" ry=\"\(px(place.height / 2))\" \(style)/>")
      parts.append("<text x=\"\(px(right - 12))\" y=\"\(px(bottom - 4))\" font-weight=\"bold\">\(node.kind == .assumption ? "A" : "J")</text>")
    }
    let block = Double(place.lines.count + 1) * ArgumentLayout.lineHeight
    var y = (top + bottom) / 2 - block / 2 + 11
    parts.append("<text x=\"\(px(place.x))\" y=\"\(px(y))\" text-anchor=\"middle\" font-weight=\"bold\">\(escaped(node.id))</text>")
    for line in place.lines {
      y += ArgumentLayout.lineHeight
      parts.append("<text x=\"\(px(place.x))\" y=\"\(px(y))\" text-anchor=\"middle\">\(escaped(line))</text>")
    }
    y = bottom + 4
    for line in place.caption {
      y += ArgumentLayout.lineHeight
      parts.append("<text x=\"\(px(place.x))\" y=\"\(px(y))\" text-anchor=\"middle\" fill=\"#444\" font-size=\"11\">\(escaped(line))</text>")
    }
    return parts
  }

  private func fill(_ node: ArgumentNode) -> String {
    switch node.kind {
    case .context, .assumption, .justification: return "#f4f4f4"
    default: break
    }
    switch status(of: node.id) {
    case .good: return "#cdeccd"
    case .unknown: return "#fff2b3"
    case .bad: return "#f6b9b4"
    }
  }

  /// Tenths of a pixel are enough, and keep equal cases equal in every byte.
  private func px(_ length: Double) -> String {
    let tenths = Int((length * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
  }
}

/// Text as XML holds it.
func escaped(_ text: String) -> String {
  text.reduce(into: "") { result, character in
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    default: result.append(character)
    }
  }
}
