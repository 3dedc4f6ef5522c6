import Determinism
import Probability

extension Trajectory {
  /// A finish that no message told, while it is due: its law, and which part of it this history stands for.
  struct Open: Sendable, Hashable {
    /// From where work is reckoned.
    var start: Double
    /// Seconds of work: a lognormal law, or, of several pieces up to a message, a normal one, cut off between two of its probabilities.
    var mean: Double
    var deviation: Double
    var low: Double
    var high: Double
    var cell = 0
    /// A message that dates the last of this and the next `after` pieces is here: their finish; nil: none is.
    var target: Double?
    var after: Int
    /// The chance, before it was known how long it has taken, that the message at `target` dates this very piece, and none came after it.
    var alone = 0.0
    /// The chance, before it was known how long it has taken, that the machine stands and nobody told.
    var stands: Double
    var isCoarse: Bool

    /// The chance that it lies in this part of its law if in none before.
    var chance: Double { share * (cells[cell + 1] - cells[cell]) / (1 - share * cells[cell]) }

    /// The chance that it lies in its law at all: where no message has come about it, all that lies beyond the present, and that the machine
    /// stands untold, remain. The longer it has taken already, the likelier is that.
    var share: Double {
      if target == nil { return (1 - stands) * (high - low) / ((1 - stands) * (1 - low) + stands) }
      return alone > 0 ? (1 - alone) * (high - low) / ((1 - alone) * (high - low) + alone * high) : 1
    }

    /// The law's probability of at most so much work.
    func cdf(_ work: Double) -> Double {
      if after > 0 { return Normal.cdf((work - mean) / deviation) }
      return work > 0 ? Normal.cdf((Portable.log(work) - centre) / spread) : 0
    }

    /// The work that belongs to a probability of the law.
    func quantile(_ p: Double) -> Double {
      let z = Normal.quantile(min(max(p, 1e-12), 1 - 1e-12))
      return after > 0 ? mean + deviation * z : Portable.exp(centre + spread * z)
    }

    /// Of the logarithm of work.
    private var spread: Double { Portable.log1p(deviation * deviation / (mean * mean)).squareRoot() }
    private var centre: Double { Portable.log(mean) - spread * spread / 2 }

    /// The parts into which its law is cut.
    var cells: [Double] {
      if target != nil { return isCoarse ? Trajectory.coarse : Trajectory.fine }
      return !isCoarse && high - low > 0.05 * (1 - low) ? Trajectory.coarse : Trajectory.whole
    }
  }
}
