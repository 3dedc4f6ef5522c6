public import Determinism
public import Probability

/// What is known of an unreliable station: the laws of its work, its operating time between failures and its repairs.
///
/// Given a full log of states the three are independent, so their joint posterior is their product.
public struct UnreliableStationPosterior: Sendable {
  /// One draw of the three laws.
  public struct Draw: Sendable, Hashable {
    public var work: Law
    public var timeToFailure: Law
    public var repair: Law

    /// Share of the time, waiting apart, in which the station works: MTTF / (MTTF + MTTR).
    public var availability: Double { timeToFailure.mean / (timeToFailure.mean + repair.mean) }
    /// Parts per second when it is never starved nor blocked.
    public var rate: Double { availability / work.mean }
  }

  public let work: ActivityPosterior
  public let timeToFailure: ActivityPosterior
  public let repair: ActivityPosterior

  public init(
    _ log: StationLog, workPrior: ActivityPrior, failurePrior: ActivityPrior, repairPrior: ActivityPrior,
    empirical rule: ActivityPosterior.EmpiricalRule = ActivityPosterior.EmpiricalRule()
  ) {
    let log = log.closed
    work = ActivityPosterior(log.work, prior: workPrior, empirical: rule)
    timeToFailure = ActivityPosterior(log.lifetimes, prior: failurePrior, empirical: rule)
    repair = ActivityPosterior(log.repairs, prior: repairPrior, empirical: rule)
  }

  /// Joint draws; see `ActivityPosterior.draws`.
  public func draws(_ count: Int, _ stream: RandomStream) -> [Draw] {
    let works = work.draws(count, stream.split("work"))
    let lives = timeToFailure.draws(count, stream.split("time to failure"))
    let repairs = repair.draws(count, stream.split("repair"))
    return (0..<count).map { Draw(work: works[$0], timeToFailure: lives[$0], repair: repairs[$0]) }
  }

  /// The central intervals of mean work, MTTF and MTTR in seconds.
  public func intervals(_ level: Double = 0.9) -> (work: ClosedRange<Double>, mttf: ClosedRange<Double>, mttr: ClosedRange<Double>) {
    (work.meanInterval(level), timeToFailure.meanInterval(level), repair.meanInterval(level))
  }
}
