public import OutputAnalysis

/// Everything that a simulation study found out about a line: what `takt simulate` prints, and what its report draws.
///
/// A pure value of the replications: the same study gives the same text, byte for byte.
public struct LineStudy: Sendable, Hashable, Codable {
  /// Which plant was run, and how: what is needed to run it again.
  public var about: About
  /// The line as a whole, in the order in which people ask.
  public var figures: [Figure]
  /// In the line's order.
  public var stations: [StationStudy]
  public var buffers: [BufferStudy]
  public var sources: [SourceStudy]
  public var losses: LossBook
  public var bottleneck: BottleneckStudy
  public var leadTimes: [LeadTimeStudy]
  public var products: [ProductStudy]
  public var crews: [BusyStudy]
  public var transports: [BusyStudy]
  public var cardLoops: [BusyStudy]
  public var orders: [OrderStudy]
  public var curve: CurveStudy
  public var variants: [VariantStudy]
  /// What the reader must know before relying on a figure: a warm-up that did not settle, a precision not reached.
  public var remarks: [String]

  /// How the study was made.
  public struct About: Sendable, Hashable, Codable {
    public var plant: String
    public var path: String
    /// Hash of the plant folder.
    public var revision: String
    /// What to type to get the same again.
    public var command: String
    public var seed: UInt64
    public var replications: Int
    /// Seconds observed in each, after the warm-up.
    public var span: Double
    /// Seconds.
    public var warmUp: Double
    /// `given`, or `MSER-5`.
    public var warmUpRule: String
    public var confidence: Double
    /// Half-width asked for, as a share of the mean; nil where the number of replications was.
    public var precision: Double?
    /// `events` or `maxPlus`.
    public var engine: String
    /// Timed events of all replications.
    public var events: Int
    public init(
      plant: String, path: String, revision: String, command: String, seed: UInt64, replications: Int, span: Double, warmUp: Double,
      warmUpRule: String = "given", confidence: Double = 0.95, precision: Double? = nil, engine: String = "events", events: Int = 0
    ) {
      (self.plant, self.path, self.revision, self.command, self.seed) = (plant, path, revision, command, seed)
      (self.replications, self.span, self.warmUp, self.warmUpRule) = (replications, span, warmUp, warmUpRule)
      (self.confidence, self.precision, self.engine, self.events) = (confidence, precision, engine, events)
    }
  }

  /// One figure of the line with its interval.
  public struct Figure: Sendable, Hashable, Codable {
    /// For programs, e.g. `goodPerHour`.
    public var key: String
    public var name: String
    /// As people write it: `/h`, `min`, `%`.
    public var unit: String
    public var estimate: Estimate
    public init(key: String, name: String, unit: String, estimate: Estimate) {
      (self.key, self.name, self.unit, self.estimate) = (key, name, unit, estimate)
    }
  }

  /// The figure with this key, where the line has it.
  public subscript(key: String) -> Figure? { figures.first { $0.key == key } }

  public init(
    about: About, figures: [Figure], stations: [StationStudy], buffers: [BufferStudy], sources: [SourceStudy], losses: LossBook,
    bottleneck: BottleneckStudy, leadTimes: [LeadTimeStudy] = [], products: [ProductStudy] = [], crews: [BusyStudy] = [],
    transports: [BusyStudy] = [], cardLoops: [BusyStudy] = [], orders: [OrderStudy] = [], curve: CurveStudy, variants: [VariantStudy] = [],
    remarks: [String] = []
  ) {
    (self.about, self.figures, self.stations, self.buffers, self.sources) = (about, figures, stations, buffers, sources)
    (self.losses, self.bottleneck, self.leadTimes, self.products) = (losses, bottleneck, leadTimes, products)
    (self.crews, self.transports, self.cardLoops, self.orders) = (crews, transports, cardLoops, orders)
    (self.curve, self.variants, self.remarks) = (curve, variants, remarks)
  }
}

/// One station: where its time went, and its key figures.
public struct StationStudy: Sendable, Hashable, Codable {
  public var name: String
  public var machines: Int
  /// Names of the buffers that it takes from, and of those that it fills.
  public var inputs: [String]
  public var outputs: [String]
  public var shares: [StateShare]
  public var figures: StationFigures
  /// Mean unbroken spell of activity, seconds.
  public var meanActivePeriod: Double
  /// Kilowatts on average, where its power is known.
  public var power: Estimate?
  public init(
    name: String, machines: Int, inputs: [String], outputs: [String], shares: [StateShare], figures: StationFigures, meanActivePeriod: Double,
    power: Estimate? = nil
  ) {
    (self.name, self.machines, self.inputs, self.outputs) = (name, machines, inputs, outputs)
    (self.shares, self.figures, self.meanActivePeriod, self.power) = (shares, figures, meanActivePeriod, power)
  }
  /// Mean share of time in a state, 0 … 1.
  public func share(_ state: StationCondition) -> Double { shares.first { $0.state == state }?.share.mean ?? 0 }
}

/// A share of a station's machine time.
public struct StateShare: Sendable, Hashable, Codable {
  public var state: StationCondition
  public var share: Estimate
  public init(state: StationCondition, share: Estimate) { (self.state, self.share) = (state, share) }
}

