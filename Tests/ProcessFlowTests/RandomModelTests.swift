import Determinism
import Testing

@testable import ProcessFlow

/// Statements thrown together by chance, all sorts nested in each other.
private struct Thrown {
  var stream: RandomStream

  mutating func block(_ depth: Int, mayHold: Bool = true) -> Block {
    var nodes: [StatementNode] = []
    for _ in 0..<1 + stream.integer(below: 4) { nodes += statement(depth, mayHold).nodes }
    return Block(nodes)
  }

  private mutating func statement(_ depth: Int, _ mayHold: Bool) -> Block {
    let time = Formula.exponential(mean: stream.uniform(0.1, 2))
    let other = Formula(Double(stream.integer(below: 4)))
    if depth > 0 {
      switch stream.integer(below: 9) {
      case 0: return Delay(time).onInterrupt { block(depth - 1, mayHold: false) }.body
      case 1, 2, 3: if mayHold { return hold(depth) }
      case 4:
        return If(probability: 0.5) {
          block(depth - 1, mayHold: mayHold)
        } else: {
          block(depth - 1, mayHold: mayHold)
        }.body
      case 5: return Repeat(other.floor) { block(depth - 1, mayHold: mayHold) }.body
      case 6:
        return Interruptible {
          block(depth - 1, mayHold: false)
        } onInterrupt: {
          block(0)
        }.body
      case 7: return Block(Batch(of: 2).body.nodes + block(depth - 1, mayHold: mayHold).nodes + Separate().body.nodes)
      case 8:
        return Branch {
          Path(0.3) { block(depth - 1, mayHold: mayHold) }
          Path(0.5) { Count("branch") }
        }.body
      default: break
      }
    }
    switch stream.integer(below: 11) {
    case 0: return Put("shelf", item: .time, priority: time).renege(after: time) { Count("no put") }.body
    case 1: return Take("shelf", into: "item", priority: other).renege(after: time) { Count("no take") }.body
    case 2: return Put("tank", amount: other).renege(after: time) { Count("no room") }.body
    case 3: return Take("tank", amount: other).balk { Count("nothing there") }.body
    case 4: return Wait(for: "bell").renege(after: time) { Count("no bell") }.body
    case 5: return Wait(until: Level("tank").amount > other).renege(after: time) { Delay(0.5) }.body
    case 6: return Broadcast("bell").body
    case 7: return Assign(Variable("whom"), to: .identity).body
    case 8: return Tally("item", of: Attribute("item").value).body
    case 9: return Spawn("child").body
    default: return Delay(time).body
    }
  }

  private mutating func hold(_ depth: Int) -> Block {
    let resource: Resource = stream.chance(0.5) ? "machine" : "clerk"
    let count = 1 + stream.integer(below: 2)
    let seize = Seize(resource, count: count, priority: Formula(stream.integer(below: 3)), preempting: stream.chance(0.5))
    // Nobody seizes while it holds, so nobody waits in a circle; in a batch members still may.
    let inner = block(depth - 1, mayHold: false)
    let give = stream.chance(0.3) ? seize.balk { Leave() } : stream.chance(0.3) ? seize.renege(after: 1) { Leave() } : seize
    return Block(give.body.nodes + inner.nodes + Release(resource, count: count).body.nodes)
  }
}

/// Whatever is thrown together, a run gives a result that adds up, twice the same, or a typed error; it never traps or hangs.
@Test(arguments: 0..<300 as Range<UInt64>) func whateverIsThrownTogetherRuns(seed: UInt64) throws {
  var thrown = Thrown(stream: RandomStream(seed: seed))
  let (job, child) = (thrown.block(3), thrown.block(0))
  let model = try FlowModel("thrown together") { m in
    _ = m.resource("machine", capacity: 2)
    _ = m.resource("clerk", shifts: [Shift(from: 0, capacity: 3), Shift(from: 5, capacity: 2), Shift(from: 7, capacity: 0)], cycle: 9)
    _ = (m.store("shelf", capacity: 2, order: StoreOrder.allCases[Int(seed % 3)]), m.level("tank", capacity: 6, initial: 1))
    _ = (m.signal("bell"), m.attribute("item"), m.variable("whom", initial: -1))
    m.process("job", arrivals: .exponential(mean: 2), limit: 60) { job }
    m.process("imp", at: (1...120).map { 0.7 * Double($0) }) {
      Interrupt(usersOf: "machine")
      If(probability: 0.3) { Interrupt(all: "job") }
      Interrupt(process: Variable("whom").value)
    }
    // A child that spawns children would have no end.
    m.process("child") {
      if !child.nodes.contains(where: { if case .spawn = $0 { true } else { false } }) { child }
    }
  }
  func outcome() -> Result<FlowResult, FlowError> {
    Result { () throws(FlowError) in try model.replicate(seed: seed, until: .time(300), warmUp: .time(20), eventBudget: 1 << 21) }
  }
  let first = outcome()
  #expect(first == outcome())
  switch first {
  case .success(let result):
    for resource in result.resources {
      #expect(resource.inUse.lowest >= 0 && resource.inUse.highest <= 3 && resource.queue.lowest >= 0 && resource.utilisation >= 0)
    }
    #expect(result.resource("machine").inUse.highest <= 2 && result.store("shelf").level.highest <= 2)
    #expect(result.level("tank").level.highest <= 6 && result.level("tank").level.lowest >= 0)
  case .failure(.deadlock(let waits, _)): #expect(!waits.isEmpty)
  case .failure(.leftHolding), .failure(.releasedWithoutSeize), .failure(.tooManyProcesses): break
  case .failure(let error): Issue.record("seed \(seed): \(error)")
  }
}
