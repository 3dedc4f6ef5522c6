import Governance
import Synchronization

/// The end of the way: tells when a permit came.
final class EchoActuator: Actuator {
  let tags: [String]
  let values: AsyncStream<(value: Double, at: ContinuousClock.Instant)>
  private let told: AsyncStream<(value: Double, at: ContinuousClock.Instant)>.Continuation
  private let count = Atomic<Int>(0)

  init(tag: String) {
    tags = [tag]
    (values, told) = AsyncStream.makeStream()
  }

  var sent: Int { count.load(ordering: .sequentiallyConsistent) }

  func begin(_ permit: consuming WritePermit) {
    count.add(1, ordering: .sequentiallyConsistent)
    told.yield((permit.value, .now))
  }
}
