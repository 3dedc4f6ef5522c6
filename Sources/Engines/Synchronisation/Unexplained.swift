import Determinism

/// How often none of the histories that are followed is the true one, by what the sensors say of it: the share of their looks at which each
/// history contradicted what was told.
///
/// A sensor that looks at a steady beat tests each time what the histories said of its buffer. Where none had it right, none was true; and as often as
/// that is so of the buffers with a sensor is it taken to be so of any level at any other instant. Until then it is as likely as the laws say that
/// a contradiction is (`Trajectory.surprise`), which counts as half a contradiction.
/// - Source: the posterior mean of a share with a beta prior; A. Gelman and others, Bayesian Data Analysis (2013), section 2.4.
struct Unexplained: Sendable, Hashable {
  private var contradictions = 0.5
  private var looks = 0.5 * Portable.exp(Trajectory.surprise)

  mutating func look(_ times: Double) { looks += times }

  mutating func contradict(_ times: Int) { contradictions += Double(times) }

  /// The chance that none is true.
  var share: Double { min(contradictions / looks, 1) }
}
