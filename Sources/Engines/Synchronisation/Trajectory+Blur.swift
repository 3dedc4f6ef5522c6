import Probability

/// How finely a history knows when parts move.
///
/// A history stands for one part of the law of an open instant, and moves its parts at the middle of it. Whoever looks at a buffer within that
/// part of the law may find it as it was before, or as it will be after.
extension Trajectory {
  /// The last move of a buffer: at the middle of what it stands for, with half the width of what it stands for, in seconds.
  struct Blur: Sendable, Hashable {
    var at = -Double.infinity
    var half = 0.0
    /// Parts that came (went: negative).
    var step = 0
  }

  /// Half the width, in seconds of work, of the part of the law that this history stands for.
  func half(of open: Open) -> Double {
    func work(_ edge: Double) -> Double { open.quantile(min(max(open.low + (open.high - open.low) * edge, 1e-3), 1 - 1e-3)) }
    return 0.5 * max(work(open.cells[open.cell + 1]) - work(open.cells[open.cell]), 0)
  }

  /// Instants are told in whole milliseconds.
  static let resolution = 5e-4

  /// Notes that parts come or go now. What is known better does not hide what is known less well, as long as that may still be.
  mutating func move(_ b: Int, _ parts: Int) {
    let last = buffers[b].blur
    if last.half > blur, clock - last.at < last.half - blur { return }
    if last.at == clock {
      buffers[b].blur.step += parts
    } else {
      buffers[b].blur = Blur(at: clock, half: blur, step: parts)
    }
  }

  /// What else a buffer may hold now, since an instant nearby is known only so well: parts more (less: negative), and the chance. Of several, the
  /// most likely. Within a part of its law an instant is taken to be evenly distributed.
  func unsettled(_ b: Int) -> (parts: Int, chance: Double) {
    var best = (parts: 0, chance: 0.0)
    func may(_ parts: Int, _ gap: Double, _ half: Double, _ share: Double = 1) {
      let chance = 0.5 * (1 - gap / half) * share
      if gap < half, parts != 0, chance > best.chance { best = (parts, chance) }
    }
    may(-buffers[b].blur.step, clock - buffers[b].blur.at, buffers[b].blur.half)
    func finish(_ s: Int, _ parts: Int) {
      let gap = agenda[slot(.finish, s)] - clock
      if let open = stations[s].open { may(parts, gap, half(of: open), open.chance) } else { may(parts, gap, Trajectory.resolution) }
    }
    for s in flow.producers[b] where !isFull(b) { finish(s, 1) }
    for s in flow.consumers[b] {
      let parts = flow.parts(of: b, in: s)
      if buffers[b].ready >= parts { finish(s, -parts) }
      let arrival = agenda[slot(.arrival, b)]
      if stations[s].inWork == 0, stations[s].held == 0, arrival < .infinity { may(-1, arrival - clock, arrivalBlur(b, arrival)) }
    }
    return best
  }

  /// Notes that a part is taken. Whoever finishes just after one has arrived takes it then; but if it arrived only later, within what is known of
  /// that, it was taken later.
  mutating func moveOut(_ b: Int) {
    let last = buffers[b].arrived
    if buffers[b].ready <= 0, last.half > blur, last.at < clock, clock - last.at < last.half - blur {
      buffers[b].blur = Blur(at: last.at, half: last.half, step: -1)
    } else {
      move(b, -1)
    }
  }

  /// How well the instant of an arrival is known: as well as that at which the part was put in; one that a neighbour has told, to the millisecond.
  func arrivalBlur(_ b: Int, _ arrival: Double) -> Double {
    abs(buffers[b].blurredPut.at + flow.transit[b] - arrival) < 1e-6 ? buffers[b].blurredPut.half : Trajectory.resolution
  }
}
