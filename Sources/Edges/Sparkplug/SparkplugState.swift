internal import Foundation
public import Quantities

/// What a host application says about itself on `spBv1.0/STATE/ID`, retained at QoS 1 (specification 3.0, section 6.4.24).
public struct SparkplugState: Sendable, Hashable {
  public var isOnline: Bool
  /// The same in the birth and in the will of one session.
  public var instant: Instant

  public init(isOnline: Bool, instant: Instant) { (self.isOnline, self.instant) = (isOnline, instant) }

  private struct Document: Codable {
    var online: Bool
    var timestamp: UInt64
  }

  /// Reads `{"online": …, "timestamp": …}`.
  ///
  /// - Throws: `SparkplugError.malformedState`.
  public init(decoding bytes: [UInt8]) throws(SparkplugError) {
    guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)) else { throw .malformedState }
    self.init(isOnline: document.online, instant: Instant(sparkplugMilliseconds: document.timestamp))
  }

  public func encoded() -> [UInt8] { [UInt8](#"{"online":\#(isOnline),"timestamp":\#(instant.sparkplugMilliseconds)}"#.utf8) }
}

/// Counts 0, 1, … 255, 0: the sequence of an edge node's messages, and of its sessions.
public struct SparkplugSequence: Sendable, Hashable {
  /// The number that comes next.
  public var next: UInt8
  public init(next: UInt8 = 0) { self.next = next }

  /// Takes the next number.
  public mutating func take() -> UInt8 {
    defer { next &+= 1 }
    return next
  }
}
