internal import Synchronization

/// The switch on the panel: whoever presses it has the plant at once, from any thread, however busy everything else is.
///
/// It stands beside the gateway, not behind the queue of inputs that leads to it: the gateway looks at it before each permit. A press holds
/// until the command that goes with it has been taken (then the gateway's own mode says the same, durably), so that a re-arming that was on
/// its way cannot undo a press that came after it.
public final class PanelSwitch: Sendable {
  private let count = Atomic<UInt64>(0)

  public init() {}

  /// Shuts the door now. Follow it with the command that says who did it.
  public func press() { count.add(1, ordering: .sequentiallyConsistent) }

  /// How often it was pressed.
  public var presses: UInt64 { count.load(ordering: .sequentiallyConsistent) }
}
