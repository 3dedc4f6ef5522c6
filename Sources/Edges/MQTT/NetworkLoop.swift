internal import Dispatch
internal import Foundation
internal import Synchronization

/// The one thread of a client: connects, runs libmosquitto's loop, waits with back-off, connects again, until it is closed.
///
/// Takt turns the loop itself rather than by `mosquitto_loop_start`, for two reasons: libmosquitto's own thread ends for good after some
/// failures (a TLS handshake, say), and a Sparkplug session needs a new will before each CONNECT.
final class NetworkLoop: Sendable {
  private struct State {
    var isConnected = false
    var isClosed = false
    var attempts = 0
    /// Why the broker refused, until the disconnection that follows reports it.
    var refusal: String?
  }
  private let state = Mutex(State())
  private let options: MQTTOptions
  private let will: @Sendable () -> MQTTMessage?
  let mailbox: EventMailbox
  /// Signalled by `close`, so that a wait for the next attempt ends at once.
  private let wake = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  init(_ options: MQTTOptions, mailbox: EventMailbox, will: @escaping @Sendable () -> MQTTMessage?) {
    (self.options, self.mailbox, self.will) = (options, mailbox, will)
  }

  var isConnected: Bool { state.withLock { $0.isConnected } }
  var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Starts the thread, which keeps `self` alive until it ends.
  func start(_ mosquitto: Mosquitto) {
    let thread = Thread { [self] in
      run(mosquitto)
      mailbox.finish()
      ended.signal()
    }
    thread.name = "mqtt \(options.clientID)"
    thread.start()
  }

  /// Asks the thread to end; waits until it did, or for so many seconds.
  func close(waitSeconds: Double) {
    let first = state.withLock { state in
      defer { state.isClosed = true }
      return !state.isClosed
    }
    guard first else { return }
    wake.signal()
    _ = ended.wait(timeout: .now() + waitSeconds)
  }

  private func run(_ mosquitto: Mosquitto) {
    while !isClosed {
      var code = mosquitto.connect(options, will: will())
      if code != 0 {
        report(Mosquitto.text(code))
      } else {
        // A tenth of a second bounds how late a close is seen; messages and publishing wake the loop at once.
        while code == 0 && !isClosed { code = mosquitto.loop(milliseconds: 100) }
        if isClosed && code == 0 { disconnect(mosquitto) }
        report(isClosed ? "closed" : Mosquitto.text(code))
      }
      if !isClosed { _ = wake.wait(timeout: .now() + backOff()) }
    }
  }

  /// An orderly end. What the broker has on its way to us is read first: a socket closed over unread bytes is reset, and a reset can
  /// overtake DISCONNECT, so that the broker publishes the will after all.
  private func disconnect(_ mosquitto: Mosquitto) {
    for _ in 0..<4 where mosquitto.loop(milliseconds: 50) != 0 { return }
    mosquitto.disconnect()
    for _ in 0..<20 where mosquitto.loop(milliseconds: 50) != 0 { return }
  }

  /// Seconds until the next attempt: doubling, bounded.
  private func backOff() -> Double {
    let attempt = state.withLock { state in
      defer { state.attempts += 1 }
      return state.attempts
    }
    return min(options.maxBackOffSeconds, options.minBackOffSeconds * Double(1 << min(attempt, 20)))
  }

  /// Reports the end of a session, or of an attempt at one.
  private func report(_ reason: String) {
    let refusal = state.withLock { state in
      defer { (state.isConnected, state.refusal) = (false, nil) }
      return state.refusal
    }
    mailbox.post(.disconnected(reason: refusal ?? reason))
  }

  // MARK: Called by libmosquitto on the loop's thread

  func didConnect(_ code: Int32) {
    if code == 0 {
      state.withLock { ($0.isConnected, $0.attempts) = (true, 0) }
      mailbox.post(.connected)
    } else {
      state.withLock { $0.refusal = Mosquitto.refusal(code) }
    }
  }

  func didDisconnect(_ code: Int32) { state.withLock { $0.isConnected = false } }

  func didReceive(_ message: MQTTMessage) { mailbox.post(.message(message)) }

  func didPublish(_ id: Int32) { mailbox.post(.published(id: id)) }
}
