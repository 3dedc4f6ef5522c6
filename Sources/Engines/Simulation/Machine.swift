/// One machine of a station, as the event loop sees it: what every machine has. What few have stands in `Extras`.
struct Machine: BitwiseCopyable {
  enum Phase: UInt8, BitwiseCopyable {
    /// Waits for parts.
    case idle
    /// In the middle of taking or handing on: must not be woken.
    case moving
    /// Has its parts and waits for people or tools.
    case waiting
    /// An activity is under way; its end, or a stop, is pending unless the machine is halted.
    case working
    /// Holds finished parts that find no room.
    case blocked
    /// Stopped by itself: fails, or stops shortly.
    case stopped
  }

  /// What the working time is spent on.
  enum Activity: UInt8, BitwiseCopyable { case work, setup, maintenance, replacement, breakage }

  /// The states that time is booked to, in the order of `LineTrace.State`.
  enum Account {
    static let working: UInt8 = 0, starved: UInt8 = 1, blocked: UInt8 = 2, failed: UInt8 = 3, microstopped: UInt8 = 4, closed: UInt8 = 5
    static let setup: UInt8 = 6, maintenance: UInt8 = 7, waiting: UInt8 = 8
    static let count = 9
    /// Working or stopped by itself: what Roser calls active.
    @inline(__always) static func isActive(_ account: UInt8) -> Bool { (0b1101_1001 as UInt16) >> UInt16(account) & 1 == 1 }
  }

  var phase = Phase.idle
  var activity = Activity.work
  var account = Account.starved
  /// One part in, one part out, first in first out, and nothing else to it.
  var isPlain = true
  /// Has a part or a kit in work.
  var holdsPart = false
  /// Whether finished parts are looked at, or get defects.
  var judges = false
  var isClosed = false
  /// Calendar stops under way.
  var downs: UInt8 = 0
  var station: Int32 = 0
  /// Buffers: its only input and its output, or −1.
  var input: Int32 = -1
  var output: Int32 = -1
  var extra: Int32 = -1
  /// Dice: cycle; then scrap, inspection and defect, side by side.
  var cycle: Int32 = 0
  var judgement: Int32 = 0
  /// Its stops by operating time.
  var firstMode: Int32 = 0
  var modeCount: Int32 = 0
  /// The stop that comes next, or is under way.
  var mode: Int32 = -1
  /// Spells of activity begun, and since when there is none.
  var activePeriods: Int32 = 0
  var idleSince = -1.0
  /// Since when the time of `account` is not booked yet.
  var since = 0.0
  /// When `account` became what it is.
  var enteredAt = 0.0
  /// Seconds left of the activity once the pending event has come.
  var work = 0.0
  /// Working seconds so far, the pending event's included; and those at which the next stop comes.
  var operated = 0.0
  var nextStop = Double.infinity
  var pendingTime = 0.0
  /// Its place among those that wait for parts, room or people.
  var ticket: UInt64 = 0
  /// The part in work, or finished and waiting for room.
  var part = Part()
  var produced = 0
  var rejected = 0
  /// The whole of the work under way, and when the stop under way began: what a state to restart from needs.
  var partWork = 0.0
  var stoppedAt = 0.0

  @inline(__always) var isHalted: Bool { isClosed || downs > 0 }
}

/// A kind of stop of one machine.
struct Mode: BitwiseCopyable {
  /// Operating seconds at which it comes; for a calendar stop unused.
  var at = Double.infinity
  /// Operating seconds at which its interval began.
  var from = 0.0
  var machine: Int32 = 0
  /// Dice; −1: never comes (a state may say that a machine stands still which by its spec never does).
  var interval: Int32 = -1
  var length: Int32 = -1
  var need: Int32 = -1
  var account = Machine.Account.failed
  var workAfter: UInt8 = 0
  var isUnderWay = false
  /// For a calendar stop, when the last one began, and its slot.
  var began = 0.0
  var slot: Int32 = -1

  static let resumes: UInt8 = 0, restarts: UInt8 = 1, scrapped: UInt8 = 2
}

/// What a machine that is not plain has besides. Indices are of the run's tables, −1 for none.
struct Extras: BitwiseCopyable {
  // Kit
  var firstInput: Int32 = 0
  var inputCount: Int32 = 0
  /// Parts of a whole kit, and still missing.
  var needed: Int32 = 0
  var missing: Int32 = 0
  var batchLeast: Int32 = 0
  var batchMost: Int32 = 0
  var dispatch: UInt8 = 0
  var preempts = false
  var variesByProduct = false
  /// Whether it lacked a card when it last looked for parts.
  var lacksCard = false
  /// Card loops of which parts need a card here.
  var cards: UInt32 = 0
  // Parts in work beyond the first, and finished ones that wait for room
  var firstHeld: Int32 = 0
  var held: Int32 = 0
  var firstOut: Int32 = 0
  var outs: Int32 = 0
  // Interrupted work
  var firstShelved: Int32 = 0
  var shelved: Int32 = 0
  // Where parts go
  var routing: UInt8 = 0
  var firstBranch: Int32 = 0
  var branchCount: Int32 = 0
  var routingDie: Int32 = -1
  var reworkInto: Int32 = -1
  var attempts: UInt8 = 0
  var reworked: Int32 = 0
  // Set-up
  var setup: Int32 = -1
  var setupDie: Int32 = -1
  var setupNeed: Int32 = -1
  var lastProduct: Int32 = -1
  var setups: Int32 = 0
  // People
  var workNeed: Int32 = -1
  /// The need of the activity under way.
  var activeNeed: Int32 = -1
  // Upkeep
  var firstDuty: Int32 = 0
  var dutyCount: Int32 = 0
  var duty: Int32 = -1
  /// Parts finished since the beginning.
  var finished = 0.0
  var wears = false
  var wear = 0.0
  var isBroken = false
  var wearDie: Int32 = -1
  // Conditions
  var firstCondition: Int32 = 0
  var conditionCount: Int32 = 0

  static let toOutput: UInt8 = 0, byChance: UInt8 = 1, toEmptiest: UInt8 = 2, byRoute: UInt8 = 3, takesApart: UInt8 = 4
}
