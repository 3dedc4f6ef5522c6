import Determinism

extension SensorLineMiner {
  /// The rules by which items go aside: a chance, or a chance that jumps with the time since a node.
  ///
  /// For each node that the item or its parts passed, the threshold of greatest likelihood is sought; the best rule is kept if it beats the
  /// constant chance by more than its three further numbers cost by the Bayesian information criterion.
  func branches(_ links: [SensorLine.Link], _ genealogy: Genealogy, assemblies: [SensorLine.Assembly]) -> [SensorLine.Branch] {
    var branches: [SensorLine.Branch] = []
    for node in history.nodes.indices {
      let out = links.indices.filter { links[$0].from == node }
      let assembly = assemblies.first { $0.intake == node }
      // Where items end at an assembly, every link aside is an exception; else the busiest link is the way on.
      let main = assembly == nil ? out.max { links[$0].count < links[$1].count } : nil
      for aside in out where aside != main {
        if case .rejected(link: aside)? = assembly?.leftover { continue }
        branches.append(branch(node, aside, links[aside].to, genealogy))
      }
    }
    return branches
  }

  private func branch(_ node: Int, _ aside: Int, _ to: Int, _ genealogy: Genealogy) -> SensorLine.Branch {
    // Items whose way on is known.
    var cases: [(item: Int, time: Double, aside: Bool)] = []
    for passage in byNode[node] {
      let passages = history.items[passage.item].passages
      guard let i = passages.firstIndex(where: { $0.node == node && $0.time == passage.time }) else { continue }
      if i + 1 < passages.count {
        cases.append((passage.item, passage.time, passages[i + 1].node == to))
      } else if endShare[node] > 0.5 {
        cases.append((passage.item, passage.time, false))
      }
    }
    let n = Double(cases.count)
    let total = cases.count { $0.aside }
    var best = SensorLine.Branch(
      node: node, aside: aside, since: nil, threshold: 0, youngAside: total, youngOn: cases.count - total, oldAside: 0, oldOn: 0)
    var score = likelihood(total, cases.count - total) + 1.5 * Portable.log(max(n, 2))
    for since in history.nodes.indices where since != node {
      var ages: [(age: Double, aside: Bool)] = []
      for one in cases where genealogy.oldest[one.item][since] < one.time { ages.append((one.time - genealogy.oldest[one.item][since], one.aside)) }
      guard ages.count * 10 >= cases.count * 9 else { continue }
      ages.sort { $0.age < $1.age }
      let all = ages.count { $0.aside }
      var young = 0
      for i in ages.indices.dropLast() {
        young += ages[i].aside ? 1 : 0
        guard ages[i + 1].age > ages[i].age else { continue }
        let below = i + 1
        let value = likelihood(young, below - young) + likelihood(all - young, ages.count - below - (all - young))
        if value > score {
          score = value
          best = SensorLine.Branch(
            node: node, aside: aside, since: since, threshold: (ages[i].age + ages[i + 1].age) / 2, youngAside: young, youngOn: below - young,
            oldAside: all - young, oldOn: ages.count - below - (all - young))
        }
      }
    }
    return best
  }

  /// The greatest log likelihood of so many that do and so many that do not.
  private func likelihood(_ a: Int, _ b: Int) -> Double {
    let n = Double(a + b)
    return (a > 0 ? Double(a) * Portable.log(Double(a) / n) : 0) + (b > 0 ? Double(b) * Portable.log(Double(b) / n) : 0)
  }
}
