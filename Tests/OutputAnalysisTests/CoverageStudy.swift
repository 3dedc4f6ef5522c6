import Determinism
import Foundation
import OutputAnalysis
import Testing

/// The full study: 1,000 macro-replications of each cell, a table on standard output. Run it in release with TAKT_STUDY=1.
///
/// Accepted is nominal − 2 % … nominal + 3 %, give or take three standard errors. Rows marked
/// "shown" are not judged: runs too short, or a simpler way beside.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil), .serialized)
struct CoverageStudy {
  static let trials = 1000
  static let levels = [0.90, 0.95]

  private func report(_ name: String, _ coverages: [Coverage], judged: Bool = true) {
    var line = name.padding(toLength: 58, withPad: " ", startingAt: 0)
    for (level, coverage) in zip(Self.levels, coverages) {
      let good = coverage.holds(level, below: 0.02, above: 0.03)
      let mark = !judged ? "shown" : good ? "" : "OUT"
      line += String(
        format: "| %.0f%%: %5.1f %% ±%5.1f %% %@ ", level * 100, coverage.share * 100, coverage.arms.mean * 100,
        mark.padding(toLength: 5, withPad: " ", startingAt: 0))
      if judged { #expect(good, "\(name): \(coverage.share) at \(level)") }
    }
    print(line + (coverages[0].sizes.mean > 0 ? String(format: "| n %.0f / %.0f", coverages[0].sizes.mean, coverages[1].sizes.mean) : ""))
  }

  private func judge(
    _ name: String, truth: Double, judged: Bool = true, _ interval: (UInt64, Double) -> (ConfidenceInterval, Int)
  ) {
    var coverages = [Coverage(), Coverage()]
    for trial in 0..<Self.trials {
      for (i, level) in Self.levels.enumerated() {
        let (found, size) = interval(UInt64(trial), level)
        coverages[i].add(found, truth: truth, size: size)
      }
    }
    report(name, coverages, judged: judged)
  }

  private func seed(_ trial: UInt64, _ replication: Int) -> UInt64 { StableHash.mix(trial &* 100_003 &+ UInt64(replication)) }

  private func queueMean(_ rho: Double, _ seed: UInt64, warmUp: Int, _ count: Int) -> Double {
    var queue = Queue(rho: rho, seed: seed)
    for _ in 0..<warmUp { _ = queue.next() }
    var sum = 0.0
    for _ in 0..<count { sum += queue.next() }
    return sum / Double(count)
  }

  private func lineMean(_ seed: UInt64, warmUp: Int, _ count: Int) -> Double {
    var line = TenMachineLine(seed: seed)
    for _ in 0..<warmUp { _ = line.next() }
    var sum = 0.0
    for _ in 0..<count { sum += line.next() }
    return sum / Double(count)
  }

  @Test func replications() {
    for (rho, warmUp, lengths) in [(0.5, 100, [500, 2000]), (0.8, 500, [2000, 8000]), (0.9, 2000, [2000, 10000, 30000])] {
      for length in lengths {
        for n in [10, 30] {
          var student = [Coverage(), Coverage()]
          var skewed = student
          for trial in 0..<Self.trials {
            let values = (0..<n).map { queueMean(rho, seed(UInt64(trial), $0), warmUp: warmUp, length) }
            for (i, level) in Self.levels.enumerated() {
              student[i].add(ConfidenceInterval(Estimate(of: values, confidence: level)), truth: Queue.meanWait(rho: rho))
              skewed[i].add(ConfidenceInterval(of: values, confidence: level), truth: Queue.meanWait(rho: rho))
            }
          }
          report("(a) M/M/1 \(rho), \(n) x \(length), Student", student, judged: false)
          report("(a) M/M/1 \(rho), \(n) x \(length), skewness", skewed, judged: length > 2000 || rho == 0.5)
        }
      }
    }
    for length in [500, 2000] {
      var student = [Coverage(), Coverage()]
      var skewed = student
      for trial in 0..<Self.trials {
        let values = (0..<10).map { lineMean(seed(UInt64(trial), $0), warmUp: 1000, length) }
        for (i, level) in Self.levels.enumerated() {
          student[i].add(ConfidenceInterval(Estimate(of: values, confidence: level)), truth: TenMachineLine.meanCycle)
          skewed[i].add(ConfidenceInterval(of: values, confidence: level), truth: TenMachineLine.meanCycle)
        }
      }
      report("(a) ten machines, 10 x \(length), Student", student)
      report("(a) ten machines, 10 x \(length), skewness", skewed)
    }
  }

  /// The warm-up is not known beforehand here: MSER-5 finds it from replications' mean. The last column is its mean length.
  @Test func truncatedReplications() {
    func rows(_ name: String, truth: Double, _ run: (UInt64) -> [Double]) {
      var table = Array(repeating: [Coverage(), Coverage()], count: 3)
      for trial in 0..<Self.trials {
        let runs = (0..<10).map { run(seed(UInt64(trial), $0)) }
        let pilots = (0..<10).map { run(seed(UInt64(trial), 50 + $0)) }
        let cuts = [min(2 * WarmUp(mser5: WarmUp.mean(of: pilots)).length, runs[0].count / 2), WarmUp(mser5: WarmUp.mean(of: runs)).length, 0]
        for (row, cut) in cuts.enumerated() {
          let means = runs.map { $0[cut...].reduce(0, +) / Double($0.count - cut) }
          for (i, level) in Self.levels.enumerated() {
            table[row][i].add(ConfidenceInterval(of: means, confidence: level), truth: truth, size: cut)
          }
        }
      }
      report("(a) \(name), cut at twice MSER-5 of pilots", table[0])
      report("(a) \(name), cut once, of the same runs", table[1], judged: false)
      report("(a) \(name), not cut", table[2], judged: false)
    }
    for (rho, length) in [(0.5, 1000), (0.8, 4000), (0.9, 10000)] {
      rows("M/M/1 \(rho), 10 x \(length)", truth: Queue.meanWait(rho: rho)) {
        var queue = Queue(rho: rho, seed: $0)
        return queue.run(length)
      }
    }
    rows("ten machines, 10 x 2000", truth: TenMachineLine.meanCycle) {
      var line = TenMachineLine(seed: $0)
      return line.run(2000)
    }
  }

  private func oneRun(_ name: String, truth: Double, judged: Bool, _ run: (UInt64) -> [Double]) {
    var skart = [Coverage(), Coverage()]
    var bounded = skart
    var fixed = skart
    var overlapping = skart
    var flagged = 0
    for trial in 0..<Self.trials {
      let series = run(seed(UInt64(trial), 7))
      var kept = BatchSeries()
      for value in series { kept.add(value) }
      for (i, level) in Self.levels.enumerated() {
        let found = SteadyState(of: series, confidence: level)
        skart[i].add(found.interval, truth: truth, size: found.batchSize)
        if i == 0 && !found.isLongEnough { flagged += 1 }
        bounded[i].add(SteadyState(of: kept, confidence: level).interval, truth: truth)
        let after = Array(series.dropFirst(series.count / 20))
        fixed[i].add(ConfidenceInterval(BatchMeans.estimate(of: after, batches: 20, confidence: level)), truth: truth)
        overlapping[i].add(ConfidenceInterval(BatchMeans.overlapping(after, size: after.count / 20, confidence: level)), truth: truth)
      }
    }
    report("(b) \(name), found batches, \(flagged) flagged", skart, judged: judged)
    report("(b) \(name), found, bounded memory", bounded, judged: judged)
    report("(b) \(name), 20 batches", fixed, judged: false)
    report("(b) \(name), overlapping, 1/20", overlapping, judged: false)
  }

  @Test func oneLongRun() {
    for (rho, lengths, least) in [
      (0.5, [5000, 20000], 5000), (0.8, [5000, 20000, 100_000], 20000), (0.9, [10000, 50000, 200_000, 400_000], 50000),
    ] {
      for length in lengths {
        oneRun("M/M/1 \(rho), \(length)", truth: Queue.meanWait(rho: rho), judged: length >= least) {
          var queue = Queue(rho: rho, seed: $0)
          return queue.run(length)
        }
      }
    }
    for length in [5000, 20000] {
      oneRun("ten machines, \(length)", truth: TenMachineLine.meanCycle, judged: true) {
        var line = TenMachineLine(seed: $0)
        return line.run(length)
      }
    }
  }

  @Test func sequentialStop() {
    func stop(_ trial: UInt64, _ level: Double, _ precision: Precision, _ run: (UInt64) -> Double) -> (ConfidenceInterval, Int) {
      var stop = SequentialStop(at: precision, confidence: level)
      while !stop.add(run(seed(trial, stop.count))) {}
      return (stop.interval, stop.count)
    }
    for (rho, warmUp, length, precision) in [
      (0.5, 100, 1000, 0.05), (0.5, 100, 1000, 0.02), (0.8, 500, 4000, 0.05), (0.9, 2000, 10000, 0.10), (0.9, 2000, 10000, 0.05),
    ] {
      judge("(c) M/M/1 \(rho), runs of \(length), to \(precision)", truth: Queue.meanWait(rho: rho)) { trial, level in
        stop(trial, level, .relative(precision)) { queueMean(rho, $0, warmUp: warmUp, length) }
      }
    }
    for precision in [0.02, 0.01] {
      judge("(c) ten machines, runs of 500, to \(precision)", truth: TenMachineLine.meanCycle) { trial, level in
        stop(trial, level, .relative(precision)) { lineMean($0, warmUp: 1000, 500) }
      }
    }
    for (name, skew) in [("normal, cv 0.2", false), ("exponential", true)] {
      for precision in [0.05, 0.1, 0.2] where !(skew && precision == 0.05) {
        judge("(c) \(name), to \(precision)", truth: 1) { trial, level in
          stop(trial, level, .relative(precision)) {
            var stream = RandomStream(seed: $0)
            return skew ? stream.exponential() : 1 + 0.2 * stream.normal()
          }
        }
      }
    }
  }

  @Test func quantiles() {
    for (rho, p, length) in [(0.5, 0.9, 20000), (0.8, 0.9, 50000), (0.8, 0.9, 200_000), (0.9, 0.95, 400_000)] {
      let truth = Portable.log(rho / (1 - p)) / (1 - rho)
      var sections = [Coverage(), Coverage()]
      var streamed = sections
      for trial in 0..<Self.trials {
        var queue = Queue(rho: rho, seed: seed(UInt64(trial), 3), settled: true)
        let series = queue.run(length)
        var kept = RunQuantiles()
        for value in series { kept.add(value) }
        for (i, level) in Self.levels.enumerated() {
          sections[i].add(Quantile.sectioned(series, at: p, confidence: level), truth: truth)
          streamed[i].add(kept.interval(at: p, confidence: level), truth: truth)
        }
      }
      report("(d) M/M/1 \(rho), \(p)-quantile, \(length), sections", sections)
      report("(d) M/M/1 \(rho), \(p)-quantile, \(length), bounded memory", streamed)
    }
    judge("(d) 60 independent, 0.8-quantile, order statistics", truth: -Portable.log(0.2), judged: false) { trial, level in
      var stream = RandomStream(seed: trial)
      return (Quantile.interval((0..<60).map { _ in stream.exponential() }, at: 0.8, confidence: level), 60)
    }
  }
}
