import Console
import Foundation
import Testing

@Suite struct ReplayPageTests {
  /// The replay plays a file of whoever looks: it asks the plant for nothing, so it opens without signing in, and it sends nothing anywhere.
  @Test func theReplayOpensWithoutSignInAndLoadsNothingFromElsewhere() async throws {
    try await withConsole({ $0.trustsLoopback = false }) { client, _, _ async throws in
      let page = try await client.get("/replay")
      #expect(page.status == 200 && page.headers["content-type"] == "text/html; charset=utf-8")
      #expect(page.headers["content-security-policy"]?.contains("default-src 'none'; script-src 'self'") == true)
      #expect(page.body.contains("type=\"file\"") && page.body.contains("takt simulate"))
      #expect(page.body == (try await client.get("/replay.html").body))
      // Everything that it refers to is there.
      var left = page.body.matches(of: /(?:src|href)="(\/[^"]+)"/).map { String($0.1) }
      var seen: Set<String> = []
      while let path = left.popLast() {
        guard seen.insert(path).inserted else { continue }
        let reply = try await client.get(path)
        #expect(reply.status == 200, "\(path)")
        #expect(!reply.body.contains("https://"), "\(path)")
        if path.hasSuffix(".js") { left += reply.body.matches(of: /from '\.\/([^']+)'/).map { "/js/\($0.1)" } }
        if path.hasPrefix("/js/replay") { #expect(!reply.body.contains("fetch(") && !reply.body.contains("/api/"), "\(path)") }
      }
      #expect(seen.count >= 7)
      #expect(try await client.get("/api/v1/snapshot").status == 401)
    }
  }
}
