import HTTPTypes
import Hummingbird

/// Everything that moves something: each POST is one command, checked against the table of rights and passed to the core.
struct CommandRoutes {
  let backend: any ConsoleBackend

  func add(to api: RouterGroup<ConsoleContext>) {
    post(api, "takeover", .takeOver) { _, _ in .takeOver }
    post(api, "rearm", .rearm) { _, _ in .rearm }
    post(api, "halt", .halt) { _, body in .halt(reason: body.why) }
    post(api, "resume", .resume) { _, _ in .resume }
    post(api, "changes/:id/approve", .approve) { id, body in .approve(change: id, binding: body.binding, signature: body.signature) }
    post(api, "changes/:id/reject", .reject) { id, body in .reject(change: id, reason: body.why) }
    post(api, "changes/:id/rollback", .rollback) { id, _ in .rollback(change: id) }
    post(api, "loops/:id/kill", .killLoop) { id, _ in .killLoop(id) }
    post(api, "loops/:id/resume", .resumeLoop) { id, _ in .resumeLoop(id) }
    post(api, "loops/:id/promote", .promoteLoop) { id, _ in .promoteLoop(id) }
    post(api, "plans/:id/sign", .signPlan) { id, body in .signPlan(id, binding: body.binding, signature: body.signature) }
    post(api, "plans/:id/withdraw", .withdrawPlan) { id, _ in .withdrawPlan(id) }
    post(api, "envelope/accept", .acceptEnvelope) { _, body in .acceptEnvelope(binding: body.binding ?? "", signature: body.signature) }
  }

  private func post(
    _ api: RouterGroup<ConsoleContext>, _ path: RouterPath, _ right: Right,
    command: @escaping @Sendable (_ id: String, _ body: CommandBody) -> ConsoleCommand
  ) {
    api.post(path) { request, context in
      // First of all whether they may: what they ask for is then nobody's business.
      try context.require(right)
      let body = try await request.json(CommandBody.self) ?? CommandBody()
      let asked = command(context.parameters.get("id") ?? "", body)
      precondition(asked.right == right, "\(path) asks for another right than its command needs")
      switch await backend.perform(asked, by: context.person) {
      case .done: return try Response.json(["result": "done"])
      case .refused(let reason): throw Refusal.refused(reason)
      }
    }
  }
}
