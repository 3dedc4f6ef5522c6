internal import Quantities

/// A formula as a list of nodes, operands before operators, that look into the past alone.
///
/// A window of the future is one of the past, looked at later: with `delay` d a node's value at t is its formula's at t−d, and the whole
/// formula is delayed by its horizon. Equal parts become one node.
///
/// - Sources: O. Maler, D. Ničković, A. Pnueli 2007, doi:10.1007/978-3-540-75454-1_22 (pastification); the rewriting of a bounded since by
///   an unbounded one: A. Donzé, T. Ferrère, O. Maler 2013, doi:10.1007/978-3-642-39799-8_19.
struct MonitorPlan: Sendable {
  enum Node: Hashable, Sendable {
    case truth(Bool)
    case predicate(Predicate)
    case not(Int)
    case and(Int, Int)
    case or(Int, Int)
    case delay(Int, by: Int64)
    /// Over t−b … t−a.
    case least(Int, from: Int64, to: Int64)
    case greatest(Int, from: Int64, to: Int64)
    /// φ since ψ, whenever that was.
    case since(Int, Int)
    /// φ until ψ, counted from t−width.
    case until(Int, Int, width: Int64)
  }

  private(set) var nodes: [Node] = []
  private var places: [Node: Int] = [:]
  private(set) var root = 0

  init(_ formula: Formula<Predicate>) {
    root = add(formula, delay: formula.horizon.nanoseconds)
  }

  private mutating func add(_ node: Node) -> Int {
    if let place = places[node] { return place }
    nodes.append(node)
    places[node] = nodes.count - 1
    return nodes.count - 1
  }

  private mutating func add(_ formula: Formula<Predicate>, delay: Int64) -> Int {
    switch formula {
    case .truth(let holds): return add(.truth(holds))
    case .atom(let predicate):
      let leaf = add(.predicate(predicate))
      return delay == 0 ? leaf : add(.delay(leaf, by: delay))
    case .not(let f): return add(.not(add(f, delay: delay)))
    case .and(let f, let g): return add(.and(add(f, delay: delay), add(g, delay: delay)))
    case .or(let f, let g): return add(.or(add(f, delay: delay), add(g, delay: delay)))
    case .historically(let window, let f):
      return add(.least(add(f, delay: delay), from: window.from.nanoseconds, to: Self.end(window)))
    case .once(let window, let f):
      if window.to == nil { return add(.since(window, .truth(true), f), delay: delay) }
      return add(.greatest(add(f, delay: delay), from: window.from.nanoseconds, to: Self.end(window)))
    case .since(let window, let f, let g): return addSince(window, f, g, delay: delay)
    case .always(let window, let f):
      let end = Self.end(window)
      return add(.least(add(f, delay: delay - end), from: 0, to: end - window.from.nanoseconds))
    case .eventually(let window, let f):
      let end = Self.end(window)
      return add(.greatest(add(f, delay: delay - end), from: 0, to: end - window.from.nanoseconds))
    case .until(let window, let f, let g):
      // min(φ over t … t+a, until counted from t+a): both seen from t+b.
      let end = Self.end(window), width = end - window.from.nanoseconds
      let holds = add(f, delay: delay - end), goal = add(g, delay: delay - end)
      let late = add(.until(holds, goal, width: width))
      return window.from == .zero ? late : add(.and(add(.least(holds, from: width, to: end)), late))
    }
  }

  /// φ since[a,b] ψ = once[a,b] ψ and φ over t−a … t and (φ since ψ) at t−a.
  private mutating func addSince(_ window: TimeWindow, _ f: Formula<Predicate>, _ g: Formula<Predicate>, delay: Int64) -> Int {
    let holds = add(f, delay: delay), goal = add(g, delay: delay)
    let from = window.from.nanoseconds
    var node = add(.since(holds, goal))
    if from > 0 { node = add(.and(add(.least(holds, from: 0, to: from)), add(.delay(node, by: from)))) }
    if window.to != nil { node = add(.and(node, add(.greatest(goal, from: from, to: Self.end(window))))) }
    return node
  }

  private static func end(_ window: TimeWindow) -> Int64 {
    guard let end = window.to else { preconditionFailure("only `since` and `once` may have no end") }
    return end.nanoseconds
  }
}
