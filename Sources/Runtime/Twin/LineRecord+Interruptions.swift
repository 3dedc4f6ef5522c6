import PlantModel
import Probability
import Quantities

/// How often the whole line, a station or a source has been closed so far, and for how long, for no reason that the plant folder knows: what a
/// forecast must expect of a calendar that it was not told.
struct Interruptions: Sendable {
  /// Seconds observed.
  var observed: Double
  /// Lengths of closures in which half of the stations or more stood at once.
  var closures: [Double]
  /// Lengths of the others, by station.
  var own: [[Double]]
  /// Lengths of gaps in supply.
  var gaps: [Double]
}

extension LineRecord {
  /// Closed spells of different stations that begin within ten minutes of each other are one interruption, as long as their mean. What the
  /// calendar, a campaign's changeovers or a tool's life foresee is none.
  func interruptions(at now: Instant) -> Interruptions {
    let hasCampaign = plant.sources.contains { !$0.campaign.isEmpty } && plant.products.count > 1
    var spells: [(start: Double, length: Double, station: Int)] = []
    for (s, list) in stops.enumerated() {
      for stop in list where stop.activity == .closed && stop.isSeenFromStart && stop.length(at: now) > 30 {
        let isForeseen =
          switch purpose(of: stop, at: s) {
          case .planned, .replacement: true
          case .changeover: hasCampaign && plant.stations[s].changeover != nil
          case .other: false
          }
        if !isForeseen { spells.append((stop.start.seconds, stop.length(at: now), s)) }
      }
    }
    spells.sort { ($0.start, $0.length, $0.station) < ($1.start, $1.length, $1.station) }
    var result = Interruptions(
      observed: Double(minutes.count) * 60, closures: [], own: stations.map { _ in [] },
      gaps: supplyGaps(0..<minutes.count).flatMap { $0.map { ($0.end - $0.start) * 60 } })
    var i = 0
    while i < spells.count {
      var j = i
      while j < spells.count, spells[j].start - spells[i].start < 600 { j += 1 }
      let together = spells[i..<j]
      // What stops half of the stations or more stops the line.
      if 2 * Set(together.map(\.station)).count >= stations.count {
        result.closures.append(together.reduce(0) { $0 + $1.length } / Double(together.count))
      } else {
        for spell in together { result.own[spell.station].append(spell.length) }
      }
      i = j
    }
    return result
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
      if lots[index].tells {
        // What took three times the design's interval or more is a gap, and counts there. Worth ten lots of the design.
        let usual = lots[index].intervals.filter { $0 < max(180, 3 * source.interval.mean) }
        return (usual.reduce(0, +) + 10 * source.interval.mean) / Double(usual.count + 10)
      }
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
