import Console
import Testing

private let secret = "0123456789abcdef0123456789abcdef"

@Suite struct SessionTests {
  @Test func aSessionIsARandomCookieThatScriptsAndOtherSitesCannotUse() async throws {
    try await withConsole({ $0.trustsLoopback = false }) { client, _, _ async throws in
      let credentials = #"{"name": "engineer", "password": "correct horse"}"#
      let reply = try await client.post("/api/v1/session", json: credentials)
      #expect(reply.status == 200)
      let field = try #require(reply.headers["set-cookie"])
      for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] { #expect(field.contains(attribute)) }
      let cookie = String(field.split(separator: ";")[0])
      #expect(cookie.count == "takt-session=".count + 64)
      #expect(try await client.signIn("engineer") != cookie)
      let me = try await client.get("/api/v1/me", ["Cookie": cookie]).json()
      #expect(me["name"] as? String == "engineer")
      #expect(me["signedIn"] as? Bool == true)
      let rights = me["rights"] as? [String]
      #expect(rights?.contains("rearm") == true)
      // Signing out ends it.
      #expect(try await client.send("DELETE", "/api/v1/session", ["Cookie": cookie, "Origin": client.origin], []).status == 200)
      #expect(try await client.get("/api/v1/snapshot", ["Cookie": cookie]).status == 401)
      #expect(try await client.get("/api/v1/snapshot", ["Cookie": "takt-session=" + String(repeating: "0", count: 64)]).status == 401)
    }
    try await withConsole({ $0.secureCookies = true }) { client, _, _ async throws in
      let reply = try await client.post("/api/v1/session", json: #"{"name": "viewer", "password": "correct horse"}"#)
      #expect(reply.headers["set-cookie"]?.contains("; Secure") == true)
    }
  }

  @Test func aSessionEndsWhenItIsNotUsed() async throws {
    try await withConsole({
      $0.trustsLoopback = false
      $0.sessionIdleLimit = .zero
    }) { client, _, _ async throws in
      let cookie = try await client.signIn("viewer")
      #expect(try await client.get("/api/v1/snapshot", ["Cookie": cookie]).status == 401)
    }
  }

  @Test func wrongPasswordsAreRefusedAndThenHaveToWait() async throws {
    try await withConsole { client, _, _ async throws in
      let wrong = #"{"name": "engineer", "password": "guess"}"#
      for _ in 0..<5 { #expect(try await client.post("/api/v1/session", json: wrong).status == 401) }
      let reply = try await client.post("/api/v1/session", json: #"{"name": "engineer", "password": "correct horse"}"#)
      #expect(reply.status == 429)
      #expect(Int(reply.headers["retry-after"] ?? "") != nil)
      // Others are not kept waiting.
      #expect(try await client.post("/api/v1/session", json: #"{"name": "viewer", "password": "correct horse"}"#).status == 200)
      #expect(try await client.post("/api/v1/session", json: #"{"name": "viewer"}"#).status == 400)
      #expect(try await client.post("/api/v1/session").status == 400)
    }
  }

  @Test func otherSitesCannotActThroughSomebodysBrowser() async throws {
    try await withConsole { client, backend, _ async throws in
      let cookie = try await client.signIn("engineer")
      let foreign: [[String: String]] = [
        ["Origin": "http://evil.example"], ["Origin": "null"], ["Origin": "http://127.0.0.1:1"],
        ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Sec-Fetch-Site": "cross-site", "Origin": client.origin],
        ["Origin": "http://evil.example", "Cookie": cookie], ["Cookie": cookie],
      ]
      for headers in foreign {
        for path in ["/api/v1/halt", "/api/v1/takeover", "/api/v1/rearm", "/api/v1/session", "/write", "/api/v2/write"] {
          #expect(try await client.postBare(path, headers).status == 403, "\(headers) at \(path)")
        }
      }
      // A body must say that it is JSON, which a foreign form cannot.
      let form = ["Content-Type": "text/plain"]
      #expect(try await client.post("/api/v1/halt", form, json: #"{"reason": "x"}"#).status == 415)
      // Another host's name that points here is not us.
      #expect(try await client.get("/", ["Host": "evil.example"]).status == 421)
      #expect(try await client.get("/api/v1/snapshot", ["Host": "evil.example:\(client.port)"]).status == 421)
      #expect(try await client.get("/api/v1/snapshot", ["Host": "localhost:\(client.port)"]).status == 200)
      #expect(await backend.commands.isEmpty)
      #expect(await backend.ingested.isEmpty)
    }
  }

  @Test func aHostNameOfTheConfigurationIsAnswered() async throws {
    try await withConsole({ $0.hostNames = ["takt.plant.example"] }) { client, _, _ async throws in
      #expect(try await client.get("/api/v1/snapshot", ["Host": "takt.plant.example"]).status == 200)
    }
  }

  @Test func theCommandsTokenActsAsItsAccountAndAWrongOneAsNobody() async throws {
    try await withConsole({
      $0.trustsLoopback = false
      $0.token = ConsoleToken(secret: secret, account: Account(name: "takt on host7", roles: [.engineer]))
    }) { client, backend, _ async throws in
      let right = ["Authorization": "Bearer \(secret)"]
      #expect(try await client.get("/api/v1/loops", right).status == 200)
      #expect(try await client.postBare("/api/v1/loops/speeds/kill", right).status == 200)
      #expect(try await client.postBare("/api/v1/loops/speeds/promote", right).status == 403)
      #expect(await backend.people.map(\.name) == ["takt on host7"])
      for wrong in ["Bearer \(secret)0", "Bearer ", "Bearer 0123456789abcdef0123456789abcdee", "Basic \(secret)", secret] {
        #expect(try await client.get("/api/v1/loops", ["Authorization": wrong]).status == 401, "\(wrong)")
      }
    }
    // Also at the panel a wrong token is an error.
    try await withConsole { client, _, _ async throws in
      #expect(try await client.postBare("/api/v1/halt", ["Authorization": "Bearer \(secret)"]).status == 401)
    }
  }
}
