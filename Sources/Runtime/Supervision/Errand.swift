public import Governance
public import PlantModel
public import Quantities

/// What is left for the shell of a `PlantRuntime` to do, in order: all that touches a process, another core, or a person.
public enum Errand: Sendable {
  /// Work for another core; answer with `PlantKernel.Input.finished`.
  case run(Job)
  /// Start a loop's process; answer with `.loop(name, .spawned…)` or `.spawnFailed`.
  case spawn(loop: LoopSpec)
  case send(loop: String, MessageToLoop)
  case terminate(loop: String, pid: Int32, force: Bool)
  case notice(Notice)
  /// This fact is durable now.
  case recorded(Fact)
  /// Something refused to work; for the log.
  case trouble(String)
  /// This process must end: what it knows is not the plant's story any more. A new one goes on from the ledger. Said once.
  case end(reason: String)
}

/// What time it is, as a shell tells it with every call.
public struct ShellTime: Hashable, Sendable {
  /// Plant time as the plant's clock tells it; nil before it has told any.
  public var told: Instant?
  /// The machine's monotonic clock, from any beginning: wall time that cannot be set.
  public var uptime: Duration
  public init(told: Instant?, uptime: Duration) { (self.told, self.uptime) = (told, uptime) }
}
