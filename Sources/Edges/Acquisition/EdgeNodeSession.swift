internal import Quantities
internal import Sparkplug

/// What the host knows of one edge node: its session, its births, and when to ask for them again. Instants are the wall's.
struct EdgeNodeSession: Sendable {
  /// An open session, from NBIRTH to NDEATH.
  struct Online: Sendable {
    /// Nil where the birth, against the specification, carried none.
    var birthDeathSequence: UInt8?
    var expected: UInt8
    /// False after a gap: a birth may have been lost, so aliases mean nothing until the next NBIRTH.
    var isWhole = true
    var node: BirthTable
    var devices: [String: BirthTable] = [:]
    /// Devices of the last birth that must be born again by then, or count as dead.
    var awaited: [String: Instant] = [:]
  }
  enum Status: Sendable {
    /// No birth was seen since the host connected.
    case unknown
    case online(Online)
    /// It said NDEATH; it will give birth by itself.
    case dead
  }

  let map: TagMap
  var status = Status.unknown
  var rebirth = RebirthTimer()
  /// The message before, to know a repeated delivery by.
  var lastMessage: [UInt8] = []

  init(map: TagMap) { self.map = map }

  var online: Online? { if case .online(let online) = status { online } else { nil } }
}

/// When a rebirth may be asked for: at once, then after 2, 4, 8 … 60 seconds without a birth, and never twice within two seconds.
struct RebirthTimer: Sendable {
  private(set) var isWanted = false
  private var earliest = Instant(nanoseconds: 0)
  private var last: Instant?
  private var attempts = 0

  /// Wants a rebirth, not before `earliest`.
  mutating func want(notBefore earliest: Instant) {
    if !isWanted { (isWanted, self.earliest) = (true, earliest) }
  }

  /// A birth came, or none is to be expected.
  mutating func settle() { (isWanted, attempts) = (false, 0) }

  /// Whether to ask now; counts the asking.
  mutating func take(at wall: Instant) -> Bool {
    guard isWanted, wall >= earliest else { return false }
    let pause = attempts == 0 ? 2 : min(60, Double(1 << min(attempts, 6)))
    if let last, wall - last < .seconds(pause), wall >= last { return false }
    (last, attempts) = (wall, attempts + 1)
    return true
  }
}
