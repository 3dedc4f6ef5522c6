public import Quantities

/// Permission to write one value to one tag, once, before it expires.
///
/// Only `Gateway` makes one (the initialiser is internal to this module, on purpose not `package`), and it cannot be copied:
/// an actuator consumes it. Tests/HouseTests holds fixtures that must not compile.
public struct WritePermit: ~Copyable, Sendable {
  public let token: WriteToken
  public let tag: String
  public let value: Double
  /// Plant time after which the write must not leave an actuator's queue.
  public let expires: Instant

  init(token: WriteToken, tag: String, value: Double, expires: Instant) {
    (self.token, self.tag, self.value, self.expires) = (token, tag, value, expires)
  }
}

/// A way to write tags of a plant.
public protocol Actuator: Sendable {
  /// The tags that it writes, as the plant names them (`Filler/MachSpeed`).
  var tags: [String] { get }

  /// Starts the write and returns at once, without blocking; whether it took effect is told by read-back alone.
  ///
  /// Sends at most once, in the order of the calls; a permit that expired in a queue is dropped.
  func begin(_ permit: consuming WritePermit)
}

/// Every actuator of one plant. It cannot be copied, so its holder is the only way in.
public struct ActuatorBay: ~Copyable, Sendable {
  private let actuators: [any Actuator]
  private let place: [String: Int]

  /// - Precondition: no two actuators write the same tag.
  public init(_ actuators: [any Actuator]) {
    var place: [String: Int] = [:]
    for (index, actuator) in actuators.enumerated() {
      for tag in actuator.tags {
        precondition(place.updateValue(index, forKey: tag) == nil, "two actuators write \(tag)")
      }
    }
    (self.actuators, self.place) = (actuators, place)
  }

  /// The tags that can be written, sorted.
  public var tags: [String] { place.keys.sorted() }

  func writes(_ tag: String) -> Bool { place[tag] != nil }

  func begin(_ permit: consuming WritePermit) {
    guard let index = place[permit.tag] else { preconditionFailure("no actuator writes \(permit.tag)") }
    actuators[index].begin(permit)
  }
}
