import EventKernel

/// A part on its way: 32 bytes.
struct Part: BitwiseCopyable {
  /// When it came into the line.
  var entered = 0.0
  /// Since when it is where it is.
  var since = 0.0
  var product: UInt16 = 0
  /// The step of its route that it is at, or on its way to.
  var step: UInt16 = 0
  var isDefective = false
  /// How often it was reworked.
  var attempts: UInt8 = 0
  /// Its order, or −1.
  var order: Int32 = -1
  /// The card loops whose card it holds, a bit each.
  var cards: UInt32 = 0
}
