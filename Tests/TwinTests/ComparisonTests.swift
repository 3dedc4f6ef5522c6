import LineModel
import PlantModel
import Quantities
import Testing
import Twin

@Test func withoutAChangeTheGainIsNothing() throws {
  var scores: [Double] = []
  var hours: [Double] = []
  for seed in 0..<3 {
    var line = TestLine(seed: 300 + seed)
    line.run(toHours: 4)
    var twin = Twin(plant: line.plant, seed: UInt64(seed), configuration: .small)
    twin.follow(line.samples)
    let comparison = twin.comparison(from: line.start + .hours(2.5), to: line.start + .hours(4), baseline: line.plant.designSetpoints, runs: 8)
    // The whole span in windows; the last may be cut off.
    let whole = Int(1.5 * 3600 / TwinConfiguration.small.comparisonWindow.seconds)
    #expect(comparison.windows.count == whole || comparison.windows.count == whole - 1)
    #expect(comparison.referenceWindows >= 10)
    for window in comparison.windows {
      scores.append(window.gain / window.sd)
      #expect(window.missingShare == 0 && window.sd > 0 && window.valueSD > 0)
    }
    let total = try #require(comparison.meanGain(.goodPartsPerHour))
    hours.append(total.mean / total.sd)
  }
  let mean = scores.reduce(0, +) / Double(scores.count)
  let sd = (scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(scores.count - 1)).squareRoot()
  print("null gains: \(scores.count) windows, z mean \(mean), sd \(sd); whole \(hours)")
  #expect(abs(mean) < 0.5)
  #expect(sd > 0.4 && sd < 1.5)
  #expect(hours.allSatisfy { abs($0) < 3 })
}

@Test func aKnownGainIsFoundAndAHarmToo() throws {
  for factor in [1.15, 0.85] {
    var (found, truths) = (0.0, 0.0)
    var errors: [Double] = []
    for seed in 0..<2 {
      var line = TestLine(seed: 400 + seed)
      line.run(toHours: 3)
      var untouched = line
      untouched.run(toHours: 5)
      for m in line.machines.indices { line.machines[m].speed *= factor }
      let before = line.good
      line.run(toHours: 5)
      var twin = Twin(plant: line.plant, seed: UInt64(seed), configuration: .small)
      twin.follow(line.samples)
      let comparison = twin.comparison(from: line.start + .hours(3.05), to: line.start + .hours(5), baseline: line.plant.designSetpoints, runs: 8)
      let total = try #require(comparison.meanGain(.goodPartsPerHour))
      let truth = Double((line.good - before) - (untouched.good - before)) / 2
      found += total.mean / 2
      truths += truth / 2
      errors.append((total.mean - truth) / total.sd)
      let value = try #require(comparison.meanGain(.valuePerHour))
      #expect((value.mean > 0) == (total.mean > 0))
    }
    print("speed × \(factor): gain \(found) per hour, by the untouched twin of the plant \(truths); errors in sd \(errors)")
    #expect((found > 15) == (factor > 1) && (found < -15) == (factor < 1))
    #expect(abs(found - truths) < 0.6 * abs(truths) + 10)
  }
}
