import Foundation
import Testing

/// The whole of Takt as its users meet it: real processes, a real broker, a plant that shares no code with the twin. One after the other,
/// because each wants the machine's processors.
@Suite(.serialized) struct LoopTests {
  @Test func telemetryMakesTheTwinValidAndPeopleStayInCharge() async throws {
    guard let line = try await Line.up(speed: 120) else { return }
    let valid = try await within(100) {
      let twin = try await line.snapshot()["twin"] as? [String: Any]
      return twin?["valid"] as? Bool == true
    }
    let twin = try await line.snapshot()["twin"] as? [String: Any]
    let story = valid ? "" : try await line.story()
    try #require(valid, "the twin is not valid: \(twin?["reason"] ?? "")\n\(story)")

    let (queried, table) = try await line.command("query", "--json")
    #expect(queried == 0)
    let rows = try #require(try JSONSerialization.jsonObject(with: Data(table.utf8)) as? [[String: Any]])
    let processed = rows.first { $0["tag"] as? String == "Filler/ProdProcessedCount" }
    #expect((processed?["samples"] as? NSNumber)?.intValue ?? 0 > 100)
    #expect(rows.contains { $0["tag"] as? String == "Line/ProductId" && $0["value"] as? String == "Still500" })
    for verb in [["ps", "--json"], ["top", "--json"], ["proposals", "--json"], ["logs", "setpoints", "--json"]] {
      let (status, output) = try await line.command(verb)
      #expect(status == 0, "\(verb): \(output)")
      #expect((try? JSONSerialization.jsonObject(with: Data(output.utf8))) != nil, "\(verb): \(output)")
    }

    // Anybody at the panel takes the line at once; giving it back needs a role.
    #expect(try await line.post("/api/v1/takeover") == 200)
    let before = try await line.facts().kinds.count { $0 == "writeIntended" }
    #expect((try await line.snapshot()["mode"] as? [String: Any])?["kind"] as? String == "manual")
    #expect(try await line.post("/api/v1/rearm") == 401)
    let refused = try await line.command("propose", "Filler/MachSpeed=25", "--because", "a trial")
    #expect(refused.status == 1 && refused.output.contains("taken over") && refused.output.contains("takt rearm"), "\(refused.output)")
    try await Task.sleep(for: .seconds(2))
    #expect(try await line.facts().kinds.count { $0 == "writeIntended" } == before)
    #expect((try await line.snapshot()["mode"] as? [String: Any])?["kind"] as? String == "manual")
    #expect(try await line.command("rearm").status == 0)
    #expect((try await line.snapshot()["mode"] as? [String: Any])?["kind"] as? String == "automatic")

    // A change by hand: a slip is answered, a sound one is on its way, and whoever proposed it does not approve it.
    let slip = try await line.command("propose", "Filler/MachSped=25", "--because", "a trial")
    #expect(slip.status == 1 && slip.output.contains("did you mean Filler/MachSpeed?"), "\(slip.output)")
    #expect(try await line.command("kill", "setpoints").status == 0)
    var proposed = ""
    let taken = try await within(60) {
      for change in try await line.snapshot()["changes"] as? [[String: Any]] ?? [] where change["open"] as? Bool == true {
        if let id = change["id"] as? String { _ = try await line.command("rollback", id) }
      }
      let setpoints = try await line.snapshot()["setpoints"] as? [[String: Any]] ?? []
      guard let now = (setpoints.first { $0["tag"] as? String == "Filler/MachSpeed" }?["now"] as? NSNumber)?.doubleValue else { return false }
      let answer = try await line.command("propose", "Filler/MachSpeed=\(now - 0.5)", "--because", "a trial", "--json")
      proposed = answer.output
      return answer.status == 0
    }
    #expect(taken, "\(proposed)")
    let json = try JSONSerialization.jsonObject(with: Data(proposed.utf8)) as? [String: Any]
    let change = try #require(json?["change"] as? String)
    let record = try #require(try await line.facts().last { $0["kind"] as? String == "changeProposed" }?["changeProposed"] as? [String: Any])
    let proposal = try #require(record["proposal"] as? [String: Any])
    #expect(proposal["id"] as? String == change && (proposal["proposer"] as? [String: Any])?["name"] as? String == "takt command")
    #expect(try await line.command("approve", change).status == 1)

    // It ends when it is told to, and that is nobody's crash.
    let takt = try #require(line.takt)
    takt.signal(SIGINT)
    #expect(await takt.ended(within: 30) == 0)
    let facts = try await line.facts()
    #expect(!facts.kinds.contains("loopCrashed"))
    #expect(facts.kinds.contains("takenOver") && facts.kinds.contains("rearmed"))
    #expect(try await line.command("ledger", "verify").status == 0)
    let replays = try await [line.command("replay"), line.command("replay")]
    #expect(replays[0].status == 0 && replays[0].output == replays[1].output)
    #expect(replays[0].output.hasPrefix("\(facts.count) facts, state "))
  }

