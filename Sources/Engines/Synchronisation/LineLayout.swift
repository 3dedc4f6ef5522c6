public import Probability
public import Quantities

/// What synchronisation has to know of a line: how parts can move, not what machines there are.
///
/// Parts move by these rules, which are those of the simulator. A machine that is empty takes the parts for one piece as soon as they have
/// arrived, input after input. When the piece is finished it is counted, then put away as soon as there is room (blocking after service),
/// and the next one is taken in the same instant.
public struct LineLayout: Sendable, Hashable {
  public struct Buffer: Sendable, Hashable {
    public var name: String
    public var capacity: Int
    /// How long a part travels before it may be taken. It counts as in the buffer from the moment that it is put in.
    public var transit: Duration
    /// A sensor tells the level.
    public var isMeasured: Bool

    public init(name: String, capacity: Int, transit: Duration = .zero, isMeasured: Bool = false) {
      (self.name, self.capacity, self.transit, self.isMeasured) = (name, capacity, transit, isMeasured)
    }
  }

  public struct Input: Sendable, Hashable {
    public var buffer: Int
    /// Parts of it in one piece.
    public var count: Int

    public init(buffer: Int, count: Int = 1) { (self.buffer, self.count) = (buffer, count) }
  }

  /// Where finished or rejected parts go.
  public enum Destination: Sendable, Hashable {
    case outside
    case buffer(Int)
  }

  public struct Station: Sendable, Hashable {
    public var name: String
    /// In the order in which they are taken.
    public var inputs: [Input]
    public var output: Destination
    public var rejects: Destination
    /// Like machines under one set of tags; each holds one piece.
    public var machines: Int
    /// Seconds of work on one piece: the belief to start from, followed by what is seen.
    public var cycle: Law
    /// Seconds from a failure until work goes on: likewise.
    public var repair: Law

    public init(
      name: String, inputs: [Input], output: Destination, rejects: Destination = .outside, machines: Int = 1, cycle: Law, repair: Law
    ) {
      (self.name, self.inputs, self.output, self.rejects, self.machines) = (name, inputs, output, rejects, machines)
      (self.cycle, self.repair) = (cycle, repair)
    }
  }

  /// Delivers lots from outside, uncounted; what finds no room waits and goes in as room comes. The gap begins when a lot is in.
  public struct Source: Sendable, Hashable {
    public var buffer: Int
    public var lot: Int
    /// Seconds between lots.
    public var interval: Law

    public init(buffer: Int, lot: Int, interval: Law) { (self.buffer, self.lot, self.interval) = (buffer, lot, interval) }
  }

  public var buffers: [Buffer]
  public var stations: [Station]
  public var sources: [Source]
  /// Everything is told again after this time without a change.
  public var heartbeat: Duration
  /// How often levels are looked at.
  public var scan: Duration

  /// - Precondition: every index names a buffer, counts and capacities are positive, and a buffer has at most one source.
  public init(
    buffers: [Buffer], stations: [Station], sources: [Source], heartbeat: Duration = .seconds(60), scan: Duration = .seconds(5)
  ) {
    (self.buffers, self.stations, self.sources, self.heartbeat, self.scan) = (buffers, stations, sources, heartbeat, scan)
    func has(_ d: Destination) -> Bool { if case .buffer(let b) = d { buffers.indices.contains(b) } else { true } }
    for station in stations {
      precondition(station.inputs.allSatisfy { buffers.indices.contains($0.buffer) && $0.count > 0 }, "an input of \(station.name) is no buffer")
      precondition(has(station.output) && has(station.rejects) && station.machines > 0, "\(station.name) feeds no buffer of this line")
    }
    precondition(sources.allSatisfy { buffers.indices.contains($0.buffer) && $0.lot > 0 }, "a source feeds no buffer of this line")
    precondition(Set(sources.map(\.buffer)).count == sources.count, "a buffer has two sources")
  }
}
