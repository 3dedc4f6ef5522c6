public import Probability

/// A place where parts wait or travel, first in first out (but for a station's `DispatchLaw`).
public struct BufferSpec: Sendable, Hashable, Codable {
  public var name: String
  /// Parts that find room; `BufferSpec.unlimited` for as many as come.
  public var capacity: Int
  /// Seconds that a part travels before it may be taken.
  public var transit: Double
  /// Seconds between two parts that enter: the pitch of a conveyor over its speed.
  public var headway = 0.0
  /// False: a belt that stops as a whole while the part at its end is not taken.
  public var accumulates = true
  public init(name: String, capacity: Int, transit: Double, headway: Double = 0, accumulates: Bool = true) {
    (self.name, self.capacity, self.transit, self.headway, self.accumulates) = (name, capacity, transit, headway, accumulates)
  }

  public static let unlimited = Int.max
}

/// Where parts come from: lots at intervals, or a list of orders.
public struct SourceSpec: Sendable, Hashable, Codable {
  public var name: String
  public var into: Int
  public var lot: Int
  public var interval: Law
  /// Times when nothing is delivered: (start, end), sorted, disjoint.
  public var outages: [ClosureSpec]
  /// Where the outages repeat; nil: they come once.
  public var outagePeriod: Double?
  /// Interruptions of the supply: calendar seconds between two, and how long each lasts.
  public var interruption: StoppageSpec?
  /// Shares of the products, in the line's order; empty: the first product alone.
  public var mix: [Double] = []
  /// Products in runs of so many parts each, one run after the other and then all over again, instead of by chance. Empty: by `mix`.
  public var campaign: [CampaignRun] = []
  /// Parts of the first run that came before time 0; fewer than its quantity.
  public var campaignDone = 0
  /// What is released when, instead of lots at intervals. Sorted by release.
  public var orders: [OrderSpec] = []
  /// Parts after which it ends.
  public var limit: Int?
  /// A part that finds no room is lost, instead of waiting for it.
  public var isLossy = false
  public init(name: String, into: Int, lot: Int, interval: Law, outages: [ClosureSpec] = []) {
    (self.name, self.into, self.lot, self.interval, self.outages) = (name, into, lot, interval, outages)
  }
}

/// So many parts of one product in a row.
public struct CampaignRun: Sendable, Hashable, Codable {
  /// Index of the product.
  public var product: Int
  public var quantity: Int
  public init(product: Int, quantity: Int) { (self.product, self.quantity) = (product, quantity) }
}

/// So many parts of a product, released at an instant, wanted by another.
public struct OrderSpec: Sendable, Hashable, Codable {
  public var name: String
  /// Index of the product.
  public var product: Int
  public var quantity: Int
  public var release: Double
  /// Infinite: whenever. (JSON: left out.)
  public var due: Double
  public init(name: String, product: Int = 0, quantity: Int, release: Double = 0, due: Double = .infinity) {
    (self.name, self.product, self.quantity, self.release, self.due) = (name, product, quantity, release, due)
  }

  private enum CodingKeys: CodingKey { case name, product, quantity, release, due }
  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try c.decode(String.self, forKey: .name), product: try c.decode(Int.self, forKey: .product),
      quantity: try c.decode(Int.self, forKey: .quantity), release: try c.decode(Double.self, forKey: .release),
      due: try c.decodeIfPresent(Double.self, forKey: .due) ?? .infinity)
  }
  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: CodingKeys.self)
    try c.encode(name, forKey: .name)
    try c.encode(product, forKey: .product)
    try c.encode(quantity, forKey: .quantity)
    try c.encode(release, forKey: .release)
    if due.isFinite { try c.encode(due, forKey: .due) }
  }
}

/// A kind of part.
public struct ProductSpec: Sendable, Hashable, Codable {
  public var name: String
  /// Higher goes first where a station's dispatch law asks for it.
  public var priority = 0
  /// The buffers that it visits, in order, where stations route by `RoutingSpec.route`; after the last it leaves the line.
  public var route: [StepSpec] = []
  public init(name: String, priority: Int = 0, route: [StepSpec] = []) { (self.name, self.priority, self.route) = (name, priority, route) }
}

/// One step of a route: the buffer before the station, and the work there.
public struct StepSpec: Sendable, Hashable, Codable {
  public var buffer: Int
  /// Nil: the station's own law.
  public var cycle: Law?
  public init(buffer: Int, cycle: Law? = nil) { (self.buffer, self.cycle) = (buffer, cycle) }
}

/// Where a station's finished parts go. A destination is a buffer, or nil: out of the line.
public enum RoutingSpec: Sendable, Hashable, Codable {
  /// One of several, by chance; the shares add up to 1.
  case chance([BranchSpec])
  /// The one of several buffers with the least in it; the first of equals.
  case emptiest([Int])
  /// Where the product's route says.
  case route
  /// One part becomes many: of each yield so many.
  case disassembly([YieldSpec])
}

public struct BranchSpec: Sendable, Hashable, Codable {
  public var buffer: Int?
  public var share: Double
  public init(buffer: Int?, share: Double) { (self.buffer, self.share) = (buffer, share) }
}

public struct YieldSpec: Sendable, Hashable, Codable {
  public var buffer: Int?
  public var count: Int
  /// Index of the product that comes of it; nil: the same.
  public var product: Int?
  public init(buffer: Int?, count: Int, product: Int? = nil) { (self.buffer, self.count, self.product) = (buffer, count, product) }
}
