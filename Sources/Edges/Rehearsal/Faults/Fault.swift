public import PlantModel
public import Quantities
public import Telemetry

/// One thing that goes wrong, or that a person does, and when. A rehearsal's whole bad luck is a list of these; the shrinker leaves some out.
public struct Fault: Hashable, Sendable {
  /// Since the rehearsal's start.
  public var at: Duration
  public var what: What
  public init(_ at: Duration, _ what: What) { (self.at, self.what) = (at, what) }

  public enum What: Hashable, Sendable {
    // Process and disk
    /// The process dies between two inputs; the operating system lives, so nothing that was written is lost.
    case kill(down: Duration)
    /// The power fails in the middle of the `operations`-th changing operation from now (0: now); `luck` decides what had its effect.
    case powerCut(operations: Int, luck: UInt64, down: Duration)
    /// The process stands still: a stopped virtual machine, a swapping host. What arrives waits.
    case pause(span: Duration)
    /// Takt is started a second time while the first stands still, as if the lock of the data folder had failed; the first wakes up after.
    case secondLife(after: Duration, span: Duration)
    case syncsFail(Int)
    case diskFull(span: Duration)
    case ledgerRefuses(span: Duration)
    /// The next rows are kept, and the answer says that they were not.
    case answerLost(Int)
    /// Takt is stopped and started on another revision of the plant folder.
    case revision(Int)

    // Network
    case telemetryCut(span: Duration)
    case commandsCut(span: Duration)
    /// Both ways: longer delays, messages lost, doubled and out of order.
    case network(delay: Duration, loss: Double, doubled: Double, span: Duration)
    /// The last command on the wire reaches the machine again, however it was done.
    case commandAgain
    /// Answers of the ledger and of the gateway that were given already come again, and one that was never due.
    case answersAgain

    // Clocks
    /// Takt's own clock is set forward or back, and put right after `span`.
    case clockStep(by: Duration, span: Duration)
    /// The same of the clock by which sources stamp.
    case sourceClockStep(by: Duration, span: Duration)

    // Sensors and machines
    case frozen(tag: Int, span: Duration)
    /// The sensor shows another value, with good quality.
    case lying(tag: Int, by: Double, span: Duration)
    case nonsense(tag: Int, value: Double, span: Duration)
    case quality(tag: Int, Quality, span: Duration)
    case silent(tag: Int, span: Duration)
    /// The machine takes no writes.
    case deaf(tag: Int, span: Duration)
    /// A mechanical stop below the machine's range, as a share of it.
    case ceiling(tag: Int, share: Double, span: Duration)
    case slowMachines(delay: Duration, span: Duration)
    case pressureHigh(span: Duration)
    /// A hand at the machine moves a set-point to this share of its range.
    case hand(tag: Int, share: Double)

    // Twin and loops
    case twinInvalid(span: Duration)
    case recalibrated
    case proofs(ProofFault, span: Duration)
    case evidence(EvidenceFault, span: Duration)
    case loopCrash
    case loopHangs(span: Duration)
    case loopBabbles
    case rogue(RogueProposal)

    // People
    case order(Order)
    /// So many orders in a row, `every` apart, whatever they are.
    case storm(orders: Int, every: Duration, luck: UInt64)
  }

  public enum ProofFault: String, Hashable, Sendable, CaseIterable { case never, late, notFinite, optimistic, unsafe, ofAnotherRevision }
  public enum EvidenceFault: String, Hashable, Sendable, CaseIterable {
    case never, late, incomplete, missing, notFinite, overlapping, empty, optimistic, old
  }
  public enum RogueProposal: String, Hashable, Sendable, CaseIterable {
    case outsideLimits, otherUnits, unknownTag, twiceTheSameTag, harmful, tiny, huge, denormal, noGain, againAndAgain
  }

  /// What somebody orders, and who.
  public struct Order: Hashable, Sendable {
    public enum Verb: String, Hashable, Sendable, CaseIterable {
      case takeOver, halt, rearm, resume, approve, approveStale, reject, rollback, promote, demote, acknowledge
    }
    public var verb: Verb
    public var role: Role
    public init(_ verb: Verb, as role: Role) { (self.verb, self.role) = (verb, role) }
  }
}

