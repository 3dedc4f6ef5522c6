import Storage
import Testing

@Test func memoryKeepsThePromisesOfStorage() { #expect(storageViolations(in: MemoryStorage()) == []) }

@Test func whatWasSyncedSurvivesAPowerCutAndTheRestIsAPrefix() throws {
  var lost = 0
  var torn = 0
  for seed in 0..<300 as Range<UInt64> {
    let storage = MemoryStorage()
    try storage.append("synced", [1, 2, 3])
    try storage.sync("synced")
    try storage.append("synced", [4, 5, 6, 7])
    try storage.append("never", [9])
    try storage.replace("whole", [8, 8])
    storage.cutPower(seed: seed)
    let content = try storage.read("synced")
    #expect(content.starts(with: [1, 2, 3]) && content.count <= 7, "seed \(seed)")
    #expect(try storage.read("whole") == [8, 8], "seed \(seed)")
    if content != [1, 2, 3, 4, 5, 6, 7].prefix(content.count) + [] { torn += 1 }
    if try !storage.list(prefix: "").contains("never") { lost += 1 }
  }
  // Each fault happens for some seeds, and none for all.
  #expect(1..<300 ~= lost && 1..<300 ~= torn)
}

@Test func aScheduledPowerCutStopsEverythingUntilPowerReturns() throws {
  for seed in 0..<50 as Range<UInt64> {
    let storage = MemoryStorage()
    storage.cutPower(afterOperations: 3, seed: seed)
    try storage.append("a", [1])
    try storage.sync("a")
    #expect(throws: StorageError.self) { try storage.replace("a", [2]) }
    #expect(throws: StorageError.self) { try storage.read("a") }
    #expect(throws: StorageError.self) { try storage.list(prefix: "") }
    #expect(storage.isPowerOff)
    storage.restorePower()
    #expect([[1], [2]].contains(try storage.read("a")), "seed \(seed)")
  }
}

@Test func theSameSeedLosesTheSameBytes() throws {
  func run(_ seed: UInt64) throws -> [[UInt8]] {
    let storage = MemoryStorage()
    for name in ["x", "y", "z"] { try storage.append(name, (0..<100).map { UInt8($0) }) }
    storage.cutPower(seed: seed)
    return try storage.list(prefix: "").map { try storage.read($0) }
  }
  for seed in 0..<20 as Range<UInt64> { #expect(try run(seed) == run(seed)) }
  #expect(try Set((0..<20).map { try run($0) }).count > 10)
}

@Test func aFullDiskTakesWhatFitsAndSaysSo() throws {
  let storage = MemoryStorage()
  storage.limitCapacity(to: 5)
  try storage.append("a", [1, 2, 3])
  #expect(throws: StorageError.full(name: "a")) { try storage.append("a", [4, 5, 6]) }
  #expect(try storage.read("a") == [1, 2, 3, 4, 5])
  #expect(throws: StorageError.full(name: "b")) { try storage.replace("b", [1]) }
  #expect(throws: StorageError.notFound(name: "b")) { try storage.read("b") }
  storage.limitCapacity(to: nil)
  try storage.append("a", [6])
}

@Test func whatAFailedSyncLeftBehindIsLostEvenIfALaterSyncSucceeds() throws {
  let storage = MemoryStorage()
  try storage.append("a", [1])
  try storage.sync("a")
  try storage.append("a", [2, 3])
  storage.failSyncs(1)
  #expect(throws: StorageError.self) { try storage.sync("a") }
  try storage.append("a", [4])
  try storage.sync("a")
  #expect(try storage.read("a") == [1, 2, 3, 4])
  storage.cutPower(seed: 1)
  #expect(try storage.read("a") == [1, 0, 0, 4])
}
