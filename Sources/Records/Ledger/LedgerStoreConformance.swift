internal import Quantities

/// Tries `store`, which must be empty, against the promises of `LedgerStore`; returns those that it broke, in words.
public func ledgerStoreViolations(in store: any LedgerStore) -> [String] {
  var violations: [String] = []
  func expect(_ promise: String, _ body: () throws -> Bool) {
    do { if try !body() { violations.append(promise) } } catch { violations.append("\(promise): \(error)") }
  }
  func entry(_ sequence: UInt64, _ kind: String = "Tried", _ payload: [UInt8] = Array(#"{"x":1}"#.utf8)) -> LedgerEntry {
    let draft = LedgerDraft(instant: Instant(nanoseconds: -5 + Int64(sequence)), kind: kind, payload: payload)
    return LedgerEntry(draft, sequence: sequence, previous: LedgerHash(of: [UInt8(truncatingIfNeeded: sequence)]))
  }
  let odd = entry(2, "Größe 'quoted\"; -- ✓", (0...255).map { UInt8($0) })
  let first = [entry(0), entry(1, "", []), odd]

  expect("an empty store counts zero and reads nothing") { try store.count() == 0 && store.read(0..<10) == [] }
  expect("appending nothing changes nothing") {
    try store.append([])
    return try store.count() == 0
  }
  expect("entries come back as they were, in order") {
    try store.append(first)
    return try store.count() == 3 && store.read(0..<3) == first
  }
  expect("a range reads a part, and ends with the ledger") {
    try store.read(1..<2) == [first[1]] && store.read(2..<100) == [odd] && store.read(50..<100) == [] && store.read(1..<1) == []
  }
  for (sequence, why) in [(UInt64(2), "a repeated sequence"), (4, "a gap")] {
    do throws(LedgerError) {
      try store.append([entry(sequence)])
      violations.append("\(why) was taken")
    } catch { if error != .outOfOrder(expected: 3, found: sequence) { violations.append("\(why) says \(error)") } }
  }
  expect("a batch with one wrong entry adds none of it") {
    try? store.append([entry(3), entry(5)])
    return try store.count() == 3
  }
  expect("a long batch comes back") {
    let batch = (3..<1200).map { entry($0) }
    try store.append(batch)
    return try store.count() == 1200 && store.read(3..<1200) == batch
  }
  return violations
}
