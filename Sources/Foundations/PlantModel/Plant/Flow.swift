public import Probability
public import Quantities

public struct Intake: Sendable, Hashable, Codable {
  public var buffer: String
  public var count: Int
  public init(buffer: String, count: Int) { (self.buffer, self.count) = (buffer, count) }
}

/// Where finished parts go.
public enum Outlet: Sendable, Hashable, Codable {
  case buffer(String)
  /// Parts leave the line.
  case sink
  /// One of several, by chance; the shares add up to 1.
  case chance([OutletBranch])
  /// The one of several buffers with the least in it; the first of equals.
  case emptiest([String])
  /// Where the product's route says.
  case route
  /// One part becomes many.
  case disassembly([OutletYield])
}

public struct OutletBranch: Sendable, Hashable, Codable {
  /// Nil: out of the line.
  public var buffer: String?
  public var share: Double
  public init(buffer: String?, share: Double) { (self.buffer, self.share) = (buffer, share) }
}

/// What one part becomes: so many into a buffer.
public struct OutletYield: Sendable, Hashable, Codable {
  /// Nil: out of the line.
  public var buffer: String?
  public var count: Int
  /// The product that comes of it; nil: the same.
  public var product: String?
  public init(buffer: String?, count: Int, product: String?) { (self.buffer, self.count, self.product) = (buffer, count, product) }
}

/// A first-in-first-out buffer or conveyor.
public struct Buffer: Sendable, Hashable, Codable {
  public var name: String
  /// Parts that find room; `Buffer.unlimited` for as many as come, 0 where parts are handed over.
  public var capacity: Int
  /// How long a part travels before it may be taken.
  public var transit: Duration
  /// The tag that tells the level, where there is a sensor.
  public var levelTag: String?
  /// Least time between two parts that enter: the pitch of a conveyor over its speed.
  public var headway = Duration.zero
  /// False: a belt that stops as a whole while the part at its end is not taken.
  public var accumulates = true

  public static let unlimited = Int.max
  public var isUnlimited: Bool { capacity == Buffer.unlimited }

  public init(name: String, capacity: Int, transit: Duration, levelTag: String?) {
    (self.name, self.capacity, self.transit, self.levelTag) = (name, capacity, transit, levelTag)
  }
}

/// So many parts of one product in a row.
public struct ProductRun: Sendable, Hashable, Codable {
  public var product: String
  public var quantity: Int
  public init(product: String, quantity: Int) { (self.product, self.quantity) = (product, quantity) }
}

/// Raw parts: `lot` at a time into a buffer, at intervals of law `interval` (seconds), or by `orders`. Blocks while the buffer is full.
public struct Source: Sendable, Hashable, Codable {
  public var name: String
  public var into: String
  public var lot: Int
  public var interval: Law
  /// Shares of the products by name, in the plant's order; empty: the first product alone.
  public var mix: [ProductShare] = []
  /// Products in runs of so many parts, one after the other and then all over again; empty: by `mix`.
  public var campaign: [ProductRun] = []
  /// What is released when, instead of lots at intervals; sorted by release.
  public var orders: [Order] = []
  /// Parts after which it ends.
  public var limit: Int?
  /// A part that finds no room is lost, instead of waiting for it.
  public var isLossy = false
  /// Interruptions of the supply.
  public var interruption: Interruption?
  /// The calendar by which it delivers; nil: always.
  public var calendar: String?
  public init(name: String, into: String, lot: Int, interval: Law) {
    (self.name, self.into, self.lot, self.interval) = (name, into, lot, interval)
  }
}

public struct ProductShare: Sendable, Hashable, Codable {
  public var product: String
  public var share: Double
  public init(product: String, share: Double) { (self.product, self.share) = (product, share) }
}

/// So many parts of a product, released at an instant, wanted by another; both from a simulation's time 0.
public struct Order: Sendable, Hashable, Codable {
  public var name: String
  /// Nil for a plant without products.
  public var product: String?
  public var quantity: Int
  public var release: Duration
  /// Nil: whenever.
  public var due: Duration?
  public init(name: String, product: String?, quantity: Int, release: Duration, due: Duration?) {
    (self.name, self.product, self.quantity, self.release, self.due) = (name, product, quantity, release, due)
  }
}

/// Calendar seconds between two interruptions, and how long each lasts.
public struct Interruption: Sendable, Hashable, Codable {
  public var interval: Law
  public var length: Law
  public init(interval: Law, length: Law) { (self.interval, self.length) = (interval, length) }
}

/// A kind of part.
public struct Product: Sendable, Hashable, Codable {
  public var name: String
  /// Higher goes first where a station's dispatch rule asks for it.
  public var priority: Int
  /// The buffers that it visits, in order, where stations give `out: route`; after the last it leaves the line.
  public var route: [RouteStep]
  public init(name: String, priority: Int = 0, route: [RouteStep] = []) { (self.name, self.priority, self.route) = (name, priority, route) }
}

/// One step of a route: the buffer before the station, and the work there.
public struct RouteStep: Sendable, Hashable, Codable {
  public var buffer: String
  /// Seconds for one part at the rated speed; nil: the station's own law.
  public var cycle: Law?
  public init(buffer: String, cycle: Law? = nil) { (self.buffer, self.cycle) = (buffer, cycle) }
}
