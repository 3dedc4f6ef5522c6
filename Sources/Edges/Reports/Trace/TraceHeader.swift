public import Simulation

/// The first line of a trace file: the line that was run, as far as a replay draws it. docs/trace-format.md.
public struct TraceHeader: Sendable, Hashable, Codable {
  /// A station and the buffers around it.
  public struct Station: Sendable, Hashable, Codable {
    public var name: String
    /// Indices of buffers.
    public var inputs: [Int]
    public var outputs: [Int]
    public init(name: String, inputs: [Int], outputs: [Int]) { (self.name, self.inputs, self.outputs) = (name, inputs, outputs) }
  }
  /// A buffer.
  public struct Buffer: Sendable, Hashable, Codable {
    public var name: String
    /// Nil: no limit.
    public var capacity: Int?
    public init(name: String, capacity: Int?) { (self.name, self.capacity) = (name, capacity) }
  }
  /// A source and the buffer that it fills.
  public struct Source: Sendable, Hashable, Codable {
    public var name: String
    public var into: Int
    public init(name: String, into: Int) { (self.name, self.into) = (name, into) }
  }
  /// A way from one buffer to another that vehicles serve.
  public struct Way: Sendable, Hashable, Codable {
    public var name: String
    public var from: Int
    public var to: Int
    public init(name: String, from: Int, to: Int) { (self.name, self.from, self.to) = (name, from, to) }
  }

  /// Always `takt-trace`.
  public var format: String
  public var version: Int
  public var plant: String
  public var revision: String
  public var seed: UInt64
  public var replication: Int
  /// Seconds.
  public var warmUp: Double
  /// Seconds; where the trace ends.
  public var horizon: Double
  public var stations: [Station]
  /// By machine: index of its station.
  public var machines: [Int]
  public var buffers: [Buffer]
  public var sources: [Source]
  public var ways: [Way]
  /// Names of the states, by the number that entries carry.
  public var states: [String]

  public static let format = "takt-trace"
  public static let version = 1

  /// - Parameter trace: gives the machines.
  public init(plant: String, revision: String, seed: UInt64, replication: Int, warmUp: Double, horizon: Double, line: LineSpec, trace: LineTrace) {
    (format, version) = (Self.format, Self.version)
    (self.plant, self.revision, self.seed, self.replication) = (plant, revision, seed, replication)
    (self.warmUp, self.horizon) = (warmUp, horizon)
    let flow = LineFlow(line)
    stations = line.stations.indices.map { i in
      Station(name: line.stations[i].name, inputs: line.stations[i].inputs.map(\.buffer), outputs: flow.outputs[i])
    }
    machines = trace.stations
    buffers = line.buffers.map { Buffer(name: $0.name, capacity: $0.capacity == BufferSpec.unlimited ? nil : $0.capacity) }
    sources = line.sources.map { Source(name: $0.name, into: $0.into) }
    ways = line.transports.map { Way(name: $0.name, from: $0.from, to: $0.to) }
    states = LineTrace.State.allCases.map { "\($0)" }
  }
}
