import Acquisition
import Console
import Governance
import Learning
import PlantModel
import Quantities
import Synchronization
import Telemetry

/// The console's way to the core.
struct PlantBackend: ConsoleBackend {
  let core: PlantCore
  /// Shuts the gateway at once; the command that says who did it waits for its turn.
  let panel: PanelSwitch
  let accounts: Accounts
  let sessions: [SparkplugSession]
  let lineProtocol: LineProtocolGate?
  let speed: Double
  let place: RecordPlace

  func snapshot() async -> ConsoleSnapshot { await core.snapshot(acquisition: counters, speed: speed) }

  func perform(_ command: ConsoleCommand, by person: Console.Person) async -> CommandResult {
    if case .propose(let asked) = command { return await propose(asked, by: person) }
    let refusal: String? =
      switch command {
      case .propose: nil
      case .approve(let change, let binding, let signature):
        await order(.approve(ChangeID(change), binding: binding, signature: signature?.signature), signature, person)
      case .reject(let change, _): await order(.reject(ChangeID(change)), person)
      case .rollback(let change): await order(.rollback(ChangeID(change)), person)
      case .takeOver: await order(.takeOver, person)
      case .rearm: await order(.rearm, person)
      case .halt: await order(.halt, person)
      case .resume: await order(.resume, person)
      case .promoteLoop(let loop): await order(.promote(loop: loop), person)
      case .signPlan(let name, let binding, let signature):
        await order(.signPlan(name: name, binding: binding, signature: signature?.signature), signature, person)
      case .withdrawPlan(let name): await order(.withdrawPlan(name: name), person)
      case .acceptEnvelope(let binding, let signature):
        await order(.acceptEnvelope(binding: binding, signature: signature?.signature), signature, person)
      case .acceptDrift(let why): await order(.settleDrift(.accepted, because: why), person)
      case .mendDrift(let why): await order(.settleDrift(.mended, because: why), person)
      case .killLoop(let loop): await core.stopLoop(loop)
      case .resumeLoop(let loop): await core.resumeLoop(loop)
      }
    return refusal.map { .refused(reason: $0) } ?? .done
  }

  /// Takes a person's proposal up and says as what change.
  private func propose(_ asked: ProposalBody, by person: Console.Person) async -> CommandResult {
    let proposal = HandProposal(asked)
    let refusal = await order(.propose(proposal, signature: asked.signature?.signature), asked.signature, person)
    if let refusal { return .refused(reason: refusal) }
    return await core.openProposal().map { .proposed(change: $0) } ?? .done
  }

  /// A signed command is the signatory's, whoever carried it here; the governor checks the signature.
  private func order(_ command: OperatorCommand, _ signature: SignedWord?, _ carrier: Console.Person) async -> String? {
    guard let signature else { return await order(command, carrier) }
    guard let role = PlantModel.Role(rawValue: signature.role) else { return "there is no role \(signature.role)" }
    return await core.command(command, by: Governance.Person(name: signature.person, role: role))
  }

  private func order(_ command: OperatorCommand, _ person: Console.Person) async -> String? {
    // The governor knows one role a person: the one of theirs that may give this command.
    let roles = person.roles.compactMap { PlantModel.Role(rawValue: $0.rawValue) }
    let role = roles.first { $0.may(command) } ?? roles.first ?? .viewer
    let isStop = command == .takeOver || command == .halt
    if isStop { panel.press() }
    return await core.command(command, by: Governance.Person(name: person.name, role: role), pressed: isStop)
  }

  func signIn(name: String, password: String) async -> Account? { accounts.signIn(name: name, password: password) }
  func history(_ query: HistoryQuery) async -> HistoryAnswer { await core.history(query) }
  func ledger(_ query: LedgerQuery) async -> [FactView] { await core.facts(query) }
  func tags() async -> TagsView { await core.tagSource().view() }
  func verifyLedger() async -> LedgerVerification { await core.verify() }
  func log(of loop: String) async -> [LogLineView]? { await core.log(of: loop) }

  func ingest(_ request: IngestRequest) async -> IngestAnswer {
    guard let lineProtocol else { return IngestAnswer(status: 404, body: #"{"code":"not found","message":"connections.yaml has no line_protocol"}"#) }
    guard lineProtocol.admits(request.token) else {
      return IngestAnswer(status: 401, body: #"{"code":"unauthorized","message":"unauthorized access"}"#)
    }
    let answer = lineProtocol.handle(request, now: await core.arrival)
    do { try await core.take(answer.blocks) } catch {
      return IngestAnswer(status: 503, body: #"{"code":"unavailable","message":"the disk refuses; send it again later"}"#)
    }
    return IngestAnswer(status: answer.status, body: answer.body)
  }

  private var counters: [CounterView] {
    let reports = sessions.map(\.report) + (lineProtocol.map { [$0.report] } ?? [])
    func sum(_ name: String, fault: Bool = false, _ pick: (AcquisitionReport) -> Int) -> CounterView {
      CounterView(name: name, count: reports.reduce(0) { $0 + pick($1) }, isFault: fault)
    }
    return [
      sum("messages", \.messages), sum("births", \.births), sum("deaths", \.deaths), sum("rebirths asked for", \.rebirthRequests),
      sum("sequence gaps", fault: true, \.sequenceGaps), sum("malformed payloads", fault: true, \.malformedPayloads),
      sum("unknown metrics", \.unknownMetrics), sum("duplicates", \.duplicates),
    ]
  }
}

/// Line protocol's decoder behind a lock: bodies come from many connections.
final class LineProtocolGate: Sendable {
  private let endpoint: Mutex<LineProtocolEndpoint>
  private let token: String?
  private let clock: SharedPlantClock?

  /// - Parameter clock: The plant's clock, where line protocol is the only source and so has to tell the time. Beside a source that lives in
  ///   the present it must not: what it sends may be hours old.
  init(_ spec: LineProtocolSpec, plant: Plant, token: String?, clock: SharedPlantClock?) {
    endpoint = Mutex(LineProtocolEndpoint(spec, plant: plant))
    (self.token, self.clock) = (token, clock)
  }

  func admits(_ token: String?) -> Bool { self.token == nil || self.token == token }

  func handle(_ request: IngestRequest, now: Instant) -> LineProtocolEndpoint.Answer {
    let precision = LineProtocolDecoder.Precision(rawValue: request.precision.rawValue) ?? .nanoseconds
    let answer = endpoint.withLock { $0.handle(body: request.body, precision: precision, now: now) }
    if let clock {
      for block in answer.blocks {
        if let newest = block.instants.max() { clock.withClock { clock, wall in _ = clock.observe(source: newest, wall: wall) } }
      }
    }
    return answer
  }

  var report: AcquisitionReport { endpoint.withLock { $0.decoder.report } }
}

extension HandProposal {
  init(_ body: ProposalBody) {
    self.init(
      targets: body.targets.map { Target(tag: $0.tag, value: $0.value, unit: $0.unit) }, because: body.because, gain: body.gain,
      mayLose: body.mayLose, steps: body.steps)
  }
}

extension SignedWord {
  var signature: Governance.Signature { Governance.Signature(expires: Instant(nanoseconds: expires), bytes: bytes) }
}
