import Quantities
import Supervision
import Twin

/// Good parts since the newest forecast was made, at the minutes at which it made a statement: reality beside the twin.
struct GoodPartsRecord {
  private var at: Instant?
  private var start = 0
  private(set) var actual: [Double: Double] = [:]

  mutating func note(_ kernel: PlantKernel, at now: Instant) {
    guard let (forecast, goodBefore) = kernel.forecast else { return }
    let good = kernel.twin.good
    if forecast.at != at { (at, start, actual) = (forecast.at, goodBefore, [:]) }
    for band in forecast.bands where actual[band.minute] == nil && now - forecast.at >= .minutes(band.minute) {
      // Noted at the first look after the minute: later ones would count parts of the next.
      actual[band.minute] = Double(good - start)
    }
  }
}
