import Determinism

/// The filter for one unseen station with exponential work and stops in front of a seen one. Its hidden state is one number, when the last
/// part left the unseen station; so the particles can be sorted by it, and be moved by points that cover the unit square evenly instead of
/// random ones. The estimate stays unbiased (each point alone is uniform), and its variance is some ten to a hundred times smaller.
///
/// - Source: P. L'Ecuyer, C. Lécot, B. Tuffin 2008, doi:10.1287/opre.1080.0556 (array-RQMC); M. Gerber, N. Chopin 2015,
///   doi:10.1111/rssb.12104 (sequential quasi-Monte Carlo).
extension RowFilter {
  /// When the unseen station's last part left it, and the weight that the particle carries on.
  private struct Particle: BitwiseCopyable {
    var left: Double
    var weight: Double
  }

  func scalarLogLikelihood(_ row: Row<ExponentialCompletion>, particles count: Int, _ stream: RandomStream) -> (value: Double, events: Int) {
    let (own, seen) = (row.stations[0], row.stations[1])
    let lag = row.lag(0)
    var luck = stream
    var particles = [Particle](repeating: Particle(left: 0, weight: 1), count: count)
    var next = particles
    var masses = [ExponentialCompletion.Masses](repeating: .init(), count: count)
    var total = 0.0
    // The golden section: its multiples fill the unit interval evenly for any number of them.
    let golden = 0.6180339887498949
    for n in 0..<departures.count {
      let before = n > 0 ? departures[n - 1] : 0
      let room = lag > 0 && n >= lag ? departures[n - lag] : 0
      let left = departures[n]
      let isBlocked = isBlocked[n]
      // A departure at the same instant as the one before cannot be.
      if left <= before { return (-.infinity, n * count) }
      let gap = own.across(left - before, seen)
      var sum = 0.0
      for p in 0..<count {
        let start = particles[p].left
        if isBlocked {
          masses[p].total = own.cumulative(left - start)
        } else if before > start {
          masses[p] = own.masses(gap, free: before - start)
        } else {
          masses[p] = own.masses(seen, free: before - start, left: left - start)
        }
        sum += particles[p].weight * masses[p].total
      }
      if !(sum > 0) { return (-.infinity, n * count) }
      // The carried weights count in the step in which they arose.
      total += Portable.log(sum / Double(count))
      let (u, v) = (luck.uniform(), luck.uniform())
      var p = 0
      var reached = particles[0].weight * masses[0].total
      let step = sum / Double(count)
      var scale = 0.0
      for k in 0..<count {
        let at = (Double(k) + u) * step
        while reached < at && p < count &- 1 {
          p &+= 1
          reached += particles[p].weight * masses[p].total
        }
        let start = particles[p].left
        let shifted = Double(k) * golden + v
        let w = shifted - shifted.rounded(.down)
        var weight = 1.0
        let time: Double
        if isBlocked {
          time = own.drawUpTo(left - start, w)
          weight = Meeting(seen: seen, free: before - start, left: left - start, isBlocked: true).likelihood(time)
        } else {
          time = own.draw(masses[p], seen, free: before - start, left: left - start, w)
        }
        next[k] = Particle(left: max(start + time, room), weight: weight)
        scale += weight
      }
      if isBlocked {
        // Only the ratio of the weights is carried on.
        if !(scale > 0) { return (-.infinity, n * count) }
        total += Portable.log(scale / Double(count))
        for k in 0..<count { next[k].weight *= Double(count) / scale }
      }
      next.sort { $0.left < $1.left }
      swap(&particles, &next)
    }
    return (total, departures.count * count)
  }
}
