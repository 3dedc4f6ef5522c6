import Synchronization

/// Who is signed in, by random token; in memory only, so a restart signs everybody out.
final class Sessions: Sendable {
  private struct Session {
    var account: Account
    var lastUsed: ContinuousClock.Instant
  }
  private struct Failures {
    var count: Int
    var last: ContinuousClock.Instant
  }
  private struct State {
    var sessions: [String: Session] = [:]
    var failures: [String: Failures] = [:]
  }
  private let state = Mutex(State())
  private let idleLimit: Swift.Duration

  /// Wrong passwords in a row before a name (from one address) has to wait.
  private static let freeFailures = 5
  private static let lockout: Swift.Duration = .seconds(30)
  private static let sessionLimit = 1_000

  init(idleLimit: Swift.Duration) { self.idleLimit = idleLimit }

  /// Opens a session and returns its token: 32 bytes from the system's generator, as hex.
  func open(for account: Account, at now: ContinuousClock.Instant) -> String {
    var generator = SystemRandomNumberGenerator()
    let token = (0..<4).map { _ in
      let digits = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
    state.withLock { state in
      state.sessions = state.sessions.filter { now - $0.value.lastUsed < idleLimit }
      if state.sessions.count >= Self.sessionLimit, let oldest = state.sessions.min(by: { $0.value.lastUsed < $1.value.lastUsed }) {
        state.sessions[oldest.key] = nil
      }
      state.sessions[token] = Session(account: account, lastUsed: now)
    }
    return token
  }

  /// Whose session it is, if it is one; using it keeps it alive.
  func account(for token: String, at now: ContinuousClock.Instant) -> Account? {
    state.withLock { state in
      guard let session = state.sessions[token] else { return nil }
      guard now - session.lastUsed < idleLimit else {
        state.sessions[token] = nil
        return nil
      }
      state.sessions[token]?.lastUsed = now
      return session.account
    }
  }

  func close(_ token: String) {
    state.withLock { $0.sessions[token] = nil }
  }

  /// How long this name has to wait from this address before another password is looked at; zero for not at all.
  func wait(for key: String, at now: ContinuousClock.Instant) -> Swift.Duration {
    state.withLock { state in
      guard let failures = state.failures[key], failures.count >= Self.freeFailures else { return .zero }
      return max(.zero, Self.lockout - (now - failures.last))
    }
  }

  func signInFailed(for key: String, at now: ContinuousClock.Instant) {
    state.withLock { state in
      // Kept small against somebody who tries many names: what has waited out its lock is forgotten.
      if state.failures.count > Self.sessionLimit { state.failures = state.failures.filter { now - $0.value.last < Self.lockout } }
      state.failures[key] = Failures(count: (state.failures[key]?.count ?? 0) + 1, last: now)
    }
  }

  func signInSucceeded(for key: String) {
    state.withLock { $0.failures[key] = nil }
  }
}