/// How full a buffer was, and how long parts stayed.
public struct BufferStudy: Sendable, Hashable, Codable {
  public var name: String
  /// Nil: no limit.
  public var capacity: Int?
  public var meanLevel: Estimate
  /// The highest level of any replication.
  public var mostParts: Int
  /// Seconds.
  public var meanWait: Estimate
  /// Names of the buffers to which vehicles carry its parts.
  public var carriedTo: [String]
  public init(name: String, capacity: Int?, meanLevel: Estimate, mostParts: Int, meanWait: Estimate, carriedTo: [String] = []) {
    (self.name, self.capacity, self.meanLevel, self.mostParts, self.meanWait) = (name, capacity, meanLevel, mostParts, meanWait)
    self.carriedTo = carriedTo
  }
}

/// What a source put into the line.
public struct SourceStudy: Sendable, Hashable, Codable {
  public var name: String
  /// Name of the buffer that it fills.
  public var into: String
  public var deliveredPerHour: Estimate
  public var lostPerHour: Estimate
  public init(name: String, into: String, deliveredPerHour: Estimate, lostPerHour: Estimate) {
    (self.name, self.into, self.deliveredPerHour, self.lostPerHour) = (name, into, deliveredPerHour, lostPerHour)
  }
}

/// How long parts were in the line, of one product or of all.
public struct LeadTimeStudy: Sendable, Hashable, Codable {
  public var name: String
  /// Seconds; the mean over replications of their means.
  public var mean: Estimate
  /// Of single parts, all replications together, seconds.
  public var deviation: Double
  public var least: Double
  public var most: Double
  public init(name: String, mean: Estimate, deviation: Double, least: Double, most: Double) {
    (self.name, self.mean, self.deviation, self.least, self.most) = (name, mean, deviation, least, most)
  }
}

/// What became of one product.
public struct ProductStudy: Sendable, Hashable, Codable {
  public var name: String
  public var goodPerHour: Estimate
  public var scrappedPerHour: Estimate
  public init(name: String, goodPerHour: Estimate, scrappedPerHour: Estimate) {
    (self.name, self.goodPerHour, self.scrappedPerHour) = (name, goodPerHour, scrappedPerHour)
  }
}

/// A crew, a way or a card loop: how busy, and how much it did.
public struct BusyStudy: Sendable, Hashable, Codable {
  public var name: String
  /// Of a crew: the share of its present time; of a way: vehicles on it, on average; of a card loop: cards in use, on average.
  public var busy: Estimate
  /// Of a way: trips and parts per hour.
  public var tripsPerHour: Estimate?
  public var partsPerHour: Estimate?
  public init(name: String, busy: Estimate, tripsPerHour: Estimate? = nil, partsPerHour: Estimate? = nil) {
    (self.name, self.busy, self.tripsPerHour, self.partsPerHour) = (name, busy, tripsPerHour, partsPerHour)
  }
}

/// How an order went over the replications.
public struct OrderStudy: Sendable, Hashable, Codable {
  public var name: String
  public var product: String
  public var quantity: Int
  /// Share of the replications in which it was done by the end, and in which it was done in time (nil: it has no due date).
  public var doneShare: Double
  public var inTimeShare: Double?
  /// Seconds from time 0, over the replications in which it was done; nil: in none.
  public var completed: Estimate?
  public var due: Double?
  /// Seconds late, over the replications in which it was done.
  public var tardiness: Estimate?
  public init(
    name: String, product: String, quantity: Int, doneShare: Double, inTimeShare: Double?, completed: Estimate?, due: Double?, tardiness: Estimate?
  ) {
    (self.name, self.product, self.quantity, self.doneShare) = (name, product, quantity, doneShare)
    (self.inTimeShare, self.completed, self.due, self.tardiness) = (inTimeShare, completed, due, tardiness)
  }
}

/// Good parts per hour over the run, from time 0, warm-up included.
public struct CurveStudy: Sendable, Hashable, Codable {
  /// Seconds of one bin.
  public var step: Double
  /// By bin: mean, and 5 % and 95 % quantiles over replications.
  public var mean: [Double]
  public var low: [Double]
  public var high: [Double]
  public init(step: Double, mean: [Double], low: [Double], high: [Double]) { (self.step, self.mean, self.low, self.high) = (step, mean, low, high) }
}

/// A variant against the line as it stands, on common random numbers.
public struct VariantStudy: Sendable, Hashable, Codable {
  public var name: String
  /// What it changes, in words.
  public var changes: [String]
  public var goodPerHour: Estimate
  /// Variant minus base. All variants' intervals hold together (Bonferroni).
  public var gain: Estimate
  /// How many times as many independent replications the same interval would need.
  public var varianceReduction: Double
  /// Seconds of lead time, variant minus base.
  public var leadTimeGain: Estimate
  public var bottleneck: String
  public init(
    name: String, changes: [String], goodPerHour: Estimate, gain: Estimate, varianceReduction: Double, leadTimeGain: Estimate, bottleneck: String
  ) {
    (self.name, self.changes, self.goodPerHour, self.gain) = (name, changes, goodPerHour, gain)
    (self.varianceReduction, self.leadTimeGain, self.bottleneck) = (varianceReduction, leadTimeGain, bottleneck)
  }
  /// Whether the interval of the gain leaves 0 out.
  public var isSignificant: Bool { gain.low > 0 || gain.high < 0 }
}
