public import Determinism
public import PlantModel
public import Quantities

/// Keeps one loop alive as an operating-system process: starts it, asks it on its cadence, watches its heartbeat and deadline,
/// restarts it with growing pauses, and stops it for good after too many crashes.
///
/// Pure: the shell spawns, writes lines and sends signals. Cadence and deadline run on plant time; the life of the process
/// (heartbeat, pauses, kill) on `uptime`, the shell's monotonic clock.
public struct LoopSupervisor: StateMachine, Sendable {
  public enum Input: Sendable {
    case tick(uptime: Duration)
    case spawned(pid: Int32, uptime: Duration)
    case spawnFailed(reason: String, uptime: Duration)
    case line([UInt8], uptime: Duration)
    case exited(reason: String, uptime: Duration)
    /// A person stops the loop, or lets it go on.
    case kill
    case resume
    /// All loops stop until the plant is resumed.
    case halt
  }

  public enum Effect: Sendable {
    case spawn
    case send(MessageToLoop)
    /// Ask the loop's process to end (`force`: now).
    case terminate(pid: Int32, force: Bool)
    /// Cadence is due: make an observation with this request number and pass it to `observe(_:)`.
    case observationDue(request: Int)
    case proposed(LoopProposal)
    case stayed(reason: String)
    case note(LoopNote)
  }

  /// What happened to the loop, for the ledger and the log.
  public enum LoopNote: Sendable, Hashable {
    case started(pid: Int32)
    case crashed(reason: String, restartIn: Duration)
    case gaveUp(reason: String)
    case missedDeadline(late: Duration)
    case misbehaved(reason: String)
    case stopped(by: StopCause)
    case said(String)
  }

  public enum StopCause: String, Sendable, Hashable, Codable { case person, halt }

  public enum Status: Sendable, Hashable {
    case starting
    case running(pid: Int32)
    /// Waits before the next start.
    case pausing(until: Duration)
    case stopped(StopCause)
    case gaveUp
  }

  public struct Options: Sendable, Hashable {
    /// Longest silence before the process counts as hung.
    public var silence = Duration.seconds(10)
    /// Pause before the first restart; doubles with each, up to `longestPause`.
    public var firstPause = Duration.seconds(1)
    public var longestPause = Duration.seconds(60)
    /// Crashes within `crashWindow` after which the loop stays down until a person resumes it.
    public var crashLimit = 5
    public var crashWindow = Duration.minutes(10)
    public init() {}
  }

  public let loop: LoopSpec
  public let hello: LoopHello
  public let options: Options
  public private(set) var status = Status.pausing(until: .zero)
  public private(set) var restarts = 0
  public private(set) var missedDeadlines = 0
  /// The last thing that it proposed or why it stayed, for `takt ps`.
  public private(set) var lastAnswer = "nothing yet"
  public private(set) var lastAnswerAt: Instant?
  /// Newest last, bounded: what `takt logs` shows.
  public private(set) var log: [LogLine] = []

  public struct LogLine: Sendable, Hashable, Codable {
    public var at: Instant
    public var text: String
  }

  /// The process, while there is one.
  public var pid: Int32? { if case .running(let pid) = status { pid } else { nil } }

  private var lastHeard = Duration.zero
  private var crashes: [Duration] = []
  private var nextDue: Instant?
  private var request = 0
  private var pending: (request: Int, deadline: Instant)?

  public init(loop: LoopSpec, hello: LoopHello, options: Options = Options()) {
    (self.loop, self.hello, self.options) = (loop, hello, options)
  }

  public mutating func handle(_ input: Input, at now: Instant) -> [Effect] {
    switch input {
    case .tick(let uptime): return tick(uptime, now)
    case .spawned(let pid, let uptime): return spawned(pid, uptime, now)
    case .spawnFailed(let reason, let uptime): return crashed("could not start: \(reason)", uptime, now)
    case .line(let bytes, let uptime): return heard(bytes, uptime, now)
    case .exited(let reason, let uptime): return exited(reason, uptime, now)
    case .kill: return stop(.person, now)
    case .halt: return stop(.halt, now)
    case .resume: return resume(now)
    }
  }

  // MARK: Life

  private mutating func tick(_ uptime: Duration, _ now: Instant) -> [Effect] {
    switch status {
    case .pausing(let until):
      guard uptime >= until else { return [] }
      status = .starting
      return [.spawn]
    case .running(let pid):
      if uptime - lastHeard > options.silence {
        return [.terminate(pid: pid, force: true)] + note(.misbehaved(reason: "silent for \(Int((uptime - lastHeard).seconds)) s"), now)
      }
      return ask(now)
    case .starting, .stopped, .gaveUp:
      return []
    }
  }

