import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// `GET /api/v1/stream`: the snapshot as Server-Sent Events.
struct StreamRoutes {
  let feed: SnapshotFeed

  func add(to api: RouterGroup<ConsoleContext>) {
    api.get("stream") { _, context in
      try context.require(.see)
      return Response(
        status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
        body: ResponseBody { writer in
          try await self.send(to: &writer)
          try await writer.finish(nil)
        })
    }
  }

  private func send(to writer: inout any ResponseBodyWriter) async throws {
    // Browsers come back after two seconds when the line breaks.
    try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
    let wakes = feed.watch()
    var sent: UInt64 = 0
    if let frame = feed.latest {
      try await writer.write(frame.event)
      sent = frame.number
    }
    for await _ in wakes.cancelOnGracefulShutdown() {
      if let frame = feed.latest, frame.number > sent {
        try await writer.write(frame.event)
        sent = frame.number
      } else {
        try await writer.write(ByteBuffer(string: ": still here\n\n"))
      }
    }
  }
}
