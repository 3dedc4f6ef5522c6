import EventKernel

/// Waiting lines over one pool of nodes in flat memory: first in, first out; last in, first out; or by priority, then ticket.
///
/// Plain lines are doubly linked lists: everything in O(1). Ordered lines are pairing heaps: joining in O(1), leaving from anywhere in O(log n)
/// amortized.
///
/// - Source: M. Fredman, R. Sedgewick, D. Sleator, R. Tarjan 1986, doi:10.1007/BF01840439.
struct QueueSet: ~Copyable {
  enum Order: UInt8, BitwiseCopyable { case fifo, lifo, priority }

  struct Node: BitwiseCopyable {
    var priority = 0.0
    var ticket: UInt64 = 0
    /// The item's number, in a store.
    var value = 0.0
    /// When it joined.
    var since = 0.0
    /// The process that waits; −1 for an item.
    var owner: Int32 = -1
    var queue: Int32 = -1
    /// In a list the neighbours. In a heap the next sibling, and the previous one or for a first child the parent. Of a free node the next free one.
    var next: Int32 = -1
    var previous: Int32 = -1
    var child: Int32 = -1
  }

  struct Line: BitwiseCopyable {
    var order: Order
    var count: Int32 = 0
    /// The first in line; the root of a heap.
    var head: Int32 = -1
    var tail: Int32 = -1
  }

  private(set) var nodes: Slab<Node>
  private let lines: Slab<Line>
  private var free: Int32 = -1
  private var used: Int32 = 0

  init(_ orders: [Order]) {
    nodes = Slab(count: 64, repeating: Node())
    lines = Slab(orders.map { Line(order: $0) })
  }

  @inline(__always) func count(_ line: Int) -> Int { Int(lines[line].count) }
  /// The first in line, or −1.
  @inline(__always) func head(_ line: Int) -> Int { Int(lines[line].head) }
  /// Who stands behind; only for plain lines.
  @inline(__always) func next(_ node: Int) -> Int { Int(nodes[node].next) }
  @inline(__always) subscript(node: Int) -> Node { nodes[node] }

  /// Whether somebody of this priority and ticket would stand first.
  @inline(__always) func wouldLead(_ line: Int, _ priority: Double, _ ticket: UInt64) -> Bool {
    let head = lines[line].head
    if head < 0 { return true }
    if lines[line].order != .priority { return false }
    let first = nodes[Int(head)]
    return priority < first.priority || (priority == first.priority && ticket < first.ticket)
  }

  /// Joins a line; returns the node.
  mutating func join(_ line: Int, owner: Int32, value: Double, priority: Double, ticket: UInt64, at now: Double) -> Int32 {
    let n = take()
    nodes[Int(n)] = Node(priority: priority, ticket: ticket, value: value, since: now, owner: owner, queue: Int32(truncatingIfNeeded: line))
    lines[line].count &+= 1
    let head = lines[line].head
    switch lines[line].order {
    case .fifo:
      let tail = lines[line].tail
      nodes[Int(n)].previous = tail
      if tail < 0 { lines[line].head = n } else { nodes[Int(tail)].next = n }
      lines[line].tail = n
    case .lifo:
      nodes[Int(n)].next = head
      if head < 0 { lines[line].tail = n } else { nodes[Int(head)].previous = n }
      lines[line].head = n
    case .priority: lines[line].head = meld(head, n)
    }
    return n
  }

  /// Takes a node out of its line, wherever it stands, and frees it.
  mutating func remove(_ node: Int) {
    let line = Int(nodes[node].queue)
    lines[line].count &-= 1
    let (next, previous) = (nodes[node].next, nodes[node].previous)
    if lines[line].order == .priority {
      let children = pairUp(nodes[node].child)
      if lines[line].head == Int32(truncatingIfNeeded: node) {
        lines[line].head = children
      } else {
        if nodes[Int(previous)].child == Int32(truncatingIfNeeded: node) {
          nodes[Int(previous)].child = next
        } else {
          nodes[Int(previous)].next = next
        }
        if next >= 0 { nodes[Int(next)].previous = previous }
        lines[line].head = meld(lines[line].head, children)
      }
    } else {
      if previous < 0 { lines[line].head = next } else { nodes[Int(previous)].next = next }
      if next < 0 { lines[line].tail = previous } else { nodes[Int(next)].previous = previous }
    }
    nodes[node].next = free
    free = Int32(truncatingIfNeeded: node)
  }

  // MARK: - Nodes

  @inline(__always) private mutating func take() -> Int32 {
    if free >= 0 {
      let n = free
      free = nodes[Int(n)].next
      return n
    }
    if Int(used) == nodes.count { grow() }
    used &+= 1
    return used &- 1
  }

  @inline(never) private mutating func grow() {
    nodes = nodes.grown(to: 2 * nodes.count, repeating: Node())
  }

  // MARK: - Pairing heap

  private func comesFirst(_ a: Int32, _ b: Int32) -> Bool {
    let (p, q) = (nodes[Int(a)].priority, nodes[Int(b)].priority)
    return p < q || (p == q && nodes[Int(a)].ticket < nodes[Int(b)].ticket)
  }

  /// Makes one heap of two roots.
  private func meld(_ a: Int32, _ b: Int32) -> Int32 {
    if a < 0 { return b }
    if b < 0 { return a }
    let (root, child) = comesFirst(b, a) ? (b, a) : (a, b)
    let first = nodes[Int(root)].child
    nodes[Int(child)].next = first
    nodes[Int(child)].previous = root
    if first >= 0 { nodes[Int(first)].previous = child }
    nodes[Int(root)].child = child
    nodes[Int(root)].next = -1
    nodes[Int(root)].previous = -1
    return root
  }

  /// Makes one heap of siblings: pairs from the left, then all from the right.
  private func pairUp(_ first: Int32) -> Int32 {
    var pairs: Int32 = -1
    var rest = first
    while rest >= 0 {
      let a = rest
      let b = nodes[Int(a)].next
      rest = b >= 0 ? nodes[Int(b)].next : -1
      nodes[Int(a)].next = -1
      if b >= 0 { nodes[Int(b)].next = -1 }
      let root = meld(a, b)
      // A root's `next` is free to hold the stack of pairs.
      nodes[Int(root)].next = pairs
      pairs = root
    }
    var root: Int32 = -1
    while pairs >= 0 {
      let below = nodes[Int(pairs)].next
      nodes[Int(pairs)].next = -1
      root = meld(root, pairs)
      pairs = below
    }
    if root >= 0 { nodes[Int(root)].previous = -1 }
    return root
  }
}
