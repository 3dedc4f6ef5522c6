import Console
import Testing

@Suite struct IngestTests {
  @Test func lineProtocolIsPassedOnAsInfluxClientsSendIt() async throws {
    try await withConsole { client, backend, _ async throws in
      let body = Array("MachSpeed,station=Filler value=24.5 1777888800000000000\n".utf8)
      let cases:
        [(path: String, headers: [String: String], precision: IngestRequest.Precision, bucket: String?, organisation: String?, token: String?)] = [
          ("/write?db=plant", [:], .nanoseconds, "plant", nil, nil),
          ("/write?db=plant&precision=ms&u=joe&p=secret", [:], .milliseconds, "plant", nil, "secret"),
          ("/write?db=plant&precision=u", ["Authorization": "Token joe:secret"], .microseconds, "plant", nil, "secret"),
          ("/write?db=plant&precision=n", ["Authorization": "Basic am9lOnNlY3JldA=="], .nanoseconds, "plant", nil, "secret"),
          ("/api/v2/write?bucket=line%201&org=acme&precision=s", ["Authorization": "Token abc"], .seconds, "line 1", "acme", "abc"),
          ("/api/v2/write?bucket=b&precision=us", ["Authorization": "Bearer abc"], .microseconds, "b", nil, "abc"),
        ]
      for (number, row) in cases.enumerated() {
        let reply = try await client.postBare(row.path, row.headers, body: body)
        #expect(reply.status == 204 && reply.body.isEmpty, "\(row.path)")
        let expected = IngestRequest(body: body, precision: row.precision, bucket: row.bucket, organisation: row.organisation, token: row.token)
        #expect(await backend.ingested[number] == expected, "\(row.path)")
      }
      #expect(try await client.get("/ping").status == 204)
    }
  }

  @Test func theBackendsAnswerReachesTheSender() async throws {
    try await withConsole { client, backend, _ async throws in
      await backend.set(ingestAnswer: IngestAnswer(status: 400, body: #"{"code": "invalid", "message": "line 1: no value"}"#))
      let reply = try await client.postBare("/write?db=plant", body: Array("rubbish".utf8))
      #expect(reply.status == 400)
      #expect(try reply.json()["message"] as? String == "line 1: no value")
      await backend.set(ingestAnswer: IngestAnswer(status: 401, body: #"{"code": "unauthorized", "message": "token"}"#))
      #expect(try await client.postBare("/api/v2/write?bucket=b", body: Array("m v=1".utf8)).status == 401)
    }
  }

  @Test func whatCannotBeReadIsRefusedBeforeTheBackendSeesIt() async throws {
    try await withConsole({ $0.bodyLimit = 1_000 }) { client, backend, _ async throws in
      let zipped = try await client.postBare("/api/v2/write?bucket=b", ["Content-Encoding": "gzip"], body: [0x1f, 0x8b, 8, 0])
      #expect(zipped.status == 415)
      let message = try zipped.json()["message"] as? String
      #expect(message?.contains("identity") == true)
      for path in ["/write?db=p&precision=h", "/api/v2/write?bucket=b&precision=u", "/api/v2/write?bucket=b&precision=x"] {
        #expect(try await client.postBare(path, body: [109]).status == 400, "\(path)")
      }
      let large = [UInt8](repeating: 0x61, count: 1_001)
      #expect(try await client.postBare("/write?db=p", body: large).status == 413)
      // The same without a length said beforehand.
      let chunked = Array("3e9\r\n".utf8) + large + Array("\r\n0\r\n\r\n".utf8)
      let head = ["Transfer-Encoding": "chunked", "Host": "127.0.0.1:\(client.port)"]
      #expect(try await client.sendChunked("/write?db=p", head, chunked).status == 413)
      #expect(await backend.ingested.isEmpty)
      #expect(try await client.postBare("/write?db=p", body: Array(large.dropLast())).status == 204)
    }
  }

  @Test func aCommandsBodyIsSmall() async throws {
    try await withConsole { client, backend, _ async throws in
      let reason = String(repeating: "x", count: 70_000)
      #expect(try await client.post("/api/v1/halt", json: #"{"reason": "\#(reason)"}"#).status == 413)
      #expect(try await client.post("/api/v1/halt", json: "{not json").status == 400)
      #expect(await backend.commands.isEmpty)
    }
  }
}

extension RawClient {
  func sendChunked(_ path: String, _ headers: [String: String], _ chunks: [UInt8]) async throws -> Reply {
    let head = "POST \(path) HTTP/1.1\r\nConnection: close\r\n" + headers.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
    return try await sendRaw(Array(head.utf8) + chunks)
  }
}
