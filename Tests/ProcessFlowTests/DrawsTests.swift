import OutputAnalysis
import ProcessFlow
import Testing

private func queue(extraStation: Bool = false, serviceMean: Double = 0.8) throws -> FlowModel {
  try FlowModel("queue") { m in
    let (server, second) = (m.resource("server"), m.resource("second"))
    m.process("customer", arrivals: .exponential(mean: 1)) {
      if extraStation {
        Delay("walk", .exponential(mean: 0.1))
      }
      Seize(server)
      Delay("service", .exponential(mean: serviceMean))
      Release(server)
      If("again", probability: 0.1) {
        Seize(second)
        Delay("more", .gamma(mean: 1, cv: 0.5))
        Release(second)
      }
    }
  }
}

@Test func antitheticPairsVaryLess() throws {
  let pairs = try queue().antitheticPairs(count: 40, seed: 3, until: .departures(400))
  let wait = AntitheticPairs(pairs.map { $0.0.process("customer").stay.mean }, pairs.map { $0.1.process("customer").stay.mean })
  #expect(wait.varianceReduction > 1.5, "pairing divides the variance by \(wait.varianceReduction)")
  // Both halves are runs of the same model.
  let long = try queue().run(count: 40, seed: 4, until: .departures(400))
  let difference = Estimate(of: pairs.map { ($0.0.process("customer").stay.mean + $0.1.process("customer").stay.mean) / 2 })
  let direct = Estimate(of: long.map { $0.process("customer").stay.mean })
  let error = (difference.standardError * difference.standardError + direct.standardError * direct.standardError).squareRoot()
  #expect(abs(difference.mean - direct.mean) < 3 * error)
}

@Test func commonNumbersHoldWhenTheModelChanges() throws {
  let (base, faster) = (try queue(), try queue(serviceMean: 0.75))
  func stays(_ model: FlowModel, _ seed: UInt64) throws -> [Double] {
    try model.run(count: 20, seed: seed, until: .departures(400)).map { $0.process("customer").stay.mean }
  }
  let paired = PairedDifference(try stays(base, 5), minus: try stays(faster, 5))
  #expect(paired.isSignificant && paired.varianceReduction > 5, "pairing divides the variance by \(paired.varianceReduction)")
  // A new statement in front moves nobody else's numbers: the same arrivals, and so many services as before.
  let (a, b) = (try base.replicate(seed: 5, until: .departures(400)), try queue(extraStation: true).replicate(seed: 5, until: .departures(400)))
  #expect(abs(a.resource("server").utilisation - b.resource("server").utilisation) < 0.01 && a != b)
}

@Test func aSecondStatementOfASortHasItsOwnLuck() throws {
  let model = try FlowModel("streams") { m in
    m.process("p", arrivals: 1, limit: 50) {
      Delay(.exponential(mean: 1))
      Tally("first", of: .age)
      Delay(.exponential(mean: 1))
      Tally("both", of: .age)
      Scope("inner") { Delay(.exponential(mean: 1) + .exponential(mean: 1)) }
      Tally("all", of: .age)
    }
  }
  let result = try model.replicate(seed: 1, until: .quiet)
  #expect(abs(result.tally("both").mean - 2 * result.tally("first").mean) > 1e-3)
  #expect(abs(result.tally("all").mean - 4 * result.tally("first").mean) > 1e-3)
}
