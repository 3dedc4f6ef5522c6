import PlantModel
import Probability
import Quantities

/// How often the whole line or a source has been closed so far, and for how long: what a forecast must expect of a calendar it does not know.
struct Interruptions: Sendable {
  /// Seconds observed.
  var observed: Double
  /// Lengths of closures in which several stations, or the only one, stood at once; and of gaps in supply.
  var closures: [Double]
  var gaps: [Double]
}

extension LineRecord {
  /// Closed spells of different stations that begin within ten minutes of each other are one interruption, as long as their mean.
  func interruptions(at now: Instant) -> Interruptions {
    let observed = Double(minutes.count) * 60
    var spells: [(start: Double, length: Double)] = []
    for list in stops {
      for stop in list where stop.activity == .closed && stop.length(at: now) > 30 { spells.append((stop.start.seconds, stop.length(at: now))) }
    }
    spells.sort { ($0.start, $0.length) < ($1.start, $1.length) }
    var closures: [Double] = []
    var i = 0
    while i < spells.count {
      var j = i
      var sum = 0.0
      while j < spells.count, spells[j].start - spells[i].start < 600 {
        sum += spells[j].length
        j += 1
      }
      // What stops half of the stations or more stops the line.
      let longest = spells[i..<j].map(\.length).max() ?? 0
      closures.append(2 * (j - i) >= stations.count ? sum / Double(j - i) : longest / 2)
      i = j
    }
    return Interruptions(observed: observed, closures: closures, gaps: supplyGaps(0..<minutes.count).flatMap { $0.map { ($0.end - $0.start) * 60 } })
  }

  /// For each source: spells (in minutes from the first of `range`) in which nothing came although there was room for a lot.
  func supplyGaps(_ range: Range<Int>) -> [[(start: Double, end: Double)]] {
    plant.sources.map { source in
      guard let b = plant.buffers.firstIndex(where: { $0.name == source.into }), levels[b].measured else { return [] }
      let long = max(3, 3 * source.interval.mean / 60)
      var gaps: [(start: Double, end: Double)] = []
      var begin: Int?
      for i in range {
        let isDry = minutes[i].supplied[b] == 0 && minutes[i].levels[b] + source.lot <= levels[b].capacity
        if isDry && begin == nil {
          // It began when the last parts came, though the buffer was too full to show it.
          var first = i
          while first > range.lowerBound, minutes[first - 1].supplied[b] == 0 { first -= 1 }
          begin = first
        }
        if let start = begin, !isDry || i == range.upperBound - 1 {
          let end = isDry ? i + 1 : i
          if Double(end - start) > long { gaps.append((Double(start - range.lowerBound), Double(end - range.lowerBound))) }
          begin = nil
        }
      }
      return gaps
    }
  }

  /// Seconds between lots of each source, from minutes in which there was room; the design's where too little was seen.
  var supplyIntervals: [Double?] {
    plant.sources.map { source in
      guard let b = plant.buffers.firstIndex(where: { $0.name == source.into }), levels[b].measured else { return nil }
      let index = plant.sources.firstIndex(of: source)!
      let gaps = supplyGaps(0..<minutes.count)[index]
      var (parts, open) = (0.0, 0.0)
      for (i, minute) in minutes.enumerated() {
        guard minute.levels[b] + 2 * source.lot <= levels[b].capacity else { continue }
        if gaps.contains(where: { Double(i) >= $0.start && Double(i) < $0.end }) { continue }
        parts += Double(minute.supplied[b])
        open += 60
      }
      // Worth ten lots of the design.
      let lots = parts / Double(source.lot)
      return (open + 10 * source.interval.mean) / (lots + 10)
    }
  }
}
