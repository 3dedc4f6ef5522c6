import HTTPTypes
import Hummingbird

/// Everything that moves something: each POST is one command, checked against the table of rights and passed to the core.
struct CommandRoutes {
  let backend: any ConsoleBackend

  private struct Why: Decodable { var reason: String? }

  func add(to api: RouterGroup<ConsoleContext>) {
    post(api, "takeover", .takeOver) { _, _ in .takeOver }
    post(api, "rearm", .rearm) { _, _ in .rearm }
    post(api, "halt", .halt) { _, why in .halt(reason: why) }
    post(api, "resume", .resume) { _, _ in .resume }
    post(api, "changes/:id/approve", .approve) { id, _ in .approve(change: id) }
    post(api, "changes/:id/reject", .reject) { id, why in .reject(change: id, reason: why) }
    post(api, "changes/:id/rollback", .rollback) { id, _ in .rollback(change: id) }
    post(api, "loops/:id/kill", .killLoop) { id, _ in .killLoop(id) }
    post(api, "loops/:id/resume", .resumeLoop) { id, _ in .resumeLoop(id) }
    post(api, "loops/:id/promote", .promoteLoop) { id, _ in .promoteLoop(id) }
  }

  private func post(
    _ api: RouterGroup<ConsoleContext>, _ path: RouterPath, _ right: Right,
    command: @escaping @Sendable (_ id: String, _ reason: String) -> ConsoleCommand
  ) {
    api.post(path) { request, context in
      // First of all whether they may: what they ask for is then nobody's business.
      try context.require(right)
      let reason = try await request.json(Why.self)?.reason ?? ""
      let asked = command(context.parameters.get("id") ?? "", String(reason.prefix(500)))
      precondition(asked.right == right, "\(path) asks for another right than its command needs")
      switch await backend.perform(asked, by: context.person) {
      case .done: return try Response.json(["result": "done"])
      case .refused(let reason): throw Refusal.refused(reason)
      }
    }
  }
}
