import Quantities
import Testing
import Twin

@Test func ninetyPerCentIntervalsHoldTheTruth() {
  var (inside, total) = (0, 0)
  var misses: [String] = []
  for seed in 0..<3 {
    var line = TestLine(seed: 100 + seed)
    line.run(toHours: 4)
    var twin = Twin(plant: line.plant, seed: UInt64(seed), configuration: .small)
    twin.follow(line.samples)
    for (m, machine) in line.machines.enumerated() {
      let truth: [(ParameterEstimate.Parameter, Double)] = [
        (.cycle, machine.cycle), (.mtbf, machine.mtbf), (.mttr, machine.mttr), (.microstopInterval, machine.micro),
        (.microstopLength, machine.microLength), (.scrap, machine.scrap),
      ]
      for (parameter, value) in truth {
        guard let estimate = twin.calibration.estimate("M\(m + 1)", parameter) else {
          Issue.record("no estimate of \(parameter) at M\(m + 1)")
          continue
        }
        total += 1
        if estimate.low <= value && value <= estimate.high {
          inside += 1
        } else {
          misses.append("seed \(seed) M\(m + 1) \(parameter): \(value) not in [\(estimate.low), \(estimate.high)]")
        }
        if parameter == .cycle { #expect(abs(estimate.mean / value - 1) < 0.02) }
      }
    }
  }
  print("calibration: \(inside) of \(total) true values inside their 90 % intervals; missed: \(misses)")
  #expect(Double(inside) >= 0.8 * Double(total))
}

@Test func forecastHoldsWhatComes() {
  var held = 0
  for seed in 0..<4 {
    var line = TestLine(seed: 200 + seed)
    line.run(toHours: 1.5)
    var twin = Twin(plant: line.plant, seed: UInt64(seed), configuration: .small)
    twin.follow(line.samples)
    let before = line.good
    let forecast = twin.forecast(horizon: .hours(1), replications: 40)
    line.run(toHours: 2.5)
    let rate = Double(line.good - before)
    if forecast.goodPerHour.low <= rate && rate <= forecast.goodPerHour.high { held += 1 }
    #expect(forecast.bands.count == 60)
    for (a, b) in zip(forecast.bands, forecast.bands.dropFirst()) { #expect(a.p50 <= b.p50 && b.p05 <= b.p50 && b.p50 <= b.p95) }
    // Slower machines make less.
    let slow = twin.forecast(horizon: .hours(1), setpoints: ["M1/MachSpeed": 9, "M2/MachSpeed": 9, "M3/MachSpeed": 9], replications: 40)
    #expect(slow.goodPerHour.mean < 0.9 * forecast.goodPerHour.mean)
  }
  #expect(held >= 3)
}
