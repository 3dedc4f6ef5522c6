import Acquisition
import Historian
import Synchronization
import Telemetry

/// Passes what sources deliver to the core, in order, several deliveries at a time where they come faster than the disk.
final class DeliveryHand: Sendable {
  private let waiting = Mutex<[SampleBlock]>([])
  private let wake: AsyncStream<Void>
  private let woken: AsyncStream<Void>.Continuation

  init() { (wake, woken) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

  func take(_ delivery: Delivery) {
    let blocks: [SampleBlock] =
      switch delivery {
      case .samples(let blocks), .backfill(let blocks): blocks
      }
    waiting.withLock { $0 += blocks }
    woken.yield()
  }

  /// From now on everything goes to `core`.
  func give(to core: PlantCore) {
    Task {
      for await _ in wake {
        let blocks = waiting.withLock { waiting in
          defer { waiting = [] }
          return waiting
        }
        // An error is counted and logged by the core, which keeps the samples in memory; Sparkplug has no one to tell.
        try? await core.take(blocks)
      }
    }
  }
}
