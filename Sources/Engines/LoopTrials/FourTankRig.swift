internal import ContinuousPlants

/// The four tanks with their second level under an inner PI loop on pump 2: what an outer loop on pump 1 sees as its plant, second by second.
struct FourTankRig {
  /// Johansson's pumps and operating point; 4 s between two settings of pump 2.
  static let interval = 4.0
  /// What no level may leave, cm.
  static let envelope = 0.2...20.0

  var plant: FourTank
  private(set) var levels: [Double]
  /// Of the second level, cm.
  let target: Double
  private var integral: Double
  private(set) var isInsideEnvelope = true

  init(_ plant: FourTank) {
    self.plant = plant
    levels = plant.steadyLevels
    target = levels[1]
    integral = plant.voltages[1]
  }

  /// Holds pump 1 at v for a time, with pump 2 following its loop.
  mutating func hold(_ v: Double, for span: Double) {
    plant.voltages[0] = min(max(v, 0), 10)
    for _ in 0..<Int((span / Self.interval).rounded()) {
      let error = target - levels[1]
      // SIMC on the minimum-phase setting's gain; the same sign holds on the other side. No wind-up at the pump's limits.
      let next = integral + 0.012 * Self.interval * error
      if (0...10).contains(next) { integral = next }
      plant.voltages[1] = min(max(integral + 0.9 * error, 0), 10)
      step()
    }
  }

  /// Two Runge–Kutta steps of half an interval: the fastest tank takes 23 s.
  private mutating func step() {
    let h = Self.interval / 2
    var x = SIMD4(levels[0], levels[1], levels[2], levels[3])
    for _ in 0..<2 {
      let a = plant.slope(x)
      let b = plant.slope(x + a * (h / 2))
      let c = plant.slope(x + b * (h / 2))
      let d = plant.slope(x + c * h)
      x += (a + 2 * b + 2 * c + d) * (h / 6)
      x.replace(with: 0, where: x .< 0)
    }
    for i in 0..<4 {
      levels[i] = x[i]
      if !Self.envelope.contains(x[i]) { isInsideEnvelope = false }
    }
  }
}