extension Fault: CustomStringConvertible {
  /// One line, such as `+1 h 12 min  kill(down: 4 min)`.
  public var description: String { "+\(text(at))  \(what)" }
}

extension Fault.What: CustomStringConvertible {
  public var description: String {
    switch self {
    case .kill(let down): "the process is killed, and down for \(text(down))"
    case .powerCut(let operations, _, let down):
      "the power fails \(operations == 0 ? "now" : "during the \(operations)th change of the disk"), for \(text(down))"
    case .pause(let span): "the process stands still for \(text(span))"
    case .secondLife(let after, let span): "Takt is started a second time after \(text(after)); the first wakes up after \(text(span))"
    case .syncsFail(let count): "the next \(count) syncs fail"
    case .diskFull(let span): "the disk is full for \(text(span))"
    case .ledgerRefuses(let span): "the ledger refuses rows for \(text(span))"
    case .answerLost(let count): "the answers of the next \(count) ledger rows are lost"
    case .revision(let number): "the plant folder's revision \(number) is brought up"
    case .telemetryCut(let span): "no telemetry gets through for \(text(span))"
    case .commandsCut(let span): "no command gets through for \(text(span))"
    case .network(let delay, let loss, let doubled, let span):
      "the network delays by up to \(text(delay)), loses \(loss), doubles \(doubled) of all messages for \(text(span))"
    case .commandAgain: "the last command on the wire lands again"
    case .answersAgain: "answers of ledger and gateway come again"
    case .clockStep(let by, let span): "Takt's clock is off by \(text(by)) for \(text(span))"
    case .sourceClockStep(let by, let span): "the sources' clock is off by \(text(by)) for \(text(span))"
    case .frozen(let tag, let span): "sensor \(tag) freezes for \(text(span))"
    case .lying(let tag, let by, let span): "sensor \(tag) is off by \(by) of its range for \(text(span))"
    case .nonsense(let tag, let value, let span): "sensor \(tag) says \(value) for \(text(span))"
    case .quality(let tag, let quality, let span): "sensor \(tag) is \(quality) for \(text(span))"
    case .silent(let tag, let span): "sensor \(tag) is silent for \(text(span))"
    case .deaf(let tag, let span): "machine \(tag) takes no writes for \(text(span))"
    case .ceiling(let tag, let share, let span): "machine \(tag) stops at \(share) of its range for \(text(span))"
    case .slowMachines(let delay, let span): "machines take \(text(delay)) for \(text(span))"
    case .pressureHigh(let span): "the pressure is high for \(text(span))"
    case .hand(let tag, let share): "a hand moves set-point \(tag) to \(share) of its range"
    case .twinInvalid(let span): "the twin is not valid for \(text(span))"
    case .recalibrated: "the twin is calibrated anew"
    case .proofs(let fault, let span): "proofs are \(fault.rawValue) for \(text(span))"
    case .evidence(let fault, let span): "evidence is \(fault.rawValue) for \(text(span))"
    case .loopCrash: "the loop's process crashes"
    case .loopHangs(let span): "the loop's process hangs for \(text(span))"
    case .loopBabbles: "the loop says what is no message"
    case .rogue(let kind): "the loop's next proposal is rogue: \(kind.rawValue)"
    case .order(let order): "\(order.verb.rawValue) by a \(order.role.rawValue)"
    case .storm(let orders, let every, _): "\(orders) orders, one every \(text(every))"
    }
  }
}

/// `1 h 4 min`, `35 s`: whole seconds.
func text(_ span: Duration) -> String {
  let seconds = Int(span.seconds.rounded())
  let size = abs(seconds)
  let words = [(size / 3600, "h"), (size / 60 % 60, "min"), (size % 60, "s")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
  return (seconds < 0 ? "-" : "") + (words.isEmpty ? "0 s" : words.joined(separator: " "))
}
