import Determinism
import Probability

/// Where an instant is not told, one history becomes several.
extension Trajectory {
  /// The parts into which the law of an open instant is cut: their ends, as probabilities. Narrow ones at both ends, so that what is only just
  /// possible is told from what is likely.
  static let fine: [Double] = [0, 0.004, 0.04, 0.15, 0.33, 0.5, 0.67, 0.85, 0.96, 0.996, 1]
  static let coarse: [Double] = [0, 0.2, 0.8, 1]
  static let whole: [Double] = [0, 1]
  static let lotCells: [Double] = [0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1]

  /// Middle of a part.
  static func middle(_ i: Int, of edges: [Double]) -> Double { (edges[i] + edges[i + 1]) / 2 }

  /// The finish that is due comes now. If it is open: in this history; in another one later.
  mutating func finishDue(_ s: Int, _ evidence: Evidence, _ others: inout [Trajectory]) {
    if let open = stations[s].open {
      blur = half(of: open)
      let isLast = open.cell + 2 == open.cells.count
      let now = isLast && open.target != nil && open.alone == 0 ? 1 : open.chance
      if now < 1 {
        var later = self
        later.weight += Portable.log(1 - now)
        if isLast {
          later.stations[s].open = nil
          later.stations[s].isDueKnown = open.target != nil
          later.agenda[slot(.finish, s)] = open.target ?? .infinity
        } else {
          later.stations[s].open!.cell += 1
          later.agenda[slot(.finish, s)] = later.instant(s, evidence)
        }
        if later.weight > evidence.floor { others.append(later) }
        weight += Portable.log(now)
      }
      if let target = open.target {
        let left = evidence.states[s].worked(from: clock, to: target)
        if open.after > 0 { stations[s].credit = evidence.cycles[s].logDensity(of: open.after, left, waits: true) } else { stations[s].credit = 0 }
      } else {
        weight += Portable.log(evidence.path.silence(age: max(evidence.horizon - clock, 0)))
        stations[s].credit = 0
      }
    } else {
      stations[s].credit = 0
    }
    finish(s, evidence, &others)
  }

  /// Cuts the law of what is still quite open into the finer parts.
  mutating func refine(_ evidence: Evidence) {
    for s in stations.indices {
      guard let open = stations[s].open, open.isCoarse, open.cell == 0 else { continue }
      stations[s].open!.isCoarse = false
      agenda[slot(.finish, s)] = instant(s, evidence)
    }
  }

  /// When the open finish lies in this history.
  func instant(_ s: Int, _ evidence: Evidence) -> Double {
    guard let open = stations[s].open else { return .infinity }
    let p = open.low + (open.high - open.low) * Trajectory.middle(open.cell, of: open.cells)
    return max(evidence.states[s].instant(after: open.quantile(p), from: open.start), clock)
  }

  /// The piece is finished. Whether it is rejected, and whether a rejected one is scrapped, may be open.
  mutating func finish(_ s: Int, _ evidence: Evidence, _ others: inout [Trajectory]) {
    let p = chanceOfReject(s, evidence)
    if p > 0, p < 1 {
      var good = self
      good.weight += Portable.log(1 - p)
      good.complete(s, isRejected: false, isKept: false, evidence)
      if good.weight > evidence.floor { others.append(good) }
      weight += Portable.log(p)
    }
    guard p > 0 else { return complete(s, isRejected: false, isKept: false, evidence) }
    let kept = chanceOfKeeping(s, evidence)
    if kept > 0, kept < 1 {
      var scrapped = self
      scrapped.weight += Portable.log(1 - kept)
      scrapped.complete(s, isRejected: true, isKept: false, evidence)
      if scrapped.weight > evidence.floor { others.append(scrapped) }
      weight += Portable.log(kept)
    }
    complete(s, isRejected: true, isKept: kept > 0, evidence)
  }

  /// A lot is due: now in this history, later in another one.
  mutating func lotDue(_ b: Int, _ evidence: Evidence, _ others: inout [Trajectory]) {
    if buffers[b].lotHigh > buffers[b].lotLow {
      let i = buffers[b].lotCell
      let (from, to) = (Trajectory.lotCells[i], Trajectory.lotCells[i + 1])
      blur = 0.5 * (to - from) * (buffers[b].lotHigh - buffers[b].lotLow)
      let now = (to - from) / (1 - from)
      if i + 2 < Trajectory.lotCells.count {
        var later = self
        later.weight += Portable.log(1 - now)
        later.buffers[b].lotCell += 1
        later.agenda[slot(.lot, b)] = later.lotInstant(b)
        if later.weight > evidence.floor { others.append(later) }
        weight += Portable.log(now)
      }
    }
    bringLot(b, evidence)
  }

  func lotInstant(_ b: Int) -> Double {
    let middle = Trajectory.middle(buffers[b].lotCell, of: Trajectory.lotCells)
    return max(clock, buffers[b].lotLow + (buffers[b].lotHigh - buffers[b].lotLow) * middle)
  }
}