  private mutating func spawned(_ pid: Int32, _ uptime: Duration, _ now: Instant) -> [Effect] {
    guard status == .starting else { return [.terminate(pid: pid, force: true)] }  // stopped meanwhile
    status = .running(pid: pid)
    lastHeard = uptime
    nextDue = nil
    return note(.started(pid: pid), now) + [.send(.hello(hello))]
  }

  private mutating func exited(_ reason: String, _ uptime: Duration, _ now: Instant) -> [Effect] {
    switch status {
    case .running, .starting: return crashed(reason, uptime, now)
    case .pausing, .stopped, .gaveUp: return []
    }
  }

  private mutating func crashed(_ reason: String, _ uptime: Duration, _ now: Instant) -> [Effect] {
    pending = nil
    crashes = crashes.filter { uptime - $0 < options.crashWindow } + [uptime]
    guard crashes.count < options.crashLimit else {
      status = .gaveUp
      return note(.gaveUp(reason: "\(crashes.count) crashes in \(Int(options.crashWindow.minutes)) min, the last: \(reason)"), now)
    }
    restarts += 1
    let pause = min(options.longestPause, options.firstPause * Double(1 << (crashes.count - 1)))
    status = .pausing(until: uptime + pause)
    return note(.crashed(reason: reason, restartIn: pause), now)
  }

  private mutating func stop(_ cause: StopCause, _ now: Instant) -> [Effect] {
    let was = status
    status = .stopped(cause)
    pending = nil
    switch was {
    case .running(let pid): return [.send(.stop), .terminate(pid: pid, force: cause == .person)] + note(.stopped(by: cause), now)
    case .starting, .pausing, .gaveUp: return note(.stopped(by: cause), now)
    case .stopped(let before):
      // A halt does not undo that a person stopped this loop: it stays down when the plant is resumed.
      if before == .person { status = .stopped(.person) }
      return []
    }
  }

  private mutating func resume(_ now: Instant) -> [Effect] {
    switch status {
    case .stopped, .gaveUp:
      crashes = []
      status = .pausing(until: .zero)
    case .starting, .running, .pausing: break
    }
    return []
  }

  // MARK: Talk

  private mutating func ask(_ now: Instant) -> [Effect] {
    if let (_, deadline) = pending {
      guard now > deadline else { return [] }
      pending = nil
      missedDeadlines += 1
      return note(.missedDeadline(late: now - deadline), now)
    }
    guard let due = nextDue, now >= due else { return [] }
    request += 1
    pending = (request, now + loop.deadline)
    nextDue = now + loop.cadence
    return [.observationDue(request: request)]
  }

  /// The observation for `observationDue`. When none can be made (the twin is not valid), pass nil: the loop is asked again at the next cadence.
  public mutating func observe(_ observation: LoopObservation?) -> [Effect] {
    guard let observation, observation.request == pending?.request else {
      pending = nil
      return []
    }
    return [.send(.observe(observation))]
  }

  private mutating func heard(_ bytes: [UInt8], _ uptime: Duration, _ now: Instant) -> [Effect] {
    guard case .running = status else { return [] }
    lastHeard = uptime
    let message: MessageFromLoop
    do { message = try MessageFromLoop(line: bytes) } catch {
      return note(.misbehaved(reason: "\(error)"), now)
    }
    switch message {
    case .ready(let version):
      guard version == hello.version else { return note(.misbehaved(reason: "speaks version \(version), not \(hello.version)"), now) }
      if nextDue == nil { nextDue = now }
      return []
    case .heartbeat: return []
    case .log(let text): return note(.said(text), now)
    case .stay(let number, let reason):
      guard take(number) else { return note(.misbehaved(reason: "answers request \(number), which is not open"), now) }
      answered("stay: \(reason)", now)
      return [.stayed(reason: reason)]
    case .proposal(let proposal):
      guard take(proposal.request) else { return note(.misbehaved(reason: "answers request \(proposal.request), which is not open"), now) }
      answered("proposed: \(proposal.reason)", now)
      return [.proposed(proposal)]
    }
  }

  private mutating func take(_ number: Int) -> Bool {
    guard pending?.request == number else { return false }
    pending = nil
    return true
  }

  private mutating func answered(_ text: String, _ now: Instant) {
    lastAnswer = text
    lastAnswerAt = now
    write(text, now)
  }

  private mutating func note(_ note: LoopNote, _ now: Instant) -> [Effect] {
    write("\(note)", now)
    return [.note(note)]
  }

  private mutating func write(_ text: String, _ now: Instant) {
    log.append(LogLine(at: now, text: text))
    if log.count > 500 { log.removeFirst(log.count - 500) }
  }
}
