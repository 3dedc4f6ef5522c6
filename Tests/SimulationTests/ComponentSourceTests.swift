import Probability
import Simulation
import Testing

/// Sources before one station.
private func line(_ source: SourceSpec, cycle: Double = 1, capacity: Int = BufferSpec.unlimited, products: [ProductSpec] = []) -> LineSpec {
  LineSpec(stations: [station("M", from: [0], cycle: cycle)], buffers: [buffer("In", capacity)], sources: [source], products: products)
}

@Test func aSourceDeliversLotsUntilItsLimit() throws {
  // Lots of three come due at 10 and 20; the second is cut to two by the limit of five.
  let result = try run(line(source("S", into: 0, lot: 3, every: 10) { $0.limit = 5 }), to: 100)
  #expect(result.departures == [11, 12, 13, 21, 22])
  #expect(result.sources[0].delivered == 5 && result.sources[0].lost == 0)
  #expect(try run(line(source("S", into: 0, every: 10) { $0.limit = 0 }), to: 100).delivered == [0])
}

@Test func aMixHasItsShares() throws {
  let products = ["A", "B", "C"].map { ProductSpec(name: $0) }
  let result = try run(line(source("S", into: 0, every: 1) { $0.mix = [0.2, 0.3, 0.5] }, cycle: 0.5, products: products), to: 8000.75)
  #expect(result.good == 8000 && result.products.reduce(0) { $0 + $1.good } == 8000)
  for (product, share) in zip(result.products, [0.2, 0.3, 0.5]) { expectShare(product.good, of: 8000, share, product.name) }
  #expect(result.products.allSatisfy { $0.leadTime.mean == 0.5 })
}

@Test func ordersAreReleasedDoneAndLate() throws {
  // Work of 2 s a part. "a" 2 parts at 0: done at 4, due at 3. "b" one at 5: done at 7, due at 10. "c" 3 parts at 6: 7 to 13, due at 8.
  var spec = source("S", into: 0, every: 1)
  spec.orders = [
    OrderSpec(name: "a", quantity: 2, release: 0, due: 3), OrderSpec(name: "b", quantity: 1, release: 5, due: 10),
    OrderSpec(name: "c", quantity: 3, release: 6, due: 8), OrderSpec(name: "d", quantity: 1, release: 12.5),
  ]
  let result = try run(line(spec, cycle: 2), to: 14)
  #expect(result.departures == [2, 4, 7, 9, 11, 13])
  #expect(completions(result) == [4, 7, 13, nil])
  #expect(result.orders.map(\.tardiness) == [1, 0, 5, nil])
  #expect(result.orders.map(\.good) == [2, 1, 3, 0] && result.orders.map(\.due) == [3, 10, 8, nil])
  // Lead times from the release: 2, 4; 2; 3, 5, 7.
  #expect((result.leadTime.mean - 23 / 6).magnitude < 1e-12 && result.leadTime.most == 7)
  // What is scrapped is done too, and no good.
  var spoilt = line(spec, cycle: 2)
  spoilt.stations[0].scrap = 1
  let scrapped = try run(spoilt, to: 14)
  #expect(completions(scrapped) == [4, 7, 13, nil] && scrapped.orders.map(\.scrapped) == [2, 1, 3, 0] && scrapped.good == 0)
}

@Test func outagesComeBackEveryPeriod() throws {
  // Closed 5 to 18 of every 30: what is due at 10 comes at 18, then 28; 38 comes at 48, then 58; 68 comes at 78.
  let spec = source("S", into: 0, every: 10) { ($0.outages, $0.outagePeriod) = ([ClosureSpec(start: 5, end: 18)], 30) }
  #expect(try run(line(spec), to: 85).departures == [19, 29, 49, 59, 79])
}

/// Deliveries at exponential intervals (rate 1), interruptions at rate 0.1, each over at rate 0.2; the lot that comes due meanwhile comes at the
/// end, and only then does the next interval begin. States: up p; down, not due q; down, due r. Balance: q·1.2 = 0.1·p, r·0.2 = q, so
/// p = 2/3, q = 1/18, r = 5/18. Deliveries a second = 1·p + 0.2·r = 13/18.
@Test func interruptionsOfTheSupplyHaveTheirExactRate() throws {
  var spec = SourceSpec(name: "S", into: 0, lot: 1, interval: .exponential(mean: 1))
  spec.interruption = StoppageSpec(interval: .exponential(mean: 10), length: .exponential(mean: 5))
  try expectMean(13 / 18.0, of: line(spec, cycle: 0.1), horizon: 2500, warmUp: 50, "delivered") { Double($0.delivered[0]) / $0.span }
}

@Test func anInterruptionPutsTheLotOff() throws {
  // Lots due every 4; the supply is interrupted from 10 to 17: 4, 8, then 12 comes at 17, then 21; 27 to 34: 25, then 29 comes at 34.
  let spec = source("S", into: 0, every: 4) { $0.interruption = StoppageSpec(interval: .constant(10), length: .constant(7)) }
  #expect(try run(line(spec), to: 36).departures == [5, 9, 18, 22, 26, 35])
}

@Test func aLossySourceLosesWhatFindsNoRoom() throws {
  // Room for one before 10 s of work. 3 goes to work, 6 waits, 9 and 12 are lost; at 13 the one of 6 goes to work, 15 waits, 18 and 21 are lost;
  // 24 waits, 27 and 30 are lost; at 33 a part is done first, so the one of 33 finds room.
  let spec = source("S", into: 0, every: 3) { $0.isLossy = true }
  let result = try run(line(spec, cycle: 10, capacity: 1), to: 35)
  #expect(result.departures == [13, 23, 33])
  #expect(result.sources[0].delivered == 5 && result.sources[0].lost == 6)
  #expect(result.buffers[0].mostParts == 1)
}

/// Erlang's loss formula for one server without room to wait: half of what comes at the rate of the service is lost.
@Test func aLossySourceBeforeAHandOverLosesByErlang() throws {
  var spec = SourceSpec(name: "S", into: 0, lot: 1, interval: .exponential(mean: 1))
  spec.isLossy = true
  var line = line(spec, capacity: 0)
  line.stations[0].cycle = .exponential(mean: 1)
  try expectMean(0.5, of: line, horizon: 2500, warmUp: 10, "lost") { Double($0.sources[0].lost) / Double($0.sources[0].lost + $0.delivered[0]) }
}
