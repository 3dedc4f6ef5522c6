public import Determinism
public import Probability

/// A station that tells no state, only counts, and what is believed of it beforehand.
///
/// Its completions (`SeenCompletion`) hold work and stops together; how they part is inferred from their law:
///
///     T = W + Σ stops,  W ~ gamma with mean k·work/speed and cv workCV/√k for k parts,  stops a Poisson process in operating time W
///
/// of two kinds, failures and short stops, each with the family and spread of the folder's law for its length. Wear, and stops that come more
/// often at greater speed, are not in it. One count in a thousand is taken to be late or doubled (`strayShare`).
public struct UnseenStation: Sendable, Hashable {
  /// One kind of stop.
  public struct Stops: Sendable, Hashable {
    /// Operating seconds between them.
    public var interval: LognormalPrior
    /// Mean seconds of one.
    public var length: LognormalPrior
    /// Family and spread of a length; its mean does not matter.
    public var shape: Law
    public init(interval: LognormalPrior, length: LognormalPrior, shape: Law) {
      precondition(shape.mean > 0, "stops of no length")
      (self.interval, self.length, self.shape) = (interval, length, shape)
    }
  }
  /// Mean seconds of work per part at rated speed, and its coefficient of variation.
  public var work: LognormalPrior
  public var workCV: LognormalPrior
  public var failures: Stops?
  public var shortStops: Stops?
  /// Seconds to which counts are told apart; 0 where each is stamped as it happens.
  public var resolution: Double
  public var strayShare = 0.001

  public init(work: LognormalPrior, workCV: LognormalPrior, failures: Stops?, shortStops: Stops?, resolution: Double = 0) {
    (self.work, self.workCV, self.failures, self.shortStops, self.resolution) = (work, workCV, failures, shortStops, resolution)
  }

  /// What is learnt, in the order of the posterior's parameters.
  public enum Quantity: String, Sendable, Hashable, Codable, CaseIterable {
    /// Seconds of work per part at rated speed.
    case work
    case workCV
    /// Operating seconds between failures, and seconds of a repair.
    case failureInterval, repair
    /// Operating seconds between short stops, and seconds of one.
    case shortStopInterval, shortStop
  }

  public var quantities: [Quantity] {
    [.work, .workCV] + (failures == nil ? [] : [.failureInterval, .repair]) + (shortStops == nil ? [] : [.shortStopInterval, .shortStop])
  }

  var prior: [LognormalPrior] {
    [work, workCV] + [failures, shortStops].compactMap { $0 }.flatMap { [$0.interval, $0.length] }
  }

  /// Learns the station from its completions.
  ///
  /// - Parameter draws: of the posterior, before weighting.
  /// - Throws: `InferenceError.unfitData` with fewer than twenty completions, or lengths that are not positive; `.impossibleData`.
  public func infer(from seen: [SeenCompletion], draws: Int = 600, _ stream: RandomStream) throws(InferenceError) -> Posterior {
    guard seen.count(where: { !$0.isOpen }) >= 20 else { throw .unfitData("\(seen.count) completions are too few to tell work from stops") }
    guard !seen.contains(where: { !($0.seconds > 0 && $0.seconds.isFinite && $0.parts > 0 && $0.speed > 0) }) else {
      throw .unfitData("a completion of no length, no parts or no speed")
    }
    let table = CompletionTable(seen)
    var sampler = TemperedImportance(names: quantities.map(\.rawValue), prior: prior)
    // Work is known to a hundredth of what was believed, so the way in is long.
    (sampler.perRound, sampler.settledRounds, sampler.rounds, sampler.final) = (max(200, 60 * prior.count), 3, 24, draws)
    let found = try sampler.run(stream.split("first")) { x, _ in table.logLikelihood { self.law(x, parts: $0, speed: $1) } }
    if found.effectiveSampleSize >= 0.15 * Double(draws) { return found }
    // The cover came out badly: once more, with more draws.
    (sampler.perRound, sampler.final) = (2 * sampler.perRound, 2 * draws)
    return try sampler.run(stream.split("second")) { x, _ in table.logLikelihood { self.law(x, parts: $0, speed: $1) } }
  }

  /// The law of completions of `parts` parts with the parameters whose logarithms are x.
  func law(_ x: [Double], parts: Int, speed: Double) -> UnseenCompletion {
    let values = x.map { Portable.exp($0) }
    let k = Double(parts)
    let mean = values[0] * k / speed
    // Both ends of the interval are rounded to the resolution: twice its square over twelve.
    let variance = values[1] * values[1] * mean * mean / k + resolution * resolution / 6
    var kinds: [(rate: Double, length: Law)] = []
    var next = 2
    for stops in [failures, shortStops].compactMap({ $0 }) {
      kinds.append((1 / values[next], stops.shape.scaled(by: values[next + 1] / stops.shape.mean)))
      next += 2
    }
    return UnseenCompletion(work: mean, deviation: variance.squareRoot(), stops: kinds, strayShare: strayShare)
  }
}
