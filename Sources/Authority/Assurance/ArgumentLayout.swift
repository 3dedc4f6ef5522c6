/// Where each element of an argument stands on a page: supporters in a row below, centred; what gives context beside, left and right in turn.
///
/// No two elements overlap: every subtree has a strip of its own. Lengths in pixels of the SVG's user space.
struct ArgumentLayout {
  struct Place: Hashable {
    var id: String
    /// Centre, top, and size of the shape.
    var x: Double
    var y: Double
    var width: Double
    var height: Double
    var lines: [String]
    /// Of a solution: what its indicator says, below the shape.
    var caption: [String]
    /// Shape and caption.
    var fullHeight: Double { height + Double(caption.count) * ArgumentLayout.lineHeight + (caption.isEmpty ? 0 : 8) }
  }

  static let lineHeight = 15.0
  private static let gap = 28.0
  private static let levelGap = 52.0
  private static let margin = 24.0

  private(set) var places: [Place] = []
  private(set) var width = 0.0
  private(set) var height = 0.0
  private let argument: AssuranceCase

  init(_ argument: AssuranceCase) {
    self.argument = argument
    guard let root = argument.nodes.first else { return }
    let width = strip(root.id)
    place(root.id, left: Self.margin, top: Self.margin, width: width)
    self.width = width + 2 * Self.margin
    height = (places.map { $0.y + $0.fullHeight }.max() ?? 0) + Self.margin
  }

  func place(of id: String) -> Place? { places.first { $0.id == id } }

  private mutating func place(_ id: String, left: Double, top: Double, width: Double) {
    guard let node = argument.node(id), !places.contains(where: { $0.id == id }) else { return }
    var own = shape(node)
    (own.x, own.y) = (left + width / 2, top)
    places.append(own)
    var (leftEdge, rightEdge) = (own.x - own.width / 2, own.x + own.width / 2)
    var bottom = top + own.fullHeight
    for (index, context) in node.inContextOf.enumerated() {
      guard let node = argument.node(context), !places.contains(where: { $0.id == context }) else { continue }
      var beside = shape(node)
      beside.y = top
      if index % 2 == 0 {
        beside.x = leftEdge - Self.gap - beside.width / 2
        leftEdge = beside.x - beside.width / 2
      } else {
        beside.x = rightEdge + Self.gap + beside.width / 2
        rightEdge = beside.x + beside.width / 2
      }
      bottom = max(bottom, top + beside.fullHeight)
      places.append(beside)
    }
    let strips = node.supportedBy.map(strip)
    var x = left + (width - strips.reduce(0, +) - Self.gap * Double(max(strips.count - 1, 0))) / 2
    for (child, strip) in zip(node.supportedBy, strips) {
      place(child, left: x, top: bottom + Self.levelGap, width: strip)
      x += strip + Self.gap
    }
  }

  /// How wide an element's subtree is.
  private func strip(_ id: String) -> Double {
    guard let node = argument.node(id) else { return 0 }
    var sides = [0.0, 0.0]
    for (index, context) in node.inContextOf.enumerated() {
      if let beside = argument.node(context) { sides[index % 2] += shape(beside).width + Self.gap }
    }
    let below = node.supportedBy.map(strip)
    return max(shape(node).width + 2 * max(sides[0], sides[1]), below.reduce(0, +) + Self.gap * Double(max(below.count - 1, 0)))
  }

  private func shape(_ node: ArgumentNode) -> Place {
    let columns =
      switch node.kind {
      case .goal, .strategy: 28
      case .context, .assumption, .justification: 24
      case .solution: 15
      }
    let lines = Self.wrap(node.text, columns)
    let text = Double(lines.count + 1) * Self.lineHeight
    let caption = node.indicator.map { Self.wrap($0.finding, 22) } ?? []
    switch node.kind {
    case .goal: return Place(id: node.id, x: 0, y: 0, width: 210, height: text + 20, lines: lines, caption: caption)
    case .strategy: return Place(id: node.id, x: 0, y: 0, width: 240, height: text + 20, lines: lines, caption: caption)
    case .context: return Place(id: node.id, x: 0, y: 0, width: 190, height: text + 20, lines: lines, caption: caption)
    case .assumption, .justification: return Place(id: node.id, x: 0, y: 0, width: 220, height: text + 44, lines: lines, caption: caption)
    case .solution: return Place(id: node.id, x: 0, y: 0, width: 150, height: 130, lines: lines, caption: caption)
    }
  }

  /// Lines of at most `columns` characters, broken at blanks; a longer word has a line of its own.
  static func wrap(_ text: String, _ columns: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= columns {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
