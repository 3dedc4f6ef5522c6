import PlantModel
import Quantities

/// A product that the line releases and a station does not work on yet: the parts of the one before it come first.
struct ComingProduct: Sendable, Hashable {
  /// As in `LineRecord.products`.
  var product: Int
  /// Parts of the product before it that the station and those beside it still finish. Nil: nobody before the station works on this one yet.
  var ahead: Int?
}

extension LineRecord {
  /// By so many parts counts may be off, and a machine that should be set up by then may be about to.
  private static let slack = 20
  /// Who counts nothing passes nothing on: of more products than that the oldest is taken to have come.
  private static let mostComing = 8

  /// The line releases another product. A station works on it from its next changeover on, or once the parts before it are finished.
  mutating func fold(product name: String, at t: Instant) {
    let new = index(of: name)
    defer { product = name }
    guard let before = product else {
      for s in stations.indices { stations[s].product = new }
      return
    }
    guard before != name else { return }
    passOverSetUps(from: t)
    let rests = runs.indices.map { rest(of: before, from: $0) }
    for k in runs.indices { runs[k] = RunProgress(levelAtStart: level(before: k) + rests[k]) }
    let reached = reachedStations(from: sourceBuffers.indices.filter(isReleasing))
    for s in stations.indices {
      guard reached.contains(s) else {
        stations[s].product = new
        continue
      }
      stations[s].coming.append(ComingProduct(product: new))
      if stations[s].coming.count > LineRecord.mostComing { beginNextProduct(s) }
      guard let b = inputs[s].first?.buffer, let k = suppliers[b].first(where: isReleasing) else { continue }
      noteChange(stations[s].coming.count - 1, at: s, with: standing(in: b) + rests[k])
    }
  }

  /// Station `s` has finished pieces: they were taken from those that stand before it and those beside it.
  mutating func passProducts(_ pieces: Int, of s: Int) {
    guard let input = inputs[s].first else { return }
    for other in takers[input.buffer] {
      guard let ahead = stations[other].coming.first?.ahead else { continue }
      let left = ahead - pieces * input.count
      stations[other].coming[0].ahead = left
      if left < (isToldOfSetUps(other) ? -LineRecord.slack : 0) { beginNextProduct(other) }
    }
  }

  /// A changeover of station `s` is over. Where many parts of the present product should still come, it was for something else.
  mutating func endChangeover(of s: Int) {
    guard let next = stations[s].coming.first else { return }
    let lot = inputs[s].first.flatMap { suppliers[$0.buffer].map { plant.sources[$0].lot }.max() } ?? 0
    if next.ahead ?? 0 <= LineRecord.slack + lot { beginNextProduct(s) }
  }

  private mutating func beginNextProduct(_ s: Int) {
    stations[s].product = stations[s].coming.removeFirst().product
    let passed = stations[s].coming.count
    for b in [outputs[s], reworks[s]].compactMap({ $0 }) {
      for next in takers[b] where stations[next].coming.count > passed {
        let i = stations[next].coming.count - 1 - passed
        if stations[next].coming[i].ahead == nil { noteChange(i, at: next, with: standing(in: b)) }
      }
    }
  }

  /// - Parameters:
  ///   - i: which of the products that are to come to station `s`.
  ///   - parts: those that stand before it, of all products before that one.
  private mutating func noteChange(_ i: Int, at s: Int, with parts: Int) {
    let earlier = stations[s].coming[..<i].reduce(0) { $0 + max(0, $1.ahead ?? 0) }
    stations[s].coming[i].ahead = max(0, parts - earlier)
  }

  /// Parts in a buffer and in the hands of those who take from it; in one of which nothing is known, none if it has no limit.
  private func standing(in b: Int) -> Int {
    guard levels[b].supplied, !levels[b].measured else { return levels[b].parts }
    return levels[b].capacity < LineRecord.mostParts ? levels[b].level : 0
  }

  /// Parts of the run's last lot that come in although the next run is released already; below 0: parts of the next run that came in before that was
  /// told. A lot comes in at once, and the level that holds it is told later or sooner. 0 where the run's beginning was not seen.
  private func rest(of product: String, from k: Int) -> Int {
    guard let released = released(k), let run = plant.sources[k].campaign.first(where: { $0.product == product }) else { return 0 }
    let rest = run.quantity - released
    return abs(rest) < plant.sources[k].lot ? rest : 0
  }

  /// Whether source `k` lets in the products: one with a campaign, or any where none has.
  private func isReleasing(_ k: Int) -> Bool { !plant.sources[k].campaign.isEmpty || plant.sources.allSatisfy { $0.campaign.isEmpty } }

  private func isToldOfSetUps(_ s: Int) -> Bool { plant.stations[s].changeover != nil && plant.stations[s].tags.state != nil }
}
