internal import Dispatch
public import MQTT
internal import Quantities
public import ReferencePlants
internal import Sparkplug
internal import Synchronization

/// A reference plant at a broker: carries out what its `EdgeSession` decides. For one caller, who polls.
///
/// Loss of the broker is normal: the client tries again for ever, and each new session has a new bdSeq and new births. What is measured
/// in between is lost, as with a node that has no store.
public final class SparkplugPlant {
  /// What the client's thread and the caller share.
  private final class Shared: Sendable {
    struct State {
      var events: [MQTTEvent] = []
      var nextSession: UInt8 = 0
      /// bdSeq of the will that was handed to the broker last.
      var session: UInt8 = 0
      var now = Instant(nanoseconds: 0)
    }
    let state = Mutex(State())
    /// Signalled when events came.
    let news = DispatchSemaphore(value: 0)
  }

  private let options: MQTTOptions
  private let shared = Shared()
  private var session: EdgeSession
  private var client: MQTTClient
  private var reader: Task<Void, Never>
  private let report: (String) -> Void
  private var isComplaining = false

  /// Starts to connect and returns at once.
  ///
  /// - Parameter report: told of what an operator wants to know: sessions, births, losses.
  public init(
    _ options: MQTTOptions, plant: borrowing ReferencePlant, primaryHost: String? = nil, report: @escaping (String) -> Void = { _ in }
  ) throws(MQTTError) {
    let id = EdgeNodeID(group: plant.truth.group, node: plant.truth.node)
    (self.options, self.report) = (options, report)
    session = EdgeSession(id, tags: plant.tags, primaryHost: primaryHost)
    let now = plant.instant
    shared.state.withLock { $0.now = now }
    (client, reader) = try Self.open(options, id, shared)
  }

  public var isBorn: Bool { session.isBorn }
  /// Sparkplug messages published since the start.
  public var published: Int { session.published }

  /// Takes the plant's samples, handles what came in, and where `publishes`, sends what has gathered.
  public func poll(_ plant: inout ReferencePlant, publishes: Bool) {
    let now = plant.instant
    let events = shared.state.withLock { state in
      state.now = now
      defer { state.events = [] }
      return state.events
    }
    handle(.samples(plant.takeSamples()), &plant)
    for event in events {
      switch event {
      case .connected:
        isComplaining = false
        report("connected to the broker")
        let number = shared.state.withLock { $0.session }
        handle(.connected(birthDeathSequence: number), &plant)
      case .disconnected(let reason):
        if !isComplaining { report("no broker (\(reason)); trying again") }
        isComplaining = true
        handle(.disconnected, &plant)
      case .message(let message): handle(.message(message), &plant)
      case .published: break
      case .overflowed(let dropped): report("\(dropped) messages came in too fast and were dropped")
      }
    }
    if publishes { handle(.publishDue, &plant) }
  }

  /// Sends what has gathered, says NDEATH and disconnects.
  public func stop(_ plant: inout ReferencePlant) {
    handle(.samples(plant.takeSamples()), &plant)
    handle(.stopping, &plant)
    leave()
  }

  private func handle(_ input: EdgeSession.Input, _ plant: inout ReferencePlant) {
    let wasBorn = session.isBorn
    for effect in session.handle(input, tags: plant.tags, at: plant.instant) {
      switch effect {
      case .subscribe(let filters): try? client.subscribe(filters)
      // A session that ended meanwhile loses the message; the births of the next one bring everything again.
      case .publish(let message):
        if let number = try? client.publish(message), message.qos == .atLeastOnce { farewell = number }
      case .write(let tag, let value):
        let outcome = plant.write(tag, value, via: "dcmd")
        report("write \(tag): \(value) \(outcome)")
        handle(.samples(plant.takeSamples()), &plant)
      case .reconnect:
        report("the host is offline: leaving until it is back")
        leave()
        if let opened = try? Self.open(options, session.id, shared) { (client, reader) = opened }
      }
    }
    if session.isBorn, !wasBorn { report("born, bdSeq \(shared.state.withLock { $0.session })") }
  }

  /// Number of the NDEATH that must leave before the connection is closed.
  private var farewell: Int32?

  /// Waits up to two seconds for the NDEATH to be acknowledged, then disconnects.
  private func leave() {
    if let farewell {
      let deadline = DispatchTime.now() + .seconds(2)
      while !shared.state.withLock({ $0.events.contains(.published(id: farewell)) }) {
        if shared.news.wait(timeout: deadline) == .timedOut { break }
      }
    }
    farewell = nil
    client.close()
    reader.cancel()
    shared.state.withLock { $0.events = [] }
  }

  private static func open(
    _ options: MQTTOptions, _ id: EdgeNodeID, _ shared: Shared
  ) throws(MQTTError) -> (MQTTClient, Task<Void, Never>) {
    let client = try MQTTClient(options) {
      shared.state.withLock { state in
        state.session = state.nextSession
        state.nextSession &+= 1
        return EdgeSession.death(id, state.session, at: state.now)
      }
    }
    let events = client.events
    let reader = Task.detached {
      for await batch in events {
        if Task.isCancelled { break }
        shared.state.withLock { $0.events += batch }
        shared.news.signal()
      }
    }
    return (client, reader)
  }
}
