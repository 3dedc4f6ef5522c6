import Determinism
import OutputAnalysis
import Testing

private func stopped(_ precision: Precision, confidence: Double = 0.95, _ draw: () -> Double) -> SequentialStop {
  var stop = SequentialStop(at: precision, confidence: confidence)
  var planned = true
  while !stop.add(draw()) { planned = planned && stop.needed >= stop.nextLook && stop.nextLook > stop.count }
  #expect(planned, "until done there is always a next look, no later than what is thought to be needed")
  return stop
}

@Test(arguments: [(0.05, 0.9, false), (0.05, 0.95, false), (0.2, 0.9, true), (0.2, 0.95, true)])
func aStopDeliversItsPrecisionAndItsCoverage(share: Double, level: Double, skewed: Bool) {
  var covered = Coverage()
  for trial in 0..<400 {
    var stream = RandomStream(seed: UInt64(trial))
    let stop = stopped(.relative(share), confidence: level) { skewed ? stream.exponential() : 1 + 0.2 * stream.normal() }
    #expect(Precision.relative(share).holds(stop.estimate) && stop.estimate.count == stop.count && stop.needed == stop.count)
    covered.add(stop.interval, truth: 1, size: stop.count)
  }
  #expect(covered.holds(level, below: 0.02, above: 0.04), "\(covered.share)")
  // (z·cv/share)² values are needed when cv is known: 43 and 61 of the normal, 68 and 96 of the exponential law.
  let least = (level == 0.9 ? 1.645 : 1.96) * (skewed ? 1 : 0.2) / share
  #expect(covered.sizes.mean > least * least && covered.sizes.mean < 1.8 * least * least, "\(covered.sizes.mean)")
}

@Test func aStopDoesNotDependOnTheSizeOfBatches() {
  var stream = RandomStream(seed: 2)
  let values = (0..<3000).map { _ in 3 + stream.exponential() }
  var one = SequentialStop(at: .absolute(0.05))
  var looks = 0
  for value in values where !one.isDone {
    if one.count + 1 == one.nextLook { looks += 1 }
    one.add(value)
  }
  #expect(one.isDone && looks <= 8, "\(looks) looks")
  for batch in [7, 64, 1000] {
    var stop = SequentialStop(at: .absolute(0.05))
    var next = 0
    while !stop.isDone {
      for value in values[next..<next + batch] { stop.add(value) }
      next += batch
    }
    #expect(stop == one, "batches of \(batch)")
  }
}

@Test func aStopGrowsByDegreesWhenItKnowsLittle() {
  // The mean is 0: no relative precision is ever reached, and the plan must not run away.
  var stream = RandomStream(seed: 3)
  var stop = SequentialStop(at: .relative(0.01))
  var looks: [Int] = []
  for _ in 0..<20000 {
    if stop.count + 1 == stop.nextLook { looks.append(stop.nextLook) }
    stop.add(stream.normal())
  }
  #expect(!stop.isDone && looks[0] == 20 && zip(looks, looks.dropFirst()).allSatisfy { $1 <= 4 * $0 })
  // A figure that never varies is known after the first stage.
  var still = SequentialStop(at: .relative(0.01), firstStage: 5)
  while !still.add(7) {}
  #expect(still.count == 5 && still.estimate.halfWidth == 0 && still.interval.low == 7)
}
