import Console
import Foundation
import Quantities
import Testing

@Suite struct QueryTests {
  @Test func evidenceAndPairsAreSaidInASentence() {
    #expect(
      Sample.changes[0].evidence?.sentence
        == "2 pairs; e-value of a gain 3.0 of 20, of harm 0.30 of 20, that the claim fails 0.00 of 10")
    #expect(Sample.changes[0].pair?.sentence == "Filler carries the move, Labeller stands as control (pair 3 of 30, settling)")
  }

  @Test func theSnapshotAndItsPartsArriveAsTheyAre() async throws {
    try await withConsole { client, backend, _ async throws in
      func decode<Part: Decodable>(_ type: Part.Type, _ path: String) async throws -> Part {
        let reply = try await client.get("/api/v1/\(path)")
        #expect(reply.headers["content-type"] == "application/json; charset=utf-8")
        #expect(reply.headers["cache-control"] == "no-store")
        return try ConsoleJSON.decoder().decode(type, from: Data(reply.body.utf8))
      }
      #expect(try await decode(ConsoleSnapshot.self, "snapshot") == Sample.snapshot)
      #expect(try await decode(LineView.self, "line") == Sample.line)
      #expect(try await decode(TwinView.self, "twin") == Sample.twin)
      #expect(try await decode(PosteriorView.self, "twin/posterior") == Sample.posterior)
      #expect(try await decode(ResidualsView.self, "twin/residuals") == Sample.residuals)
      #expect(try await decode([ChangeView].self, "changes") == Sample.changes)
      #expect(try await decode(ChangeView.self, "changes/C-15") == Sample.changes[3])
      #expect(try await decode([LoopView].self, "loops") == Sample.loops)
      #expect(try await decode([AlarmView].self, "alarms") == Sample.alarms)
      #expect(try await decode(DataView.self, "data") == Sample.data)
      #expect(try await client.get("/api/v1/changes/C-99").status == 404)
      #expect(try await decode([LogLineView].self, "loops/setpoints/log") == SampleBackend.log)
      #expect(try await client.get("/api/v1/loops/nobody/log").status == 404)

      // Numbers that JSON does not have survive, and what is not known is left out rather than zero.
      var odd = Sample.snapshot
      odd.speed = nil
      odd.twin.estimates[0].high = .infinity
      await backend.set(present: odd)
      #expect(try await decode(ConsoleSnapshot.self, "snapshot") == odd)
      #expect(try await client.get("/api/v1/snapshot").json()["speed"] == nil)
    }
  }

  @Test func theTableOfTagsIsMadeOnceForAllWhoAskAndAddsUp() async throws {
    try await withConsole { client, backend, _ async throws in
      let replies = try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<4 { group.addTask { try await client.get("/api/v1/tags").body } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      for reply in replies { #expect(try ConsoleJSON.decoder().decode(TagsView.self, from: Data(reply.utf8)) == Sample.tags) }
      #expect(try await client.get("/api/v1/tags").status == 200)
      #expect(await backend.tagLookCount() == 1)
      let totals = Sample.tags.totals
      #expect(totals.series == 2 && totals.samples == 86_462 && totals.bytes == 119_250)
      // Samples that no block file holds are no divisor: 86 400 of them are.
      #expect(abs(try #require(totals.bytesPerSample) - 119_250 / 86_400) < 1e-12)
      #expect(TagsView(at: Sample.now, from: Sample.now, tags: []).totals.bytesPerSample == nil)
      // What is not known is left out.
      let rows = try await client.get("/api/v1/tags").json()["tags"] as? [[String: Any]]
      #expect(rows?.last?["rate"] == nil && rows?.last?["reason"] as? String == "never seen")
    }
  }

  @Test func historyAndLedgerPassTheirQuestionsOn() async throws {
    try await withConsole { client, backend, _ async throws in
      let reply = try await client.get("/api/v1/history?tag=Filler%2FMachSpeed&from=2026-05-04T09:00:00Z&to=1777888800000000000&points=50")
      let series = try ConsoleJSON.decoder().decode(HistorySeries.self, from: Data(reply.body.utf8))
      #expect(series.values == [24, nil])
      #expect(series.qualities == [.good, .bad])
      #expect(
        await backend.historyQueries == [
          HistoryQuery(tag: "Filler/MachSpeed", from: Sample.now - .hours(1), to: Sample.now, maxPoints: 50)
        ])
      #expect(try await client.get("/api/v1/history?tag=Filler/MachSpeed&from=2026-05-04T09:00:00.250Z").status == 200)
      #expect(
        await backend.historyQueries.last
          == HistoryQuery(tag: "Filler/MachSpeed", from: Sample.now - .hours(1) + .milliseconds(250), to: nil, maxPoints: 1_000))
      for (query, status) in [
        ("", 400), ("tag=", 400), ("tag=Filler/MachSpeed&points=0", 400), ("tag=Filler/MachSpeed&points=20001", 400),
        ("tag=Filler/MachSpeed&from=yesterday", 400), ("tag=Filler/MachSpeed&from=2&to=1", 400), ("tag=Filler/Nothing", 404),
        ("tag=Filler/Broken", 503),
      ] {
        let reply = try await client.get("/api/v1/history?\(query)")
        #expect(reply.status == status, "\(query)")
        let message = try reply.json()["message"] as? String
        #expect(message?.isEmpty == false, "\(query)")
      }

      let facts = try await client.get("/api/v1/ledger?from=3&count=2&kind=ProposalReceived&change=C-17").json()["facts"] as? [[String: Any]]
      #expect(facts?.map { $0["seq"] as? Int } == [408, 412])
      #expect(await backend.ledgerQueries == [LedgerQuery(from: 3, count: 2, kind: "ProposalReceived", change: "C-17")])
      for query in ["count=0", "count=1001", "from=0", "count=x"] {
        #expect(try await client.get("/api/v1/ledger?\(query)").status == 400, "\(query)")
      }
      #expect(try await client.get("/api/v1/ledger/verify").json()["intact"] as? Bool == true)
    }
  }

  @Test func everyResponseKeepsForeignCodeOutAndErrorsAreJSON() async throws {
    try await withConsole { client, _, _ async throws in
      for path in [
        "/", "/console.css", "/api/v1/me", "/api/v1/snapshot", "/nothing/here", "/api/v1/nothing", "/../Package.swift", "/%2e%2e/%2e%2e/etc/passwd",
      ] {
        let reply = try await client.get(path)
        let policy = try #require(reply.headers["content-security-policy"], "\(path)")
        #expect(policy.contains("default-src 'none'") && policy.contains("script-src 'self'") && !policy.contains("unsafe"), "\(path)")
        #expect(reply.headers["x-content-type-options"] == "nosniff")
        #expect(reply.headers["cache-control"] != nil)
      }
      for path in ["/nothing/here", "/api/v1/nothing", "/../Package.swift", "/%2e%2e/%2e%2e/etc/passwd"] {
        let reply = try await client.get(path)
        #expect(reply.status == 404, "\(path)")
        #expect(try reply.json()["error"] as? String == "not-found", "\(path)")
      }
      #expect(try await client.get("/health").json()["status"] as? String == "pass")
      // A GET moves nothing.
      #expect(try await client.get("/api/v1/halt").status == 404)
    }
  }

  @Test func pagesAreOursAloneAndCachedByTheirContent() async throws {
    try await withConsole { client, _, _ async throws in
      let page = try await client.get("/")
      #expect(page.status == 200 && page.headers["content-type"] == "text/html; charset=utf-8")
      #expect(!page.body.contains("http://") && !page.body.contains("https://") && !page.body.contains("style=") && !page.body.contains("onclick"))
      #expect(page.body.components(separatedBy: "<script").dropFirst().allSatisfy { $0.contains("src=\"/") })
      let tag = try #require(page.headers["etag"])
      #expect(try await client.get("/", ["If-None-Match": tag]).status == 304)
      // All that a page names is there.
      for piece in page.body.components(separatedBy: "=\"/").dropFirst() {
        let path = "/" + piece.prefix { $0 != "\"" }
        #expect(try await client.get(path).status == 200, "\(path)")
      }
    }
  }
}
