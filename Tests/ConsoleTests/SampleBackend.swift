import Console
import Quantities

/// A backend that answers from memory and remembers what it was asked.
actor SampleBackend: ConsoleBackend {
  var present = Sample.snapshot
  var commands: [ConsoleCommand] = []
  var people: [Person] = []
  var ingested: [IngestRequest] = []
  var historyQueries: [HistoryQuery] = []
  var ledgerQueries: [LedgerQuery] = []
  /// What the core answers to the next commands.
  var answer = CommandResult.done
  var ingestAnswer = IngestAnswer(status: 204)
  /// Adds this to plant time at each look, so that each snapshot differs from the last.
  var step = Duration.zero
  private var looks = 0
  private var posteriorAnswer = Sample.posterior
  private var residualsAnswer = Sample.residuals
  private var tagLooks = 0

  func set(answer: CommandResult) { self.answer = answer }
  func set(ingestAnswer: IngestAnswer) { self.ingestAnswer = ingestAnswer }
  func set(step: Duration) { self.step = step }
  func set(present: ConsoleSnapshot) { self.present = present }
  func lookCount() -> Int { looks }

  func snapshot() -> ConsoleSnapshot {
    looks += 1
    present.plantTime += step
    return present
  }

  func perform(_ command: ConsoleCommand, by person: Person) -> CommandResult {
    commands.append(command)
    people.append(person)
    return answer
  }

  /// Everybody's password is `correct horse`; the name is the role, and `both` has two.
  func signIn(name: String, password: String) -> Account? {
    guard password == "correct horse" else { return nil }
    if name == "both" { return Account(name: name, roles: [.operator, .approver]) }
    return Role(rawValue: name).map { Account(name: name, roles: [$0]) }
  }

  func history(_ query: HistoryQuery) -> HistoryAnswer {
    historyQueries.append(query)
    guard query.tag == "Filler/MachSpeed" else { return query.tag == "Filler/Broken" ? .failed(reason: "the block is damaged") : .unknownTag }
    return .series(
      HistorySeries(
        tag: query.tag, unit: "1/min", instants: [Sample.now - .minutes(2), Sample.now - .minutes(1)], values: [24, nil],
        qualities: [.good, .bad], thinned: false))
  }

  func ledger(_ query: LedgerQuery) -> [FactView] {
    ledgerQueries.append(query)
    return present.ledger.tail.filter { query.kind == nil || $0.kind == query.kind }.suffix(query.count)
  }

  func verifyLedger() -> LedgerVerification {
    LedgerVerification(intact: true, count: present.ledger.count, brokenAt: nil, head: present.ledger.head)
  }

  func log(of loop: String) -> [LogLineView]? { loop == "setpoints" ? Self.log : nil }

  func posterior() -> PosteriorView { posteriorAnswer }
  func residuals() -> ResidualsView { residualsAnswer }
  func set(posterior: PosteriorView) { posteriorAnswer = posterior }
  func set(residuals: ResidualsView) { residualsAnswer = residuals }

  func tags() async -> TagsView {
    tagLooks += 1
    // Long enough for the next to ask while this one is answered.
    try? await Task.sleep(for: .milliseconds(50))
    return Sample.tags
  }
  func tagLookCount() -> Int { tagLooks }

  static let log = [
    LogLineView(instant: Sample.now - .minutes(2), text: "started"),
    LogLineView(instant: Sample.now - .minutes(1), text: "searched <b>140</b> set-points"),
  ]

  func ingest(_ request: IngestRequest) -> IngestAnswer {
    ingested.append(request)
    return ingestAnswer
  }
}
