public import Quantities

/// The shape of everything that decides: an input at an instant in, effects out.
///
/// A machine has no clock, no randomness but what it was seeded with, no file and no socket. The shell that owns it
/// performs the effects and feeds their outcomes back as inputs, so a recorded input stream replays a run exactly.
public protocol StateMachine<Input, Effect> {
  associatedtype Input
  associatedtype Effect

  /// Takes one input in; returns what the shell must do, in order.
  mutating func handle(_ input: Input, at now: Instant) -> [Effect]
}