  @Test func whatWasAcknowledgedSurvivesAKill() async throws {
    // Three times it catches up with all that it remembers; a debug build has no time to spare for a fast plant beside that.
    guard let line = try await Line.up(speed: 20) else { return }
    var acknowledged: Set<Int> = []
    var next = 0
    /// One numbered sample at an instant of its own.
    func numbered() async throws -> (number: Int, body: String) {
      next += 1
      let instant = try #require((try await line.snapshot()["plantTime"] as? NSNumber)?.int64Value) + Int64(next)
      return (next, "bench,station=Bench value=\(next) \(instant)")
    }
    let path = "/api/v2/write?precision=ns"
    func stored() async throws -> Set<Int> {
      let (status, output) = try await line.command("query", "Bench/bench", "--json")
      try #require(status == 0, "\(output)")
      let rows = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])
      return Set(rows.compactMap { ($0["value"] as? NSNumber)?.intValue })
    }

    for round in 1...3 {
      let console = try line.console()
      for _ in 0..<60 {
        let sample = try await numbered()
        try #require(try await console.post(path, sample.body) == 204)
        acknowledged.insert(sample.number)
      }
      let before = try await line.facts()
      let takt = try #require(line.takt)
      // In the midst of a request: it may be stored or not, but what is answered is stored.
      let sample = try await numbered()
      async let answer = console.post(path, sample.body)
      takt.signal(SIGKILL)
      #expect(await takt.ended(within: 10) == 128 + SIGKILL)
      if try await answer == 204 { acknowledged.insert(sample.number) }
      try await line.startTakt()
      let lost = acknowledged.subtracting(try await stored())
      #expect(lost.isEmpty, "round \(round): acknowledged and lost: \(lost.sorted())")
      #expect(try await line.command("ledger", "verify").status == 0)
      let after = try await line.facts()
      #expect(after.prefix(before.count).elementsEqual(before) { ($0 as NSDictionary) == ($1 as NSDictionary) }, "facts changed")
      let epochs = after.compactMap { ($0["gatewayOpened"] as? [String: Any])?["epoch"] as? Int }
      // A core that stood still longer than the watchdog waits begins a new epoch by itself.
      #expect(epochs == Array(1...epochs.count) && epochs.count > round)
    }
  }

  @Test func aDeviceThatTellsOldNewsDoesNotSetThePlantsClock() async throws {
    guard let line = try Line(speed: 120) else { return }
    try await line.startTakt()
    let console = try line.console()
    let old = Int64(Date().timeIntervalSince1970 - 7200) * 1_000_000_000
    var sent = 0
    func tellOldNews() async throws {
      sent += 1
      #expect(try await console.post("/api/v2/write?precision=ns", "bench,station=Bench value=\(sent) \(old + Int64(sent))") == 204)
    }
    for _ in 0..<5 { try await tellOldNews() }
    try line.startPlant()
    let followed = try await within(30) {
      try await tellOldNews()
      let stations = (try await line.snapshot()["line"] as? [String: Any])?["stations"] as? [[String: Any]] ?? []
      return !stations.isEmpty && stations.allSatisfy { $0["state"] != nil }
    }
    #expect(followed, "the plant's telemetry is taken for lies")
  }

  @Test func aKilledLoopIsStartedAgain() async throws {
    guard let line = try await Line.up(speed: 120) else { return }
    func loop() async throws -> (pid: Int32?, restarts: Int) {
      let (status, output) = try await line.command("ps", "--json")
      try #require(status == 0, "\(output)")
      let loops = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])
      return ((loops.first?["pid"] as? NSNumber)?.int32Value, (loops.first?["restarts"] as? NSNumber)?.intValue ?? -1)
    }
    try #require(await within(30) { (try? await loop().pid) != nil }, "the loop has not started")
    let first = try await loop()
    #expect(first.restarts == 0)
    kill(try #require(first.pid), SIGKILL)
    let again = try await within(30) {
      let now = try await loop()
      return now.restarts == 1 && now.pid != nil && now.pid != first.pid
    }
    let last = try await loop()
    #expect(again, "the loop stays down: \(last)")
    let facts = try await line.facts()
    #expect(facts.kinds.count { $0 == "loopStarted" } == 2)
    #expect(facts.kinds.contains("loopCrashed"))
  }
}
