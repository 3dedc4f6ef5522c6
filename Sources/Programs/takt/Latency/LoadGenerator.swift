import Quantities
import Synchronization
import Telemetry

/// Telemetry beside what is measured: 500 tags, in blocks.
final class LoadGenerator: Sendable {
  private let core: PlantCore
  private let durable = Atomic<Int>(0)

  init(core: PlantCore) { self.core = core }

  func rate(since begun: ContinuousClock.Instant) -> Double {
    let span = ContinuousClock.now - begun
    return Double(durable.load(ordering: .relaxed)) / (Double(span.components.seconds) + Double(span.components.attoseconds) / 1e18)
  }

  /// So many samples a second in ten batches, or without a pause where `rate` is nil.
  func run(rate: Int?) async throws {
    let perBlock = max(1, (rate ?? 50_000) / 10 / 500)
    var next = ContinuousClock.now
    while !Task.isCancelled {
      let now = WallClock.now
      let blocks = (0..<500).map { tag in
        SampleBlock(
          tag: "Load/Tag\(tag)", instants: (0..<perBlock).map { now + .nanoseconds(Int64($0)) }, arrivals: Array(repeating: now, count: perBlock),
          values: .numbers((0..<perBlock).map { Double($0) }), qualities: Array(repeating: .good, count: perBlock))
      }
      if rate != 0 { try await core.take(blocks) }
      durable.add(rate == 0 ? 0 : 500 * perBlock, ordering: .relaxed)
      guard rate != nil else { continue }
      next += .milliseconds(100)
      try await Task.sleep(until: next)
    }
  }
}
