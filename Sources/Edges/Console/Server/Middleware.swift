import HTTPTypes
import Hummingbird
import NIOCore

/// The outermost layer: what every response carries, and every error as JSON.
struct ResponseHeaders: RouterMiddleware {
  /// No script, style, font or connection but our own; no inline script; nobody may frame us.
  static let contentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

  func handle(_ request: Request, context: ConsoleContext, next: (Request, ConsoleContext) async throws -> Response) async throws -> Response {
    var response: Response
    do {
      response = try await next(request, context)
    } catch let refusal as Refusal {
      response = try refusal.response(from: request, context: context)
    } catch let error as any HTTPResponseError {
      let refusal = Refusal(
        status: error.status, code: error.status == .notFound ? "not-found" : "http-\(error.status.code)",
        message: error.status == .notFound ? "there is nothing at \(request.uri.path)" : error.status.reasonPhrase)
      response = try refusal.response(from: request, context: context)
    }
    response.headers[.contentSecurityPolicy] = Self.contentSecurityPolicy
    response.headers[.contentTypeOptions] = "nosniff"
    response.headers[.referrerPolicy] = "no-referrer"
    response.headers[.frameOptions] = "DENY"
    if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    return response
  }
}

/// Refuses hosts that are not ours, and changes asked for by other sites' pages.
struct SiteCheck: RouterMiddleware {
  let hostNames: [String]

  func handle(_ request: Request, context: ConsoleContext, next: (Request, ConsoleContext) async throws -> Response) async throws -> Response {
    guard Origin.isOurs(host: request.head.authority, names: hostNames) else {
      throw Refusal(
        status: .misdirectedRequest, code: "unknown-host",
        message: "this console does not answer to that host name; reach it by its address or add the name to its configuration")
    }
    if request.method != .get && request.method != .head, let reason = Origin.refusal(of: request) { throw Refusal.forbidden(reason) }
    return try await next(request, context)
  }
}

/// Finds out who asks: by bearer token, by session cookie, or by standing at the local panel.
struct Identify: RouterMiddleware {
  static let cookie = "takt-session"
  let sessions: Sessions
  let token: ConsoleToken?
  let trustsLoopback: Bool

  func handle(_ request: Request, context: ConsoleContext, next: (Request, ConsoleContext) async throws -> Response) async throws -> Response {
    var context = context
    let isForwarded = request.headers[.forwarded] != nil || request.headers[.xForwardedFor] != nil
    let isLocal = trustsLoopback && context.isLoopback && !isForwarded
    context.person = try person(of: request, isLocal: isLocal)
    return try await next(request, context)
  }

  private func person(of request: Request, isLocal: Bool) throws(Refusal) -> Person {
    if let authorization = request.headers[.authorization] {
      // A token that is wrong is an error, never a way to be nobody.
      guard authorization.lowercased().hasPrefix("bearer "), let token,
        equalInConstantTime(String(authorization.dropFirst(7)), token.secret)
      else { throw .unauthorized("that token is not the console's") }
      return Person(name: token.account.name, roles: token.account.roles, means: .token, isLocal: isLocal)
    }
    if let cookie = request.cookies[Self.cookie]?.value, let account = sessions.account(for: cookie, at: .now) {
      return Person(name: account.name, roles: account.roles, means: .session, isLocal: isLocal)
    }
    if isLocal { return Person(name: "panel", roles: [], means: .panel, isLocal: true) }
    return Person(name: "stranger", roles: [], means: .stranger, isLocal: false)
  }
}
