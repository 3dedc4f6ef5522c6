public import PlantModel
public import Quantities
internal import Synchronization

/// The one plant clock of a running Takt, fed by every source and read by the core's shell.
public final class SharedPlantClock: Sendable {
  private let clock: Mutex<PlantClock>
  private let wall: @Sendable () -> Instant

  /// - Parameter wall: the machine's own clock, given by the program.
  public init(_ spec: PlantClockSpec, wall: @escaping @Sendable () -> Instant) {
    clock = Mutex(PlantClock(spec))
    self.wall = wall
  }

  /// Plant time; nil until telemetry has told it.
  public var now: Instant? { withClock { clock, wall in clock.now(wall: wall) } }

  /// Sources that were passed over as lying.
  public var rejected: Int { clock.withLock { $0.rejected } }

  /// Works with the clock and the wall's present, alone.
  public func withClock<T: Sendable>(_ body: (inout PlantClock, Instant) -> T) -> T {
    let wall = wall()
    return clock.withLock { body(&$0, wall) }
  }
}
