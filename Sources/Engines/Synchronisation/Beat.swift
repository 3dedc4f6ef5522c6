/// Whether a sensor looks at a steady beat: then its silence tells that nothing has changed.
struct Beat: Sendable {
  let period: Double
  private var last = 0.0
  private var inRow = 0

  init(period: Double) { self.period = period }

  mutating func note(_ time: Double) {
    let beats = (time - last) / period
    inRow = abs(beats - beats.rounded()) * period < 2e-3 ? inRow + 1 : 0
    last = time
  }

  /// An instant at which it looked; nil: it tells at no beat, or too little is known.
  var phase: Double? { inRow >= 3 ? last : nil }

  /// Whether `time` lies on the beat; nil: no beat is known.
  func contains(_ time: Double) -> Bool? {
    guard let phase else { return nil }
    let beats = (time - phase) / period
    return abs(beats - beats.rounded()) * period < 2e-3
  }
}
