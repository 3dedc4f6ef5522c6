import OutputAnalysis
import Probability
import Simulation
import Testing

/// A station of constant work.
func station(_ name: String, from inputs: [Int] = [], to output: Int? = nil, cycle: Double, _ change: (inout StationSpec) -> Void = { _ in })
  -> StationSpec
{
  var station = StationSpec(name: name, inputs: inputs.map { InputSpec(buffer: $0, count: 1) }, output: output, cycle: .constant(cycle))
  change(&station)
  return station
}

/// A buffer without limit, unless it has one.
func buffer(_ name: String, _ capacity: Int = BufferSpec.unlimited) -> BufferSpec { BufferSpec(name: name, capacity: capacity, transit: 0) }

/// A source that delivers lots at a constant interval.
func source(_ name: String, into buffer: Int, lot: Int = 1, every interval: Double, _ change: (inout SourceSpec) -> Void = { _ in }) -> SourceSpec {
  var source = SourceSpec(name: name, into: buffer, lot: lot, interval: .constant(interval))
  change(&source)
  return source
}

/// A source that releases orders, each named by its place.
func orders(_ name: String = "Orders", into buffer: Int, _ list: [(product: Int, quantity: Int, release: Double)]) -> SourceSpec {
  source(name, into: buffer, every: 1) {
    $0.orders = list.enumerated().map { OrderSpec(name: "\(name) \($0)", product: $1.product, quantity: $1.quantity, release: $1.release) }
  }
}

/// So many parts of the first product at time 0.
func stock(_ quantity: Int, into buffer: Int, _ name: String = "Stock") -> SourceSpec { orders(name, into: buffer, [(0, quantity, 0)]) }

/// One replication event by event, with its departures.
func run(
  _ line: LineSpec, from state: LineState? = nil, seed: UInt64 = 1, to horizon: Double, warmUp: Double = 0, parts: Int? = nil,
  trace: Bool = false
) throws -> LineResult {
  try LineSimulation(line).replicate(
    from: state, seed: seed, horizon: horizon, parts: parts, warmUp: warmUp, recording: Recording(departures: true, trace: trace), engine: .events)
}

/// When each order was done.
func completions(_ result: LineResult) -> [Double?] { result.orders.map(\.completed) }

/// `count` of `n` happened with probability `p`: within four standard errors.
func expectShare(_ count: Int, of n: Int, _ p: Double, _ what: String = "", location: SourceLocation = #_sourceLocation) {
  let error = (p * (1 - p) / Double(n)).squareRoot()
  #expect((Double(count) / Double(n) - p).magnitude < 4 * error, "\(what): \(count) of \(n), expected \(p)", sourceLocation: location)
}

/// The mean of replications lies within three and a half standard errors, which are small enough to mean something.
func expectMean(
  _ exact: Double, of line: LineSpec, horizon: Double, warmUp: Double, replications: Int = 8, precision: Double = 0.02, _ what: String,
  location: SourceLocation = #_sourceLocation, _ figure: (LineResult) -> Double
) throws {
  let runs = try Replications.run(line, seed: 11, count: replications, horizon: horizon + warmUp, warmUp: warmUp)
  let estimate = runs.estimate(figure)
  #expect(
    (estimate.mean - exact).magnitude < 3.5 * estimate.standardError, "\(what): \(estimate.mean) ± \(estimate.standardError), exactly \(exact)",
    sourceLocation: location)
  #expect(estimate.standardError < precision * exact, "\(what): ± \(estimate.standardError) tells nothing", sourceLocation: location)
}
