import HTTPTypes
import Hummingbird

/// Signing in and out, and who one is.
struct SessionRoutes {
  let backend: any ConsoleBackend
  let sessions: Sessions
  let configuration: ConsoleConfiguration

  /// What `GET /api/v1/me` says.
  private struct Me: Encodable {
    var name: String
    var roles: [Role]
    var means: String
    var signedIn: Bool
    var rights: [Right]
    init(_ person: Person) {
      (name, roles, means) = (person.name, person.roles, person.means.rawValue)
      signedIn = person.means == .session || person.means == .token
      rights = Right.allCases.filter(person.may)
    }
  }

  private struct Credentials: Decodable {
    var name: String
    var password: String
  }

  func add(to api: RouterGroup<ConsoleContext>) {
    api.get("me") { _, context in try Response.json(Me(context.person)) }
    api.post("session") { request, context in try await signIn(request, context) }
    api.delete("session") { request, context in
      if let cookie = request.cookies[Identify.cookie]?.value { sessions.close(cookie) }
      var response = try Response.json(["result": "done"])
      response.headers[.setCookie] = cookie("", maxAge: 0)
      return response
    }
  }

  private func signIn(_ request: Request, _ context: ConsoleContext) async throws -> Response {
    guard let credentials = try await request.json(Credentials.self) else { throw Refusal.badRequest("name and password are needed") }
    let key = "\(credentials.name)@\(context.remoteAddress ?? "local")"
    let wait = sessions.wait(for: key, at: .now)
    if wait > .zero {
      throw Refusal(
        status: .tooManyRequests, code: "too-many-attempts", message: "too many wrong passwords; try again in \(wait.components.seconds + 1) s",
        headers: [.retryAfter: "\(wait.components.seconds + 1)"])
    }
    guard let account = await backend.signIn(name: credentials.name, password: credentials.password) else {
      sessions.signInFailed(for: key, at: .now)
      throw Refusal.unauthorized("name or password is wrong")
    }
    sessions.signInSucceeded(for: key)
    // A new token at every sign-in: one planted before is worth nothing.
    if let old = request.cookies[Identify.cookie]?.value { sessions.close(old) }
    let token = sessions.open(for: account, at: .now)
    let person = Person(name: account.name, roles: account.roles, means: .session, isLocal: context.person.isLocal)
    var response = try Response.json(Me(person))
    response.headers[.setCookie] = cookie(token, maxAge: nil)
    return response
  }

  private func cookie(_ value: String, maxAge: Int?) -> String {
    let age = maxAge.map { "; Max-Age=\($0)" } ?? ""
    return "\(Identify.cookie)=\(value); Path=/; HttpOnly; SameSite=Strict\(age)\(configuration.secureCookies ? "; Secure" : "")"
  }
}
