import Console
import Foundation
import Quantities
import Testing

@Suite struct StreamTests {
  /// The stream's frames without the transport: chunk sizes and headers taken away.
  private func events(_ text: String) -> [String] {
    text.components(separatedBy: "\n\n").compactMap { part in
      part.range(of: "id: ").map { String(part[$0.lowerBound...]) }
    }
  }

  private func number(_ event: String) -> Int? { Int(event.dropFirst(4).prefix { $0.isNumber }) }

  @Test func snapshotsComeInOrderAndEachOneOnce() async throws {
    try await withConsole { client, backend, _ async throws in
      await backend.set(step: .seconds(15))
      let text = try await client.stream("/api/v1/stream") { $0.components(separatedBy: "event: snapshot").count > 8 }
      #expect(text.hasPrefix("HTTP/1.1 200"))
      #expect(text.lowercased().contains("content-type: text/event-stream"))
      let events = events(text).dropLast()
      let numbers = events.compactMap(number)
      #expect(numbers.count >= 7)
      #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
      let times = events.compactMap { event -> Instant? in
        guard let data = event.range(of: "data: ")?.upperBound else { return nil }
        // A chunk's edge may stand in the last line.
        let json = event[data...].prefix { $0 != "\r" && $0 != "\n" }
        return (try? ConsoleJSON.decoder().decode(ConsoleSnapshot.self, from: Data(json.utf8)))?.plantTime
      }
      #expect(times.count == numbers.count)
      #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  @Test func aQuietPlantSendsItsSnapshotOnceAndThenHeartbeats() async throws {
    try await withConsole({ $0.heartbeat = .milliseconds(60) }) { client, _, _ async throws in
      let text = try await client.stream("/api/v1/stream") { $0.components(separatedBy: ": still here").count > 3 }
      #expect(events(text).count == 1)
    }
  }

  @Test func aLateClientGetsThePresentAtOnceAndManyShareOneLook() async throws {
    try await withConsole({ $0.frameInterval = .milliseconds(100) }) { client, backend, _ async throws in
      #expect(await backend.lookCount() == 0, "nobody watches, nobody looks")
      let texts = try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<20 { group.addTask { try await client.stream("/api/v1/stream") { $0.contains("event: snapshot") && $0.contains("\n\n\r\n") } } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(texts.count == 20 && texts.allSatisfy { $0.contains("bottling-4") })
      // Twenty clients, each of whom saw a frame; the backend was asked by the clock, not by the clients.
      #expect(await backend.lookCount() < 20)
    }
  }

  @Test func stoppingEndsTheStreamCleanly() async throws {
    try await withConsole { client, backend, server async throws in
      await backend.set(step: .seconds(1))
      async let text = client.stream("/api/v1/stream") { _ in false }
      while await backend.lookCount() < 3 { try await Task.sleep(for: .milliseconds(5)) }
      await server.stop()
      // The last chunk of a chunked body has length zero.
      #expect(try await text.hasSuffix("0\r\n\r\n"))
    }
  }
}
