import Governance
import Quantities
import Synchronization
import Telemetry

/// The plant's end of the way: tells the core what a tag shows, and when a write of it came.
protocol PlantEnd: Sendable {
  var actuator: any Actuator { get }
  /// Each write as it comes, with the instant of its coming.
  var writes: AsyncStream<(value: Double, at: ContinuousClock.Instant)> { get }

  func open(to core: PlantCore) async throws
  /// The tag shows this value.
  func show(_ value: Double) async throws
  func close() async
}

/// The plant in this process: what the gateway lets through is here at once.
final class EchoEnd: PlantEnd, Actuator {
  let tags: [String]
  let writes: AsyncStream<(value: Double, at: ContinuousClock.Instant)>
  private let told: AsyncStream<(value: Double, at: ContinuousClock.Instant)>.Continuation
  private let core = Mutex<PlantCore?>(nil)

  init(tag: String) {
    tags = [tag]
    (writes, told) = AsyncStream.makeStream()
  }

  var actuator: any Actuator { self }
  func open(to core: PlantCore) { self.core.withLock { $0 = core } }
  func close() {}

  func begin(_ permit: consuming WritePermit) { told.yield((permit.value, .now)) }

  func show(_ value: Double) async throws {
    let now = WallClock.now
    let block = SampleBlock(tag: tags[0], Sample(instant: now, arrival: now, value: .number(value), quality: .good))
    try await core.withLock { $0 }?.take([block])
  }
}

/// Counts what the gateway lets through on its way to `next`.
final class CountedActuator: Actuator {
  let next: any Actuator
  private let count = Atomic<Int>(0)

  init(_ next: any Actuator) { self.next = next }

  var tags: [String] { next.tags }
  var sent: Int { count.load(ordering: .sequentiallyConsistent) }

  func begin(_ permit: consuming WritePermit) {
    count.add(1, ordering: .sequentiallyConsistent)
    next.begin(permit)
  }
}
