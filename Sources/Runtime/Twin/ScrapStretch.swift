import Determinism
import Estimation
import Quantities

/// A stretch of production at unchanged set-points: how many parts, how many of them rejected, and where the variables stood.
struct ScrapStretch: Sendable {
  var parts: Double
  var rejects: Double
  var ratio: Double
  var values: [Double]
  /// Hours before now.
  var age: Double

  var share: Double { rejects / parts }

  /// Variance of the share if `p` is right; of a share of next to none, as of one reject in all parts.
  func variance(at p: Double) -> Double {
    let q = min(max(p, 0.5 / parts), 0.95)
    return q * (1 - q) / parts
  }
}

extension Twin {
  /// The newest stretches of station s, oldest first: cut where a set-point or the speed changes and after `minutes` at most. The first five minutes
  /// at new set-points are left out, for variables take their time.
  func scrapStretches(of s: Int, minutes most: Int) -> [ScrapStretch] {
    let variables = roles.scrapVariables[s]
    let now = calibration.at
    var stretches: [ScrapStretch] = []
    var open: (minutes: Int, stretch: ScrapStretch)?
    var (setpoints, settled) = ([Double](), 0)
    func flush() {
      // Ten rejects or a hundred parts make a share that a normal law describes tolerably.
      if let open, open.stretch.rejects >= 10 || open.stretch.parts >= 100 {
        var stretch = open.stretch
        stretch.values = stretch.values.map { $0 / stretch.parts }
        stretches.append(stretch)
      }
      open = nil
    }
    for minute in record.minutes {
      let m = minute.stations[s]
      if minute.setpoints != setpoints { (setpoints, settled) = (minute.setpoints, 0) }
      settled += 1
      let values = variables.map { v in minute.values[v].isFinite ? minute.values[v] : calibrator.setpoint(of: v, in: minute) ?? .nan }
      guard settled > 5, m.processed > 0, values.allSatisfy({ $0.isFinite }) else {
        if settled <= 5 { flush() }
        continue
      }
      if let here = open, here.minutes >= most || abs(here.stretch.ratio - m.ratio) > 0.002 { flush() }
      let age = max(0, (now - Instant(seconds: Double(minute.minute) * 60)).hours)
      var (count, stretch) = open ?? (0, ScrapStretch(parts: 0, rejects: 0, ratio: m.ratio, values: values.map { _ in 0 }, age: age))
      count += 1
      stretch.parts += Double(m.processed)
      stretch.rejects += Double(m.rejected)
      stretch.age = age
      for (k, x) in values.enumerated() { stretch.values[k] += x * Double(m.processed) }
      open = (count, stretch)
    }
    flush()
    return stretches
  }
}
