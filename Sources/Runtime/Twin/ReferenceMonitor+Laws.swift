import Determinism
import Estimation
import Learning
import PlantModel
import Probability

extension PlantReference.Activity {
  var kind: ResidualKind {
    switch self {
    case .scrap: .scrap
    case .cycle: .cycle
    case .microstops: .microstops
    }
  }

  /// Half a per cent of the work is what products and wear do from one interval to the next.
  var luck: FrozenReference.Luck {
    switch self {
    case .scrap, .microstops: .count
    case .cycle: .share(0.005)
    }
  }

  /// What a minute tells: how many rejects, seconds of work or short stops there were, in how many parts or operating seconds.
  ///
  /// - Parameter known: of a cycle time, the product that it is of.
  func seen(_ m: LineMinute.Station, product: String, of known: String?, _ station: Station) -> (total: Double, weight: Double)? {
    switch self {
    case .scrap: return m.processed > 0 ? (Double(m.rejected), Double(m.processed)) : nil
    case .cycle: return m.cycleParts > 0 && product == known ? (m.cycleSum, Double(m.cycleParts)) : nil
    case .microstops:
      // The work is in the parts: a machine that waits for a moment still says that it runs. The design's cycle will do, for any other is a factor
      // that commissioning finds.
      let seconds = min(m.seconds.running, (Double(m.processed) + 0.5) * station.cycle.mean / max(m.ratio, 0.1))
      return seconds > 0 || m.microstops > 0 ? (Double(m.microstops), max(seconds, 0.1)) : nil
    }
  }
}

extension Calibrator {
  /// How many laws a reference holds.
  private static let laws = 16

  /// Laws to commission a stream with: draws of the posterior, whose level is left wide open, since what was learnt in a few hours is less than what
  /// commissioning will tell. Nil while there is nothing to draw from. Coefficients of `features`.
  func laws(
    of activity: PlantReference.Activity, _ s: Int, _ record: LineRecord, _ stream: RandomStream
  ) -> (laws: [[Double]], product: String?)? {
    let n = Self.laws
    let level = Stratified.normals(n, stream.split("level"))
    switch activity {
    case .scrap:
      guard stations[s].parts > 0 else { return nil }
      let laws = zip(scrap[s].draws(n), level).map { draw, z in
        // base + c·e² + Σ κ(x − o)², multiplied out.
        let terms = zip(draw.optima, draw.curvatures)
        let law = [draw.base + terms.reduce(0) { $0 + $1.1 * $1.0 * $1.0 }, draw.speedCoefficient] + terms.flatMap { [-2 * $1 * $0, $1] }
        return law.map { $0 * Portable.exp(0.7 * z) }
      }
      return (laws, nil)
    case .cycle:
      let product = record.stations[s].product
      guard product < stations[s].cycles.count, let belief = stations[s].cycles[product] else { return nil }
      return (level.map { [belief.mean * Portable.exp(0.1 * $0)] }, product < record.products.count ? record.products[product] : "")
    case .microstops:
      guard let rate = stations[s].microstops else { return nil }
      let (z1, z2) = (Stratified.normals(n, stream.split("rate")), Stratified.normals(n, stream.split("exponent")))
      let laws = (0..<n).map { d in
        // λ·r^e = λ·(1 + e·log r + e²/2·log² r): within a tenth for speeds within a fifth.
        let draw = rate.draw(z1[d], z2[d])
        let rate = Portable.exp(0.7 * level[d]) / draw.interval
        return [rate, rate * draw.exponent, rate * draw.exponent * draw.exponent / 2]
      }
      return (laws, nil)
    }
  }

  /// What the coefficients of a law belong to, for one part or one operating second of a minute; nil where a variable is not known.
  func features(of activity: PlantReference.Activity, _ s: Int, _ minute: LineMinute) -> [Double]? {
    let ratio = minute.stations[s].ratio
    switch activity {
    case .scrap:
      var features = [1, max(0, ratio - 1) * max(0, ratio - 1)]
      for v in roles.scrapVariables[s] {
        let x = minute.values[v].isFinite ? minute.values[v] : setpoint(of: v, in: minute) ?? .nan
        guard x.isFinite else { return nil }
        features += [x, x * x]
      }
      return features
    case .cycle: return [1]
    case .microstops:
      let pace = Portable.log(max(ratio, 0.1))
      return [1, pace, pace * pace]
    }
  }
}
