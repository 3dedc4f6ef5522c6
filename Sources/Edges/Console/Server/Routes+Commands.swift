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
    post(api, "twin/accept", .settleDrift) { _, body in .acceptDrift(because: body.why) }
    post(api, "twin/mended", .settleDrift) { _, body in .mendDrift(because: body.why) }
    api.post("proposals") { request, context in
      try context.require(.propose)
      guard let body = try await request.json(ProposalBody.self) else {
        throw Refusal.badRequest("say what to move: {\"targets\": […], \"because\": …}")
      }
      guard body.because.utf8.count <= 2000, body.targets.count <= 100 else { throw Refusal.badRequest("a shorter reason and fewer targets, please") }
      return try await Self.answer(backend.perform(.propose(body), by: context.person))
    }
  }

  private static func answer(_ result: CommandResult) throws -> Response {
    switch result {
    case .done: return try Response.json(["result": "done"])
    case .proposed(let change): return try Response.json(["result": "done", "change": change])
    case .refused(let reason): throw Refusal.refused(reason)
    }
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
      return try await Self.answer(backend.perform(asked, by: context.person))
    }
  }
}
