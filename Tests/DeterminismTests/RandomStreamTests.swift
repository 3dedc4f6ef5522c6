import Determinism
import Foundation
import Testing

@Test func oneSeedAndPathGiveOneStreamForEver() {
  var a = RandomStream(seed: 7).split("replication").split(3).split("Filler")
  var b = RandomStream(seed: 7).split("replication").split(3).split("Filler")
  #expect((0..<100).map { _ in a.next() } == (0..<100).map { _ in b.next() })
  var c = RandomStream(seed: 7, "a", "b")
  var d = RandomStream(seed: 7).split("a").split("b")
  #expect(c.next() == d.next())
  // Recorded: a change of these is a change of every recorded run.
  var golden = RandomStream(seed: 42, "golden")
  #expect((0..<3).map { _ in golden.next() } == [9_115_990_345_843_550_562, 17_569_139_487_217_014_591, 10_222_919_907_803_149_243])
}

@Test func streamsOfDifferentPathsDiffer() {
  var first: Set<UInt64> = []
  var count = 0
  for seed in 0..<20 as Range<UInt64> {
    for name in ["", "a", "b", "ab", "Filler", "Capper"] {
      for number in -3..<4 {
        for stream in [RandomStream(seed: seed).split(name).split(number), RandomStream(seed: seed).split(number).split(name)] {
          var stream = stream
          first.insert(stream.next())
          count += 1
        }
      }
    }
  }
  #expect(first.count == count)
}

@Test func splittingDoesNotDependOnWhatWasDrawn() {
  var parent = RandomStream(seed: 5)
  var early = parent.split("x")
  for _ in 0..<17 { _ = parent.next() }
  var late = parent.split("x")
  #expect(early.next() == late.next())
}

@Test func aStreamIsSavedAndGoesOn() throws {
  for drawn in 0..<13 {
    var stream = RandomStream(seed: UInt64.max, "saved")
    for _ in 0..<drawn { _ = stream.next() }
    var back = try JSONDecoder().decode(RandomStream.self, from: JSONEncoder().encode(stream))
    #expect(back == stream && back.position == UInt64(drawn))
    var moved = RandomStream(seed: UInt64.max, "saved").moved(to: UInt64(drawn))
    for _ in 0..<9 {
      let word = stream.next()
      #expect(back.next() == word && moved.next() == word)
    }
  }
}

/// Means and variances within five standard errors, and the tails where the ziggurat changes its method.
@Test func variatesHaveTheirLaws() {
  let n = 400_000
  let size = Double(n)
  for seed in [1, 2, 3] as [UInt64] {
    var stream = RandomStream(seed: seed, "variates")
    let u = (0..<n).map { _ in stream.uniform() }
    #expect(u.allSatisfy { $0 > 0 && $0 < 1 })
    #expect((mean(u) - 0.5).magnitude < 5 * (1 / 12.0 / size).squareRoot())
    let e = (0..<n).map { _ in stream.exponential() }
    #expect(e.allSatisfy { $0 > 0 })
    #expect((mean(e) - 1).magnitude < 5 / size.squareRoot())
    #expect((mean(e.map { $0 * $0 }) - 2).magnitude < 5 * (20 / size).squareRoot())
    for t in [0.1, 1, 7.5, 8.0] { expectShare(e.count { $0 > t }, n, Portable.exp(-t)) }
    let z = (0..<n).map { _ in stream.normal() }
    #expect(mean(z).magnitude < 5 / size.squareRoot())
    #expect((mean(z.map { $0 * $0 }) - 1).magnitude < 5 * (2 / size).squareRoot())
    #expect(mean(z.map { $0 * $0 * $0 }).magnitude < 5 * (15 / size).squareRoot())
    for (t, tail) in [(0.5, 0.30853753872598690), (2, 0.022750131948179208), (3.7, 1.0779973347738824e-4)] {
      expectShare(z.count { $0 > t }, n, tail)
      expectShare(z.count { $0 < -t }, n, tail)
    }
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<n { counts[stream.integer(below: 7)] += 1 }
    for count in counts { expectShare(count, n, 1 / 7.0) }
    expectShare((0..<n).count { _ in stream.chance(0.03) }, n, 0.03)
  }
}

@Test func shufflingIsFairAndKeepsTheElements() {
  var stream = RandomStream(seed: 9, "shuffle")
  var first = [Int](repeating: 0, count: 5)
  for _ in 0..<50_000 {
    var a = [0, 1, 2, 3, 4]
    stream.shuffle(&a)
    #expect(a.reduce(0, +) == 10)
    first[a[0]] += 1
  }
  for count in first { expectShare(count, 50_000, 0.2) }
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// A count of n independent trials lies within five standard errors of its probability.
private func expectShare(_ count: Int, _ n: Int, _ p: Double) {
  let error = (Double(count) / Double(n) - p).magnitude
  #expect(error < 5 * (p * (1 - p) / Double(n)).squareRoot(), "\(count) of \(n), expected a share of \(p)")
}
