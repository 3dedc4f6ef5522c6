/// Labels of the steps of `Leadership`.
enum Action {
  // The world around
  static var elect: UInt16 { 1 }
  static var reelect: UInt16 { 2 }
  static var lockExpires: UInt16 { 3 }
  static var silence: UInt16 { 4 }
  static var takeOver: UInt16 { 5 }
  static var gatewayCrashes: UInt16 { 6 }
  static var firstCrashes: UInt16 { 7 }
  static var secondCrashes: UInt16 { 8 }
  // The gateway and the way to the plant
  static var store: UInt16 { 10 }
  static var leave: UInt16 { 11 }
  static var withhold: UInt16 { 12 }
  static var land: UInt16 { 13 }
  static var lose: UInt16 { 14 }
  static var settle: UInt16 { 15 }
  /// Plus the slot, 0…7.
  static var deliver: UInt16 { 20 }
  // A leader: these, plus …
  static var seal: UInt16 { 0 }
  static var open: UInt16 { 1 }
  static var readBack: UInt16 { 2 }
  static var intend: UInt16 { 3 }
  static var send: UInt16 { 4 }
  static var confirm: UInt16 { 5 }
  static var fail: UInt16 { 6 }
  static var rollBack: UInt16 { 7 }
  static var noteTakeover: UInt16 { 8 }
  static var rearm: UInt16 { 9 }
  // … the leader's own base.
  static var ofFirst: UInt16 { 40 }
  static var ofSecond: UInt16 { 60 }

  static func name(_ action: UInt8) -> String {
    let own = [
      "seals", "opens its epoch in the ledger", "reads back", "intends", "sends", "records DONE", "records failure", "records a rollback",
      "records the takeover", "rearms, by a person's word",
    ]
    let names: [UInt16: String] = [
      elect: "the next leader is elected", reelect: "the same governor is elected again", lockExpires: "the lock's lease runs out",
      silence: "the gateway's lease runs out", takeOver: "a person takes over", gatewayCrashes: "the gateway crashes",
      firstCrashes: "leader 1 crashes", secondCrashes: "leader 2 crashes", store: "the gateway stores its fence", leave: "the write leaves",
      withhold: "the gateway withholds the write", land: "the write lands", lose: "the write is lost", settle: "the gateway settles the write",
    ]
    let code = UInt16(action)
    if let name = names[code] { return name }
    if code >= ofSecond { return "leader 2 \(own[Int(code - ofSecond)])" }
    if code >= ofFirst { return "leader 1 \(own[Int(code - ofFirst)])" }
    return "command \((code - deliver) / 4 + 1).\((code - deliver) % 4 + 1) passes the gateway's checks"
  }
}

extension Leadership {
  func name(ofAction action: UInt8) -> String { Action.name(action) }
}
