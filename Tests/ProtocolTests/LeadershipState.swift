/// One state of `Leadership`, unpacked. Whole words throughout: a debug build converts between widths at a price.
struct LeadershipState: Equatable {
  // The ledger
  var stage = Stage.armed
  var intentOpen: UInt64 = 0
  /// (epoch − 1)·4 + (number − 1) of the open intent's command; 0 where none is open.
  var intentSlot: UInt64 = 0
  /// The latest leader that has opened its epoch in the ledger: whoever came before can append no more.
  var ledgerEpoch: UInt64 = 0
  /// `takenOver` is the last word in the ledger.
  var ledgerManual: UInt64 = 0
  // The lock service
  var elected: UInt64 = 0
  var lockHeld: UInt64 = 0
  // The two leaders
  var first = Phase.none
  var second = Phase.none
  // Their commands: two bits a slot (0: not made, else 1 + value), and one whether it was sent
  var values: UInt64 = 0
  var sent: UInt64 = 0
  // The gateway: its durable fence …
  var gateEpoch: UInt64 = 0
  var gateSequence: UInt64 = 0
  var issued: UInt64 = 0
  var issuedSlot: UInt64 = 0
  // … its memory, and who has the plant
  var sealed: UInt64 = 1
  var gateLease: UInt64 = 0
  var prepared = Preparing.nothing
  var person: UInt64 = 0
  // On the way, and arrived
  /// 0: nothing flies; else 1 + the value.
  var flying: UInt64 = 0
  var plant = Value.good
  var crashes: UInt64 = 0

  static var start: LeadershipState { LeadershipState() }
  private init() {}

  /// The value of a command, 1 + it, or 0.
  func value(_ slot: UInt64) -> UInt64 { (values &>> (slot &* 2)) & 3 }

  /// The last command that a leader has made: its number, 0 for none.
  func lastNumber(_ epoch: UInt64) -> UInt64 {
    let mine = (values &>> ((epoch &- 1) &* 8)) & 0xFF
    if mine == 0 { return 0 }
    if mine < 4 { return 1 }
    if mine < 16 { return 2 }
    return mine < 64 ? 3 : 4
  }

  func phase(_ epoch: UInt64) -> UInt64 { epoch == 1 ? first : second }

  mutating func setPhase(_ epoch: UInt64, _ phase: UInt64) { if epoch == 1 { first = phase } else { second = phase } }

  /// The state as one word: 63 bits.
  var word: UInt64 {
    var word = values | sent &<< 16 | first &<< 24 | second &<< 27 | stage &<< 30 | intentOpen &<< 33
    word |= intentSlot &<< 34 | ledgerEpoch &<< 37 | ledgerManual &<< 39 | elected &<< 40 | lockHeld &<< 42
    word |= gateEpoch &<< 43 | gateSequence &<< 45 | issued &<< 48 | issuedSlot &<< 49 | sealed &<< 52
    word |= gateLease &<< 53 | prepared &<< 54 | person &<< 56 | flying &<< 57 | plant &<< 59 | crashes &<< 61
    return word
  }

  init(_ word: UInt64) {
    values = word & 0xFFFF
    sent = word &>> 16 & 0xFF
    first = word &>> 24 & 7
    second = word &>> 27 & 7
    stage = word &>> 30 & 7
    intentOpen = word &>> 33 & 1
    intentSlot = word &>> 34 & 7
    ledgerEpoch = word &>> 37 & 3
    ledgerManual = word &>> 39 & 1
    elected = word &>> 40 & 3
    lockHeld = word &>> 42 & 1
    gateEpoch = word &>> 43 & 3
    gateSequence = word &>> 45 & 7
    issued = word &>> 48 & 1
    issuedSlot = word &>> 49 & 7
    sealed = word &>> 52 & 1
    gateLease = word &>> 53 & 1
    prepared = word &>> 54 & 3
    person = word &>> 56 & 1
    flying = word &>> 57 & 3
    plant = word &>> 59 & 3
    crashes = word &>> 61 & 3
  }
}

/// Set-points: the last known good, the first stage's, the whole move's.
enum Value {
  static var good: UInt64 { 0 }
  static var part: UInt64 { 1 }
  static var whole: UInt64 { 2 }
}

/// Where the change stands in the ledger.
enum Stage {
  static var armed: UInt64 { 0 }
  static var partStarted: UInt64 { 1 }
  static var partDone: UInt64 { 2 }
  static var wholeStarted: UInt64 { 3 }
  static var done: UInt64 { 4 }
  static var rollingBack: UInt64 { 5 }
  static var rolledBack: UInt64 { 6 }
  static let words = ["armed", "part started", "DONE1", "whole started", "DONE2", "rolling back", "ROLLEDBACK"]
}

/// Where one leader stands.
enum Phase {
  static var none: UInt64 { 0 }
  static var elected: UInt64 { 1 }
  static var sealed: UInt64 { 2 }
  static var opened: UInt64 { 3 }
  static var ready: UInt64 { 4 }
  static var intended: UInt64 { 5 }
  static var sent: UInt64 { 6 }
  static let words = ["-", "elected", "sealed", "opened", "ready", "intended", "sent"]
}

/// How far the gateway is with the write in its hands.
enum Preparing {
  static var nothing: UInt64 { 0 }
  /// Checked; the fence of it is in memory alone.
  static var checked: UInt64 { 1 }
  /// The fence is on disk; the write may leave.
  static var stored: UInt64 { 2 }
  /// It has left, and the fence is not on disk: only where that order is reversed.
  static var left: UInt64 { 3 }
}

extension LeadershipState: CustomStringConvertible {
  var description: String {
    func name(_ slot: UInt64) -> String { "\(slot / 4 + 1).\(slot % 4 + 1)" }
    func value(_ value: UInt64) -> String { ["good", "part", "whole", "?"][Int(value)] }
    let commands = (0..<8 as Range<UInt64>).filter { self.value($0) > 0 }
      .map { "\(name($0)):=\(value(self.value($0) - 1))\(sent >> $0 & 1 == 1 ? "" : " (unsent)")" }
    let gate = [
      sealed == 1 ? "sealed" : "open", "fence \(gateEpoch).\(gateSequence)", gateLease == 1 ? "lease" : "silent", person == 1 ? "taken over" : nil,
      issued == 1 || prepared != 0 ? "\(["issued", "checked", "stored", "left"][Int(prepared)]) \(name(issuedSlot))" : nil,
    ]
    let ledger = [
      Stage.words[Int(stage)], "epoch \(ledgerEpoch)", intentOpen == 1 ? "intent \(name(intentSlot))" : nil, ledgerManual == 1 ? "taken over" : nil,
    ]
    return "ledger [\(ledger.compactMap { $0 }.joined(separator: ", "))] leaders [\(Phase.words[Int(first)]), \(Phase.words[Int(second)])]"
      + " sent [\(commands.joined(separator: ", "))] gateway [\(gate.compactMap { $0 }.joined(separator: ", "))]"
      + " plant \(value(plant))\(flying > 0 ? ", \(value(flying - 1)) on its way" : "")"
  }
}
