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

  /// What a minute tells: how many rejects, seconds of work or short stops there were, in how many parts or operating seconds.
  ///
  /// - Parameter known: of a cycle time, the product that it is of.
  func seen(_ m: LineMinute.Station, product: String, of known: String?, _ station: Station) -> (observed: Double, weight: Double)? {
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
  /// commissioning will tell. Nil while there is nothing to draw from.
  ///
  /// - scrap: log level, log base, log speed coefficient, and of each variable optimum and log curvature
  /// - cycle: log seconds on a part at the rated speed
  /// - short stops: log rate at the rated speed, exponent
  func laws(
    of activity: PlantReference.Activity, _ s: Int, _ record: LineRecord, _ stream: RandomStream
  ) -> (laws: [[Double]], product: String?)? {
    let n = Self.laws
    let level = Stratified.normals(n, stream.split("level"))
    switch activity {
    case .scrap:
      guard stations[s].parts > 0 else { return nil }
      let laws = zip(scrap[s].draws(n), level).map { draw, z in
        [0.7 * z, Portable.log(max(draw.base, 1e-12)), Portable.log(max(draw.speedCoefficient, 1e-12))]
          + zip(draw.optima, draw.curvatures).flatMap { [$0, Portable.log(max($1, 1e-300))] }
      }
      return (laws, nil)
    case .cycle:
      let product = record.stations[s].product
      guard product < stations[s].cycles.count, let belief = stations[s].cycles[product] else { return nil }
      return (level.map { [Portable.log(belief.mean) + 0.1 * $0] }, product < record.products.count ? record.products[product] : "")
    case .microstops:
      guard let rate = stations[s].microstops else { return nil }
      let (z1, z2) = (Stratified.normals(n, stream.split("rate")), Stratified.normals(n, stream.split("exponent")))
      let laws = (0..<n).map { d in
        let draw = rate.draw(z1[d], z2[d])
        return [0.7 * level[d] - Portable.log(draw.interval), draw.exponent]
      }
      return (laws, nil)
    }
  }

  /// What such a law expects of a part, or of an operating second, in a minute; nil where a variable that it needs is not known.
  func rate(of activity: PlantReference.Activity, _ law: [Double], _ s: Int, _ minute: LineMinute) -> Double? {
    switch activity {
    case .scrap:
      var draw = ScrapPosterior.Draw(base: Portable.exp(law[1]), speedCoefficient: Portable.exp(law[2]), optima: [], curvatures: [])
      for k in stride(from: 3, to: law.count, by: 2) {
        draw.optima.append(law[k])
        draw.curvatures.append(Portable.exp(law[k + 1]))
      }
      return share(draw, s, minute).map { $0 * Portable.exp(law[0]) }
    case .cycle: return Portable.exp(law[0])
    case .microstops: return Portable.exp(law[0] + law[1] * Portable.log(max(minute.stations[s].ratio, 0.1)))
    }
  }
}
