import Console
import Foundation
import Testing

private let secret = "0123456789abcdef0123456789abcdef"

@Suite struct ClientTests {
  @Test func theCommandsClientReadsWritesAndHearsWhyNot() async throws {
    try await withConsole({
      $0.trustsLoopback = false
      $0.token = ConsoleToken(secret: secret, account: Account(name: "takt", roles: [.approver]))
    }) { raw, backend, _ async throws in
      let client = ConsoleClient(address: raw.origin, token: secret)
      #expect(try await client.get([LoopView].self, "loops") == Sample.loops)
      let series = try await client.get(HistorySeries.self, "history", query: [("tag", "Filler/MachSpeed"), ("points", "7")])
      #expect(series.values == [24, nil])
      #expect(await backend.historyQueries.map(\.maxPoints) == [7])
      try await client.post("changes/C-18/approve")
      try await client.post("changes/C-18/reject", reason: "a \"quoted\" reason")
      #expect(await backend.commands == [.approve(change: "C-18"), .reject(change: "C-18", reason: "a \"quoted\" reason")])

      await backend.set(answer: .refused(reason: "C-18 is settled"))
      await #expect(throws: ConsoleClientError.answered(status: 409, code: "refused", message: "C-18 is settled")) {
        try await client.post("changes/C-18/approve")
      }
      await #expect(throws: ConsoleClientError.unreadable(path: "loops")) { try await client.get([AlarmView].self, "loops") }
      let stranger = ConsoleClient(address: raw.origin)
      do {
        _ = try await stranger.data("loops")
        Issue.record("a stranger was answered")
      } catch {
        guard case .answered(401, "sign-in-needed", _)? = error as? ConsoleClientError else {
          Issue.record("\(error)")
          return
        }
      }
    }
    do {
      _ = try await ConsoleClient(address: "http://127.0.0.1:1").data("loops")
      Issue.record("nobody listens there")
    } catch {
      guard case .unreachable = error else {
        Issue.record("\(error)")
        return
      }
    }
  }
}
