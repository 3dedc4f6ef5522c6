extension MemoryStorage {
  /// What is to go wrong, and the randomness that decides how far.
  struct Faults {
    var isPowerOff = false
    var operationsUntilPowerCut: Int?
    var syncsToFail = 0
    var capacity: Int?
    var random = SplitMix(state: 0)
  }

  /// Cuts the power now and restores it: what was not synced is lost in part or whole, as `seed` decides.
  ///
  /// A file that was never synced may be gone. Of unsynced bytes a prefix may have reached the disk, and its end may be
  /// torn: zeros or other bytes instead of what was written.
  public func cutPower(seed: UInt64) {
    faults.random = SplitMix(state: seed)
    loseUnsynced()
    restorePower()
  }

  /// Cuts the power during the `operations`-th changing call from now on (1 is the next). That call and all later ones
  /// throw until `restorePower`; whether a replace, truncate, remove or sync had its effect, the seed decides.
  public func cutPower(afterOperations operations: Int, seed: UInt64) {
    precondition(operations > 0, "the power fails during a coming call")
    faults.operationsUntilPowerCut = operations
    faults.random = SplitMix(state: seed)
  }

  /// After a scheduled power cut: the machine starts again with what reached the disk. Cancels a cut still to come.
  public func restorePower() {
    faults.isPowerOff = false
    faults.operationsUntilPowerCut = nil
  }

  /// Whether a scheduled power cut has happened and `restorePower` was not called since.
  public var isPowerOff: Bool { faults.isPowerOff }

  /// The next `count` syncs throw, and what they should have made durable is lost at the next power cut even if a later
  /// sync succeeds, as on Linux.
  public func failSyncs(_ count: Int) { faults.syncsToFail = count }

  /// All files together may hold so many bytes; nil is no limit. An append that does not fit writes what fits and throws `full`.
  public func limitCapacity(to bytes: Int?) { faults.capacity = bytes }

  /// All bytes in all files.
  public var usedBytes: Int { files.values.reduce(0) { $0 + $1.content.count } }

  /// Turns the bits of `mask` in one byte, as rot does.
  public func flipBits(of name: String, at offset: Int, mask: UInt8) {
    precondition(files[name].map { offset < $0.content.count } ?? false, "no byte \(offset) in \(name)")
    files[name]!.content[offset] ^= mask
  }

  var roomLeft: Int { faults.capacity.map { max(0, $0 - usedBytes) } ?? .max }

  func requirePower(_ name: String) throws(StorageError) {
    if faults.isPowerOff { throw .failed(name: name, reason: "power is off (simulated)") }
  }

  /// True if the power fails during this operation.
  func beginOperation(_ name: String) throws(StorageError) -> Bool {
    try requirePower(name)
    guard let left = faults.operationsUntilPowerCut else { return false }
    faults.operationsUntilPowerCut = left - 1
    // Below 1 where the call of the cut failed of itself: then the next one is it.
    return left <= 1
  }

  func cutPowerNow(_ name: String) -> StorageError {
    loseUnsynced()
    faults.isPowerOff = true
    faults.operationsUntilPowerCut = nil
    return .failed(name: name, reason: "power cut (simulated)")
  }

  private func loseUnsynced() {
    // By name, so that the seed's draws fall on the same files in every run.
    for name in files.keys.sorted() {
      var file = files[name]!
      for range in file.poisoned { for i in range { file.content[i] = 0 } }
      file.poisoned = []
      let unsynced = file.content.count - file.durableCount
      if !file.isNameDurable, faults.random.flip() {
        files[name] = nil
        continue
      }
      if unsynced > 0 {
        let kept = faults.random.below(unsynced + 1)
        file.content.removeSubrange((file.durableCount + kept)...)
        if kept > 0, faults.random.flip() { tear(&file, unsynced: kept) }
      }
      file.durableCount = file.content.count
      file.isNameDurable = true
      files[name] = file
    }
  }

  /// The end of what reached the disk is not what was written: zeros (a block allocated, never filled) or noise.
  private func tear(_ file: inout File, unsynced: Int) {
    let torn = 1 + faults.random.below(unsynced)
    let noise = faults.random.flip()
    for i in (file.content.count - torn)..<file.content.count { file.content[i] = noise ? UInt8(faults.random.below(256)) : 0 }
  }

  /// SplitMix64 (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195): enough to choose faults by seed.
  struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
      return z ^ z >> 31
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    mutating func flip() -> Bool { next() >> 63 == 1 }
  }
}
