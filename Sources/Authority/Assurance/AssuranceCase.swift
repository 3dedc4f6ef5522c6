public import Quantities

/// A safety argument whose leaves look at the ledger: a tree of `ArgumentNode`s below one goal.
public struct AssuranceCase: Sendable, Hashable, Codable {
  /// The plant that it is about.
  public var name: String
  /// The instant for which the indicators speak.
  public var at: Instant
  /// The first is the root; every other stands below what refers to it.
  public var nodes: [ArgumentNode]

  /// Nothing is checked (`flaws` does). Status and pictures take an argument without flaws: one that rests on itself has neither.
  public init(name: String, at: Instant, nodes: [ArgumentNode]) { (self.name, self.at, self.nodes) = (name, at, nodes) }

  /// The element of that name, if there is one.
  public func node(_ id: String) -> ArgumentNode? { nodes.first { $0.id == id } }

  /// How an element stands: a solution as its indicator, everything else as the worst of what supports it.
  ///
  /// A goal without support is not known; what merely gives context has no standing of its own and is good.
  public func status(of id: String) -> Indicator.Status {
    guard let node = node(id) else { return .unknown }
    switch node.kind {
    case .context, .assumption, .justification: return .good
    case .solution: return node.indicator?.status ?? .unknown
    case .goal, .strategy:
      let below = node.supportedBy.map(status)
      if below.contains(.bad) { return .bad }
      return below.isEmpty || below.contains(.unknown) ? .unknown : .good
    }
  }

  /// Of the root; not known where there is none.
  public var status: Indicator.Status { nodes.first.map { status(of: $0.id) } ?? .unknown }

  /// The leaves, in order.
  public var solutions: [ArgumentNode] { nodes.filter { $0.kind == .solution } }

  /// What is wrong with the argument's form, in words; empty for a sound one.
  ///
  /// Every reference leads somewhere and downwards, every element but the root is referred to, goals and strategies are supported, solutions
  /// support and are not supported.
  public var flaws: [String] {
    var flaws: [String] = []
    let ids = nodes.map(\.id)
    if Set(ids).count != ids.count { flaws.append("an identifier stands twice") }
    for (index, node) in nodes.enumerated() {
      for id in node.supportedBy {
        guard let place = ids.firstIndex(of: id) else {
          flaws.append("\(node.id) rests on \(id), which is not there")
          continue
        }
        if place <= index { flaws.append("\(node.id) rests on \(id), which stands above it") }
        if ![.goal, .strategy, .solution].contains(nodes[place].kind) { flaws.append("\(node.id) rests on \(id), which supports nothing") }
      }
      for id in node.inContextOf where ![.context, .assumption, .justification].contains(self.node(id)?.kind) {
        flaws.append("\(id) is no context for \(node.id)")
      }
      switch node.kind {
      case .goal, .strategy: if node.supportedBy.isEmpty { flaws.append("\(node.id) rests on nothing") }
      default: if !node.supportedBy.isEmpty { flaws.append("\(node.id) cannot be supported") }
      }
      if node.kind == .solution, node.indicator == nil { flaws.append("\(node.id) has no indicator") }
    }
    let referred = Set(nodes.flatMap { $0.supportedBy + $0.inContextOf })
    for id in ids.dropFirst() where !referred.contains(id) { flaws.append("nothing refers to \(id)") }
    return flaws
  }
}
