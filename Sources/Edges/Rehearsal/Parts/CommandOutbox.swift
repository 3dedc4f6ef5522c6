import Governance
import Synchronization

/// A write that has left the gateway for the wire.
struct SentCommand: Hashable, Sendable {
  var token: WriteToken
  var tag: String
  var value: Double
}

/// The actuator of the rehearsal: keeps what the gateway lets out until the world carries it to the plant.
final class CommandOutbox: Actuator {
  let tags: [String]
  private let sent = Mutex<[SentCommand]>([])

  init(tags: [String]) { self.tags = tags }

  func begin(_ permit: consuming WritePermit) {
    let command = SentCommand(token: permit.token, tag: permit.tag, value: permit.value)
    sent.withLock { $0.append(command) }
  }

  /// How many wait to be taken.
  var count: Int { sent.withLock { $0.count } }

  func take() -> [SentCommand] {
    sent.withLock { commands in
      defer { commands = [] }
      return commands
    }
  }
}
