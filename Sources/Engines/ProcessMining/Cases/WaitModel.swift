import Determinism
import Probability

/// How long a case lies between one activity and the next.
///
/// A share of the steps begins at once or overlaps the activity before; the others wait. Waits are in operational time of the next
/// activity's weekly profile. Where a pool of resources is the bottleneck, what is left here is the wait after the resource became free.
public struct WaitModel: Sendable, Hashable, Codable {
  /// The wait of one kind of step.
  public struct Kind: Sendable, Hashable, Codable {
    /// How many steps waited, and how many did not.
    public var waited: Int
    /// The calendar seconds between completion and start of the steps that did not wait; negative where they overlap.
    public var immediate: [Double]
    /// The law of the waits, operational seconds. Nil where none waited.
    public var law: LawBelief?

    /// The share of steps that do not wait.
    public var immediateShare: Double {
      immediate.isEmpty && waited == 0 ? 0 : Double(immediate.count) / Double(waited + immediate.count)
    }
  }
  /// From one activity (the first index) to the next, where the log has enough steps of that pair.
  public var pairs: [Pair]
  /// To an activity from anywhere.
  public var targets: [Kind]
  /// From an activity to anywhere, the waits of open cases included as not yet ended; what says whether a silent case has ended.
  public var sources: [Kind]
  /// All steps.
  public var all: Kind
  /// How alike the waits of one case are: the intraclass correlation of their normal scores, 0 … 1.
  public var caseCorrelation: Double

  public struct Pair: Sendable, Hashable, Codable {
    public var from: Int
    public var to: Int
    public var kind: Kind
  }

  /// A shorter gap is no wait, in seconds: logs are written by the minute.
  static let immediateLimit = 60.0
  static let leastForPair = 15
  static let leastForTarget = 5
}

/// The waits of one replication: laws drawn once from what is believed of them.
struct WaitDraws {
  struct Drawn {
    var immediateShare: Double
    var immediate: [Double]
    var law: Law?
  }
  private var pairs: [Int: Drawn] = [:]
  private var targets: [Drawn]
  private let count: Int
  let correlation: Double

  init(_ model: WaitModel, _ stream: inout RandomStream) {
    count = model.targets.count
    correlation = model.caseCorrelation
    func draw(_ kind: WaitModel.Kind, _ stream: inout RandomStream) -> Drawn {
      let (a, b) = (Double(kind.immediate.count), Double(kind.waited))
      var share = kind.immediateShare
      if a > 0, b > 0 {
        let x = Law.gamma(mean: a, cv: 1 / a.squareRoot()).sample(&stream)
        let y = Law.gamma(mean: b, cv: 1 / b.squareRoot()).sample(&stream)
        share = x / (x + y)
      }
      return Drawn(immediateShare: share, immediate: kind.immediate, law: kind.law?.draw(&stream))
    }
    let all = draw(model.all, &stream)
    targets = model.targets.map { kind in kind.waited + kind.immediate.count >= WaitModel.leastForTarget ? draw(kind, &stream) : all }
    for pair in model.pairs { pairs[pair.from * count + pair.to] = draw(pair.kind, &stream) }
  }

  subscript(from: Int?, to: Int) -> Drawn { (from.flatMap { pairs[$0 * count + to] }) ?? targets[to] }
}
