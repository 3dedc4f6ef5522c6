import Foundation
import Quantities

/// The machine's clock: read here and nowhere below.
enum WallClock {
  static var now: Instant { Instant(seconds: Date().timeIntervalSince1970) }
}
