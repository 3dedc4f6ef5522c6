import Probability
import Simulation
import Testing

private func line(_ campaign: [CampaignRun], done: Int = 0) -> LineSpec {
  var source = SourceSpec(name: "Source", into: 0, lot: 1, interval: .constant(1))
  (source.campaign, source.campaignDone) = (campaign, done)
  var station = StationSpec(name: "Mill", inputs: [InputSpec(buffer: 0, count: 1)], output: nil, cycle: .constant(1))
  station.productCycles = [.constant(1), .constant(2)]
  station.setup = SetupSpec(matrix: [[nil, .constant(10)], [.constant(20), nil]])
  return LineSpec(
    stations: [station], buffers: [BufferSpec(name: "B", capacity: 100, transit: 0)], sources: [source],
    products: [ProductSpec(name: "A"), ProductSpec(name: "B")])
}

private func run(_ line: LineSpec, from state: LineState? = nil, to horizon: Double) throws -> LineResult {
  try simulate(line: line, state: state, seed: 1, replication: 0, horizon: horizon, recording: Recording(departures: true))
}

/// Three parts of A at 1 s each, a set-up of 10 s, two of B at 2 s, a set-up of 20 s, and again: by hand.
@Test func aCampaignMakesItsProductsInRuns() throws {
  let result = try run(line([CampaignRun(product: 0, quantity: 3), CampaignRun(product: 1, quantity: 2)]), to: 60)
  #expect(result.departures.prefix(8) == [2, 3, 4, 16, 18, 39, 40, 41])
  // A until 4, 10 s, B until 18, 20 s, A until 41, 10 s, B until 55, and the set-up that lasts past the end is not done yet.
  #expect(result.departures.dropFirst(8) == [53, 55])
  #expect(result.products.map(\.good) == [6, 4] && result.stations[0].setups == 3)
}

@Test func aCampaignGoesOnWhereItStood() throws {
  let result = try run(line([CampaignRun(product: 0, quantity: 3), CampaignRun(product: 1, quantity: 2)], done: 2), to: 20)
  #expect(result.departures.prefix(3) == [2, 14, 16])
}

/// Two parts of B before one of A wait at the start, and the machine is set up for B.
@Test func whatLiesInTheLineHasItsProduct() throws {
  var idle = StationState(condition: .idle)
  idle.product = 1
  var state = LineState(levels: [3], stations: [idle])
  state.products = [[CampaignRun(product: 1, quantity: 2), CampaignRun(product: 0, quantity: 1)]]
  let spec = line([CampaignRun(product: 0, quantity: 3)])
  let result = try run(spec, from: state, to: 30)
  #expect(result.departures.prefix(4) == [2, 4, 25, 26])
  let short = try run(spec, from: state, to: 3.5)
  #expect(short.final.stations[0].product == 1)
  #expect(short.final.products[0].first?.product == 0)
}

@Test func aWornToolIsReplacedInItsTime() throws {
  var spec = line([CampaignRun(product: 0, quantity: 3)])
  spec.stations[0].wear = WearSpec(perPart: .constant(1), replaceAt: 5, replacement: .constant(7))
  var idle = StationState(condition: .idle)
  idle.wear = 3
  let result = try run(spec, from: LineState(levels: [4], stations: [idle]), to: 20)
  // Two parts more, 7 s of replacement, then five parts.
  #expect(result.departures.prefix(4) == [1, 2, 10, 11])
}

@Test func aCampaignThatCannotBeIsRefused() {
  for (product, quantity, done) in [(2, 1, 0), (0, 0, 0), (0, 2, 2)] {
    #expect(throws: SimulationError.self) { try run(line([CampaignRun(product: product, quantity: quantity)], done: done), to: 1) }
  }
}
