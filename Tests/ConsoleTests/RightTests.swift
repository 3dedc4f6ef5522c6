import Console
import Testing

/// The table as the plant's people would sign it, written apart from the code's: o operator, e engineer, a approver, s safety.
private let signed: [(path: String, command: ConsoleCommand, roles: Set<Role>, openAtPanel: Bool)] = [
  ("takeover", .takeOver, [.operator, .engineer, .approver, .safety], true),
  ("halt", .halt(reason: ""), [.operator, .engineer, .approver, .safety], true),
  ("rearm", .rearm, [.engineer], false),
  ("resume", .resume, [.engineer, .safety], false),
  ("changes/C-17/approve", .approve(change: "C-17"), [.approver], false),
  ("changes/C-17/reject", .reject(change: "C-17", reason: ""), [.approver, .engineer], false),
  ("changes/C-17/rollback", .rollback(change: "C-17"), [.operator, .engineer, .approver, .safety], false),
  ("loops/speeds/kill", .killLoop("speeds"), [.operator, .engineer, .safety], false),
  ("loops/speeds/resume", .resumeLoop("speeds"), [.engineer], false),
  ("loops/speeds/promote", .promoteLoop("speeds"), [.approver], false),
  ("plans/fast/sign", .signPlan("fast", binding: nil, signature: nil), [.engineer, .approver, .safety], false),
  ("plans/fast/withdraw", .withdrawPlan("fast"), [.operator, .engineer, .approver, .safety], false),
  ("envelope/accept", .acceptEnvelope(binding: "", signature: nil), [.safety], false),
  ("twin/accept", .acceptDrift(because: ""), [.engineer], false),
  ("twin/mended", .mendDrift(because: ""), [.engineer], false),
]

@Suite struct RightTests {
  @Test func everyRoleMayDoExactlyWhatTheTableSays() async throws {
    try await withConsole({ $0.trustsLoopback = false }) { client, backend, _ async throws in
      var expected: [ConsoleCommand] = []
      for role in Role.allCases {
        let cookie = try await client.signIn(role.rawValue)
        #expect(try await client.get("/api/v1/snapshot", ["Cookie": cookie]).status == 200, "\(role) may see")
        for row in signed {
          let reply = try await client.post("/api/v1/\(row.path)", ["Cookie": cookie])
          #expect(reply.status == (row.roles.contains(role) ? 200 : 403), "\(role) at \(row.path)")
          if row.roles.contains(role) { expected.append(row.command) }
        }
      }
      #expect(await backend.commands == expected)
      #expect(await backend.people.allSatisfy { $0.means == .session && !$0.isLocal && $0.roles.first?.rawValue == $0.name })
    }
  }

  @Test func nobodySignedInMayDoNothingFromElsewhere() async throws {
    try await withConsole({ $0.trustsLoopback = false }) { client, backend, _ async throws in
      for row in signed { #expect(try await client.post("/api/v1/\(row.path)").status == 401, "\(row.path)") }
      for path in ["snapshot", "line", "twin", "changes", "changes/C-17", "loops", "alarms", "data", "tags", "stream", "ledger", "ledger/verify"] {
        #expect(try await client.get("/api/v1/\(path)").status == 401, "\(path)")
      }
      #expect(try await client.get("/api/v1/history?tag=Filler/MachSpeed").status == 401)
      #expect(await backend.commands.isEmpty)
      #expect(await backend.lookCount() == 0)
    }
  }

  @Test func thePanelMayLookTakeOverAndHaltAndNothingElse() async throws {
    try await withConsole { client, backend, _ async throws in
      #expect(try await client.get("/api/v1/snapshot").status == 200)
      for row in signed {
        #expect(try await client.post("/api/v1/\(row.path)").status == (row.openAtPanel ? 200 : 401), "\(row.path)")
        // A proxy that passes somebody on is not the panel.
        #expect(try await client.post("/api/v1/\(row.path)", ["X-Forwarded-For": "192.0.2.7"]).status == 401, "\(row.path), forwarded")
      }
      #expect(await backend.commands == [.takeOver, .halt(reason: "")])
      #expect(await backend.people.allSatisfy { $0.means == .panel && $0.isLocal && $0.name == "panel" })
    }
  }

  @Test func aChangeByHandNeedsARoleAndIsTheSignedInPersonsOwn() async throws {
    try await withConsole({ $0.trustsLoopback = false }) { client, backend, _ async throws in
      let body = #"{"targets": [{"tag": "Filler/MachSpeed", "value": 25, "unit": "1/min"}], "because": "the new valve", "mayLose": 0.02}"#
      await backend.set(answer: .proposed(change: "brisk-otter-17"))
      for role in Role.allCases {
        let cookie = try await client.signIn(role.rawValue)
        let reply = try await client.post("/api/v1/proposals", ["Cookie": cookie], json: body)
        let mayPropose = [.operator, .engineer, .approver].contains(role)
        #expect(reply.status == (mayPropose ? 200 : 403), "\(role)")
        if mayPropose { #expect(try reply.json()["change"] as? String == "brisk-otter-17") }
      }
      let asked = ConsoleCommand.propose(
        ProposalBody(targets: [.init(tag: "Filler/MachSpeed", value: 25, unit: "1/min")], because: "the new valve", mayLose: 0.02))
      #expect(await backend.commands == [asked, asked, asked])
      #expect(await backend.people.map(\.name) == ["operator", "engineer", "approver"])
      #expect(try await client.post("/api/v1/proposals", json: body).status == 401)
      let cookie = try await client.signIn("engineer")
      #expect(try await client.post("/api/v1/proposals", ["Cookie": cookie]).status == 400)
      await backend.set(answer: .refused(reason: "31 is outside 18.0…29.0 1/min of Filler/MachSpeed"))
      let reply = try await client.post("/api/v1/proposals", ["Cookie": cookie], json: body)
      #expect(try reply.status == 409 && reply.json()["message"] as? String == "31 is outside 18.0…29.0 1/min of Filler/MachSpeed")
    }
  }

  @Test func twoRolesAddUpAndARefusalOfTheCoreIsAnAnswer() async throws {
    try await withConsole({ $0.trustsLoopback = false }) { client, backend, _ async throws in
      let cookie = try await client.signIn("both")
      #expect(try await client.post("/api/v1/changes/C-17/approve", ["Cookie": cookie]).status == 200)
      #expect(try await client.post("/api/v1/loops/speeds/kill", ["Cookie": cookie]).status == 200)
      await backend.set(answer: .refused(reason: "C-17 is settled"))
      let reply = try await client.post("/api/v1/changes/C-17/rollback", ["Cookie": cookie])
      #expect(reply.status == 409)
      #expect(try reply.json()["message"] as? String == "C-17 is settled")
      // The reason reaches the core.
      _ = try await client.post("/api/v1/halt", ["Cookie": cookie], json: #"{"reason": "smoke at the packer"}"#)
      #expect(await backend.commands.last == .halt(reason: "smoke at the packer"))
    }
  }
}
