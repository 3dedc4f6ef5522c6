import Determinism

/// Fewer histories, while what they say together of the parts stays as it is.
///
/// Where many instants are open at once, one of them, cut finely, can fill all places with histories that say the same of every part; and what
/// another one leaves open is forgotten, although it has a fifth of the weight. So places go first to what is said of the parts, then to how
/// well an instant is known, and none of the weight is lost: who has to go leaves it to the one that is most like it.
/// - Source: the reduction of mixtures by merging; D. Salmond, Mixture reduction algorithms for target tracking in clutter (1990),
///   doi:10.1117/12.21610.
extension Histories {
  /// At most `most` of them: for each level of each buffer the likeliest that has it, then of each that says something else, then the likeliest.
  static func fewer(_ all: [Trajectory], _ most: Int) -> [Trajectory] {
    let order = all.indices.sorted { (all[$1].weight, $0) < (all[$0].weight, $1) }
    var isKept = Array(repeating: false, count: all.count)
    var left = most
    func keep(where isNew: (Int) -> Bool) {
      for i in order where left > 0 && !isKept[i] && isNew(i) {
        isKept[i] = true
        left -= 1
      }
    }
    var levels = all[0].buffers.map { _ in [Int]() }
    keep { i in
      var isNew = false
      for b in levels.indices where !levels[b].contains(all[i].buffers[b].level) {
        levels[b].append(all[i].buffers[b].level)
        isNew = true
      }
      return isNew
    }
    var said = order.filter { isKept[$0] }
    keep { i in
      guard !said.contains(where: { all[$0].isLike(all[i]) }) else { return false }
      said.append(i)
      return true
    }
    keep { _ in true }
    let kept = order.filter { isKept[$0] }
    var result = kept.map { all[$0] }
    for i in order where !isKept[i] {
      // Of equally like ones, the likeliest.
      let nearest = kept.indices.min { all[kept[$0]].difference(all[i]) < all[kept[$1]].difference(all[i]) }!
      result[nearest].absorb(all[i])
    }
    return result
  }
}

extension Histories {
  /// Without the unlikely that say the same of every part as another one does: that one takes their weight.
  static func withoutUnlikelyAlike(_ all: [Trajectory], below least: Double) -> [Trajectory] {
    guard all.contains(where: { $0.weight < least }) else { return all }
    var kept = all.filter { $0.weight >= least }
    for history in all where history.weight < least {
      if let i = kept.firstIndex(where: { $0.isLike(history) }) { kept[i].absorb(history) } else { kept.append(history) }
    }
    return kept
  }
}

extension Trajectory {
  /// How much else it says of the parts: levels first, then what machines have.
  fileprivate func difference(_ other: Trajectory) -> Int {
    var sum = 0
    for b in buffers.indices where buffers[b].level != other.buffers[b].level { sum += 100 }
    for s in stations.indices {
      let (a, b) = (stations[s], other.stations[s])
      if a.finished != b.finished || a.rejected != b.rejected || a.inWork != b.inWork || a.held != b.held { sum += 1 }
    }
    return sum
  }
}
