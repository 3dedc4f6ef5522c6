/// Walks over a process without running it, and finds what is wrong with its seizing and releasing whatever the luck: releasing what it does not
/// hold, leaving with units in its hands. Where the paths differ it does not know, and the run looks.
struct HoldCheck {
  /// Units held of each resource; nil where they differ between the ways that lead here.
  typealias Holds = [String: Int?]

  let process: String
  var faults: [String] = []

  static func run(_ spec: FlowDraft.ProcessSpec, _ resources: [String], into faults: inout [String]) {
    var check = HoldCheck(process: spec.name)
    let start = Holds(uniqueKeysWithValues: resources.map { ($0, 0) })
    if let end = check.walk(spec.block, start) { check.leave(end, resources) }
    faults += check.faults
  }

  private mutating func leave(_ holds: Holds, _ resources: [String]) {
    for resource in resources {
      if case .some(.some(let units)) = holds[resource], units > 0 {
        faults.append("process '\(process)' leaves while it holds \(units) of '\(resource)'")
      }
    }
  }

  private static func merge(_ a: Holds?, _ b: Holds?) -> Holds? {
    guard let a else { return b }
    guard let b else { return a }
    return a.merging(b) { $0 == $1 ? $0 : nil }
  }

  /// - Returns: what is held at the end, or nil where the end is never reached.
  private mutating func walk(_ block: Block, _ start: Holds) -> Holds? {
    var holds = start
    for node in block.nodes {
      guard let next = walk(node, holds) else { return nil }
      holds = next
    }
    return holds
  }

  private mutating func walk(_ node: StatementNode, _ start: Holds) -> Holds? {
    switch node {
    case .seize(_, let resource, let count, _, _, let patience):
      var holds = start
      if case .some(.some(let units)) = start[resource.name] { holds.updateValue(units + count, forKey: resource.name) }
      return reneging(patience, start, holds)
    case .release(let resource, let count):
      var holds = start
      if case .some(.some(let units)) = start[resource.name] {
        if units < count { faults.append("process '\(process)' releases \(count) of '\(resource.name)' where it holds \(units)") }
        holds.updateValue(max(units - count, 0), forKey: resource.name)
      }
      return holds
    case .putItem(_, _, _, _, let patience), .takeItem(_, _, _, _, let patience), .putAmount(_, _, _, let patience),
      .takeAmount(_, _, _, let patience), .waitSignal(_, _, let patience), .waitCondition(_, _, let patience):
      return reneging(patience, start, start)
    case .delay(_, _, let handler): return HoldCheck.merge(start, handler.flatMap { walk($0, start) })
    case .choose(_, let a, let b), .chance(_, _, let a, let b): return HoldCheck.merge(walk(a, start), walk(b, start))
    case .branch(_, let paths):
      let sum = paths.reduce(0) { $0 + $1.probability }
      return paths.reduce(sum > 1 - 1e-9 && !paths.isEmpty ? nil : start) { HoldCheck.merge($0, walk($1.block, start)) }
    case .loop(let condition, let block):
      let end = turns(block, start)
      return condition == nil ? nil : end
    case .times(_, _, let block): return turns(block, start)
    case .interruptible(let block, let handler):
      let end = walk(block, start)
      return HoldCheck.merge(end, walk(handler, start.merging(HoldCheck.touched(block)) { _, _ in nil }))
    case .scope(_, let block): return walk(block, start)
    case .leave:
      leave(start, start.keys.sorted())
      return nil
    default: return start
    }
  }

  private mutating func reneging(_ patience: Patience?, _ before: Holds, _ after: Holds) -> Holds? {
    guard let patience else { return after }
    return HoldCheck.merge(after, walk(patience.otherwise, before))
  }

  /// What is held after any number of turns; a turn that keeps or gives away units makes it unknown.
  private mutating func turns(_ block: Block, _ start: Holds) -> Holds? { HoldCheck.merge(start, walk(block, start)) }

  private static func touched(_ block: Block) -> Holds {
    var names: Holds = [:]
    func visit(_ block: Block) {
      for node in block.nodes {
        switch node {
        case .seize(_, let resource, _, _, _, let patience):
          names.updateValue(nil, forKey: resource.name)
          if let patience { visit(patience.otherwise) }
        case .release(let resource, _): names.updateValue(nil, forKey: resource.name)
        default: for inner in blocks(of: node) { visit(inner) }
        }
      }
    }
    visit(block)
    return names
  }

  private static func blocks(of node: StatementNode) -> [Block] {
    switch node {
    case .delay(_, _, let handler): handler.map { [$0] } ?? []
    case .seize(_, _, _, _, _, let patience), .putItem(_, _, _, _, let patience), .takeItem(_, _, _, _, let patience),
      .putAmount(_, _, _, let patience), .takeAmount(_, _, _, let patience), .waitSignal(_, _, let patience),
      .waitCondition(_, _, let patience):
      patience.map { [$0.otherwise] } ?? []
    case .choose(_, let a, let b), .chance(_, _, let a, let b), .interruptible(let a, let b): [a, b]
    case .branch(_, let paths): paths.map(\.block)
    case .loop(_, let block), .times(_, _, let block), .scope(_, let block): [block]
    default: []
    }
  }

  /// Whether a block holds anything at which time may pass, or which ends the process.
  static func canWaitOrEnd(_ block: Block) -> Bool {
    block.nodes.contains { node in
      switch node {
      case .delay(_, let time, _): if case .number(0) = time.node { false } else { true }
      case .seize, .putItem, .takeItem, .putAmount, .takeAmount, .waitSignal, .waitCondition, .batch, .leave: true
      default: blocks(of: node).contains(where: canWaitOrEnd)
      }
    }
  }
}
