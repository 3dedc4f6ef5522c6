import Determinism
import EventKernel

/// The exact likelihood of the line's departures: a Markovian arrival process, by uniformisation.
extension LineChain {
  /// log density of the intervals between departures, the first counted from the start of the empty line.
  ///
  /// Over an interval t the state's law becomes v ← Σₘ e^(−Λt)(Λt)ᵐ/m! · v·Pᵐ, P = I + D₀/Λ; a departure then multiplies by D₁. The sum
  /// ends when all but 10⁻¹³ of the Poisson weight is in.
  /// - Parameters:
  ///   - intervals: seconds, not negative.
  ///   - x: logarithms of the means: work of each station, then times between failures, then repairs.
  /// - Source: D. M. Lucantoni 1991, doi:10.1080/15326349108807174; uniformisation: A. Jensen 1953.
  /// - Complexity: O(transitions · Λ · Σ intervals).
  public func logLikelihood(_ intervals: [Double], _ x: [Double]) -> Double {
    precondition(x.count == 3 * stations, "\(x.count) parameters for \(stations) stations")
    let rates = x.map { Portable.exp(-$0) }
    func rate(_ move: Move) -> Double { rates[move.change.rawValue * stations + move.station] }
    var out = [Double](repeating: 0, count: states)
    for move in silent + leaving { out[move.from] += rate(move) }
    let lambda = out.max()! * 1.000001
    let stay = Slab(out.map { 1 - $0 / lambda })
    // By target state, so that each step gathers: column starts, sources and probabilities.
    let sorted = silent.sorted { ($0.to, $0.from) < ($1.to, $1.from) }
    var starts = [Int](repeating: 0, count: states + 1)
    for move in sorted { starts[move.to + 1] += 1 }
    for s in 0..<states { starts[s + 1] += starts[s] }
    let first = Slab(starts.map(Int32.init))
    let sources = Slab(sorted.map { Int32($0.from) })
    let chances = Slab(sorted.map { rate($0) / lambda })
    let doors = Slab(leaving.map { Door(from: $0.from, to: $0.to, rate: rate($0)) })
    var v = Slab(count: states, repeating: 0.0)
    var w = Slab(count: states, repeating: 0.0)
    let sum = Slab(count: states, repeating: 0.0)
    v[0] = 1
    var total = 0.0
    for t in intervals {
      let q = lambda * t
      // A long interval is cut: e^(−q) would underflow.
      let cuts = max(1, Int((q / 200).rounded(.up)))
      for _ in 0..<cuts {
        let mean = q / Double(cuts)
        var weight = Portable.exp(-mean)
        var covered = weight
        var m = 0.0
        for s in 0..<states { sum[s] = weight * v[s] }
        while covered < 1 - 1e-13 && m < 2000 {
          m += 1
          weight *= mean / m
          covered += weight
          for s in 0..<states {
            var flow = stay[s] * v[s]
            var k = Int(first[s])
            let end = Int(first[s &+ 1])
            while k < end {
              flow += chances[k] * v[Int(sources[k])]
              k &+= 1
            }
            w[s] = flow
            sum[s] += weight * flow
          }
          swap(&v, &w)
        }
        for s in 0..<states { v[s] = sum[s] }
      }
      for s in 0..<states { v[s] = 0 }
      var mass = 0.0
      for k in 0..<doors.count {
        let flow = sum[doors[k].from] * doors[k].rate
        v[doors[k].to] += flow
        mass += flow
      }
      if !(mass > 0) { return -.infinity }
      for s in 0..<states { v[s] /= mass }
      total += Portable.log(mass)
    }
    return total
  }

  private struct Door: BitwiseCopyable {
    var from: Int
    var to: Int
    var rate: Double
  }
}
