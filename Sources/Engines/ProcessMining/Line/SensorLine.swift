/// A simulation model of a line, mined from what its sensors saw of the items that pass.
///
/// A sensor is a node; a passage from one to the next is a link that an item travels, in which it may queue and be blocked. Items come from
/// sources, are put together at assemblies, leave at nodes without a way on. Times are in seconds.
public struct SensorLine: Sendable, Hashable, Codable {
  /// The sensors that items pass, in alphabetical order.
  public var nodes: [String]
  /// The classes of items: their names without the running number.
  public var classes: [String]
  public var links: [Link]
  public var assemblies: [Assembly]
  public var sources: [Source]
  public var branches: [Branch]
  public var breaks: [Break]
  /// Where items of one kind begin and where most of them end: a cycle time.
  public var journeys: [Journey]
  /// How many items and passages it was learnt from.
  public var items: Int
  public var passages: Int

  /// The way from one sensor to the next.
  public struct Link: Sendable, Hashable, Codable {
    public var from: Int
    public var to: Int
    /// How often it was travelled.
    public var count: Int
    /// The time of an item that nothing hinders.
    public var travel: LawBelief
    /// First in, first out; else every item takes its own time.
    public var isOrdered: Bool
    /// The work on the first item once it has arrived and the one before has gone. Nil for mere transport.
    public var service: LawBelief?
    /// Items leave at least so far apart.
    public var headway: Double
    /// How many items of each class fill it alone; nil where it never held items up before it.
    public var capacity: [Double]?
    /// Items wait for a gate, such as a lorry that takes them all.
    public var gate: Gate?
  }
  public struct Gate: Sendable, Hashable, Codable {
    /// From one opening to the next.
    public var interval: LawBelief
    /// Between two items that it lets through.
    public var spacing: Double
    /// It takes no item that has waited less.
    public var dwell: Double
  }
  /// Several items become one.
  public struct Assembly: Sendable, Hashable, Codable {
    /// Where parts enter, and where the whole comes out.
    public var intake: Int
    public var output: Int
    /// How many parts of each class make one; 0 for classes that it does not take.
    public var sizes: [Int]
    /// The class of the whole by the class of its parts; −1 for classes that it does not take.
    public var becomes: [Int]
    /// From the last part, or from the whole before, to the whole.
    public var process: LawBelief
    /// The least time from one part's entry to the next, and from a whole to the next part.
    public var entryHeadway: Double
    public var reopening: Double
    /// How many parts it holds at most beyond one set; 0 for a station that is closed while it works.
    public var spareRoom: Int
    /// What becomes of an incomplete set when another class comes.
    public var leftover: Leftover
    /// How often a whole came out, and how often of an incomplete set.
    public var count: Int
    public var partial: Int
  }
  public enum Leftover: Sendable, Hashable, Codable {
    /// It goes out as it is.
    case ships
    /// Its parts leave by this link.
    case rejected(link: Int)
    /// It waits for more parts of its class.
    case stays
  }
  /// Where items come from.
  public struct Source: Sendable, Hashable, Codable {
    public var node: Int
    /// Classes in the order in which they follow one another: `next[c]` comes after c.
    public var next: [Int]
    /// The sizes of whole campaigns of each class; empty where none was seen whole.
    public var campaigns: [[Int]]
    /// From one item to the next of each class; nil for classes that it does not make.
    public var interval: [LawBelief?]
    /// It stops while too many of its items are in the line. Nil where no such rule is seen.
    public var ceiling: Ceiling?
  }
  /// A limit on the work in process.
  public struct Ceiling: Sendable, Hashable, Codable {
    public var level: Double
    /// The signal that counts, where the log has one; else items are counted by their passages.
    public var counter: String?
    /// What the counter gains for each item beyond those in the line: items that it never lets go.
    public var drift: Double
  }
  /// A node where some items go aside.
  public struct Branch: Sendable, Hashable, Codable {
    public var node: Int
    /// The link aside.
    public var aside: Int
    /// The rule looks at the time since the oldest part passed this node. Nil for mere chance.
    public var since: Int?
    /// Seconds that part the younger items from the older.
    public var threshold: Double
    /// How many of the younger, and of the older, went aside, and how many did not.
    public var youngAside: Int
    public var youngOn: Int
    public var oldAside: Int
    public var oldOn: Int
  }
  /// Pauses of a station.
  public struct Break: Sendable, Hashable, Codable {
    /// The signal that announces it; nil where only the items that wait betray it.
    public var signal: String?
    /// Nothing passes this node during a break.
    public var node: Int
    /// From the end of a break to the next, and the break itself.
    public var working: LawBelief
    public var pause: LawBelief
  }
  public struct Journey: Sendable, Hashable, Codable {
    public var from: Int
    public var to: Int
  }

  /// `S1 → S6`.
  func name(_ journey: Journey) -> String { "\(nodes[journey.from]) → \(nodes[journey.to])" }
}
