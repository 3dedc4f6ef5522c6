import Hummingbird
import Logging
import NIOCore

/// What goes with a request through the routes: who asks, and from where.
struct ConsoleContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The peer's address; nil for a local socket.
  let remoteAddress: String?
  let isLoopback: Bool
  var person: Person

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    let address = source.channel.remoteAddress
    remoteAddress = address?.ipAddress
    isLoopback = address.map(Self.isLoopback) ?? false
    person = Person(name: "stranger", roles: [], means: .stranger, isLocal: false)
  }

  private static func isLoopback(_ address: SocketAddress) -> Bool {
    switch address {
    case .unixDomainSocket: true
    case .v4: address.ipAddress?.hasPrefix("127.") ?? false
    case .v6: address.ipAddress == "::1" || (address.ipAddress?.hasPrefix("::ffff:127.") ?? false)
    }
  }

  /// Passes when the person may; else says 401 to whoever could sign in, 403 to whoever has.
  func require(_ right: Right) throws(Refusal) {
    if person.may(right) { return }
    let holders = right.holders.map(\.rawValue).sorted().joined(separator: ", ")
    if person.roles.isEmpty { throw .unauthorized("sign in with one of these roles: \(holders)") }
    throw .forbidden("\(person.name) may not do this; it needs one of these roles: \(holders)")
  }
}
