import Determinism
import EventKernel
import Probability

// These mutate nothing but streams and the stack, which are behind pointers; they are `mutating` so that the run is passed by its address. A
// borrowed value of this size would be copied for each call.
extension FlowRun {
  /// The value of a formula for process `i`, or for none where i is −1.
  @inline(__always) mutating func evaluate(_ formula: Int, _ i: Int) -> Double {
    // Branches in the order of how often they come: a jump through a table would be foretold less well.
    let f = formulas[formula]
    if f.kind == .exponential && draws == .direct { return f.x * sites[Int(f.a)].stream.exponential() }
    if f.kind == .age { return now - instances[i].born }
    if f.kind == .constant { return f.x }
    if f.kind == .attribute { return attributes[i &* attributeCount &+ Int(f.a)] }
    return f.kind == .general ? evaluateSteps(Int(f.a), Int(f.count), i) : draw(Int(f.a))
  }

  @inline(never) mutating func draw(_ s: Int) -> Double {
    if draws == .direct { return sites[s].sampler.sample(&sites[s].stream) { values[sites[s].firstValue &+ $0] } }
    return drawByInversion(s)
  }

  /// One uniform number a draw, so that 1 − u gives the antithetic one.
  @inline(never) private mutating func drawByInversion(_ s: Int) -> Double {
    let u = sites[s].stream.uniform()
    let law = program.sites[s].law
    return draws == .antithetic ? law.upperQuantile(u) : law.quantile(u)
  }

  @inline(__always) mutating func uniform(_ s: Int) -> Double {
    let u = sites[s].stream.uniform()
    return draws == .antithetic ? 1 - u : u
  }

  @inline(never) private mutating func evaluateSteps(_ first: Int, _ count: Int, _ i: Int) -> Double {
    var top = -1
    for k in first..<first + count {
      let step = steps[k]
      let a = Int(step.a)
      if step.op.rawValue >= FormulaCode.Op.add.rawValue {
        let y = stack[top]
        top -= 1
        stack[top] = FlowRun.combine(step.op, stack[top], y)
        continue
      }
      switch step.op {
      case .negate: stack[top] = -stack[top]
      case .not: stack[top] = stack[top] == 0 ? 1 : 0
      case .floor: stack[top] = stack[top].rounded(.down)
      default:
        top += 1
        stack[top] = read(step.op, a, step.x, i)
      }
    }
    return stack[0]
  }

  @inline(__always) private mutating func read(_ op: FormulaCode.Op, _ a: Int, _ x: Double, _ i: Int) -> Double {
    switch op {
    case .push: x
    case .draw: draw(a)
    case .time: now
    case .age: now - instances[i].born
    case .lastWait: instances[i].lastWait
    case .remaining: instances[i].remaining
    case .identity: identity(of: i)
    case .attribute: attributes[i &* attributeCount &+ a]
    case .variable: variables[a]
    case .queueLength: Double(lines.count(Int(resources[a].line)))
    case .inUse: Double(resources[a].inUse)
    case .capacity: Double(resources[a].capacity)
    case .items: Double(lines.count(Int(stores[a].items)))
    case .level: levels[a].level.value
    case .waiting: Double(lines.count(firstSignalLine &+ a))
    case .counted: counters[a]
    case .population: kinds[a].population.value
    default: preconditionFailure("an operation that reads nothing")
    }
  }

  @inline(__always) private static func combine(_ op: FormulaCode.Op, _ x: Double, _ y: Double) -> Double {
    switch op {
    case .add: x + y
    case .subtract: x - y
    case .multiply: x * y
    case .divide: x / y
    case .smaller: x < y ? x : y
    case .larger: x > y ? x : y
    case .less: x < y ? 1 : 0
    case .lessOrEqual: x <= y ? 1 : 0
    case .equal: x == y ? 1 : 0
    case .and: x != 0 && y != 0 ? 1 : 0
    case .or: x != 0 || y != 0 ? 1 : 0
    default: preconditionFailure("no operation of two numbers")
    }
  }

  /// A process's number: its place in memory and how often that was used. Exact in a double.
  @inline(__always) func identity(of i: Int) -> Double { Double(Int(instances[i].generation) << 20 | i) }

  /// The process of a number, or −1 where it is no longer there.
  func instance(of identity: Double) -> Int {
    guard identity >= 0 && identity < 0x1p53 else { return -1 }
    let (i, generation) = (Int(identity) & 0xf_ffff, Int(identity) >> 20)
    return i < used && instances[i].phase != .absent && Int(instances[i].generation) == generation ? i : -1
  }
}
