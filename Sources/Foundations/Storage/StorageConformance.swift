/// Tries `storage`, which must be empty, against every promise of the `Storage` protocol that shows without a power cut.
///
/// Returns the promises that it broke, in words; an empty answer is a pass. Tests of each implementation call it, so that
/// the double and the disk cannot drift apart. It leaves files behind.
public func storageViolations(in storage: any Storage) -> [String] {
  var check = StorageCheck(storage: storage)
  check.appendAndRead()
  check.replaceAndTruncate()
  check.listAndRemove()
  check.renameAndOpen()
  check.missingFiles()
  return check.violations
}

private struct StorageCheck {
  let storage: any Storage
  var violations: [String] = []

  private mutating func expect(_ condition: Bool, _ promise: String) {
    if !condition { violations.append(promise) }
  }

  private mutating func attempt(_ promise: String, _ body: (any Storage) throws -> Bool) {
    do { expect(try body(storage), promise) } catch { violations.append("\(promise): \(error)") }
  }

  mutating func appendAndRead() {
    attempt("appends follow each other") { s in
      try s.append("a/one", [1, 2, 3])
      try s.append("a/one", [])
      try s.append("a/one", [4, 5])
      return try s.read("a/one") == [1, 2, 3, 4, 5]
    }
    attempt("an append is read before it is synced, and after") { s in
      try s.append("a/one", [6])
      let before = try s.read("a/one")
      try s.sync("a/one")
      return try before == [1, 2, 3, 4, 5, 6] && s.read("a/one") == before
    }
    attempt("a part is read by offset and count") { s in try s.read("a/one", offset: 1, count: 3) == [2, 3, 4] }
    attempt("a read across the end is short") { s in
      try s.read("a/one", offset: 4, count: 100) == [5, 6] && s.read("a/one", offset: 100, count: 1) == []
    }
    attempt("an append of nothing creates the file") { s in
      try s.append("a/empty", [])
      return try s.read("a/empty") == [] && s.list(prefix: "a/empty") == ["a/empty"]
    }
    attempt("a long append comes back whole") { s in
      let long = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
      try s.append("a/long", long)
      try s.sync("a/long")
      return try s.read("a/long") == long
    }
  }

  mutating func replaceAndTruncate() {
    attempt("replace creates") { s in
      try s.replace("b/two", [9, 9])
      return try s.read("b/two") == [9, 9]
    }
    attempt("replace takes the place of all content") { s in
      try s.replace("b/two", [7])
      return try s.read("b/two") == [7]
    }
    attempt("an append goes on after a replace") { s in
      try s.append("b/two", [8])
      try s.sync("b/two")
      try s.replace("b/two", [1, 2])
      try s.append("b/two", [3])
      return try s.read("b/two") == [1, 2, 3]
    }
    attempt("truncate cuts, and an append goes on there") { s in
      try s.truncate("b/two", to: 1)
      try s.append("b/two", [5])
      return try s.read("b/two") == [1, 5]
    }
  }

  mutating func renameAndOpen() {
    attempt("rename takes the place of another file, and its own name is gone") { s in
      try s.append("r/old", [1, 2, 3])
      try s.sync("r/old")
      try s.append("r/new", [9])
      try s.rename("r/old", to: "r/new")
      return try s.read("r/new") == [1, 2, 3] && s.list(prefix: "r/") == ["r/new"]
    }
    attempt("an append goes on after a rename") { s in
      try s.append("r/new", [4])
      return try s.read("r/new") == [1, 2, 3, 4]
    }
    attempt("a rename of what is not there is not found") { s in
      do throws(StorageError) { try s.rename("r/none", to: "r/new") } catch .notFound { return true }
      return false
    }
    attempt("an open file is read by offset and count, short at its end, and after its removal") { s in
      let file = try s.open("r/new")
      try s.remove("r/new")
      return try file.byteCount == 4 && file.read(offset: 1, count: 2) == [2, 3] && file.read(offset: 3, count: 9) == [4]
        && file.read(offset: 9, count: 1) == []
    }
  }

  mutating func listAndRemove() {
    attempt("list is sorted and by prefix") { s in
      for name in ["c/20", "c/10", "c/sub/x", "cc/1"] { try s.append(name, [1]) }
      return try s.list(prefix: "c/") == ["c/10", "c/20", "c/sub/x"] && s.list(prefix: "c") == ["c/10", "c/20", "c/sub/x", "cc/1"]
    }
    attempt("a prefix need not end at a slash, and may match nothing") { s in
      try s.list(prefix: "c/1") == ["c/10"] && s.list(prefix: "nothing/here") == []
    }
    attempt("a removed file is gone, and may come again empty") { s in
      try s.remove("c/10")
      let gone = try s.list(prefix: "c/1") == []
      try s.append("c/10", [4])
      return try gone && s.read("c/10") == [4]
    }
    attempt("removing what is not there is no error") { s in
      try s.remove("c/never")
      return true
    }
  }

  mutating func missingFiles() {
    let calls: [(String, (any Storage) throws(StorageError) -> Void)] = [
      ("read", { s throws(StorageError) in _ = try s.read("no/file") }),
      ("read of a part", { s throws(StorageError) in _ = try s.read("no/file", offset: 0, count: 1) }),
      ("truncate", { s throws(StorageError) in try s.truncate("no/file", to: 0) }),
      ("sync", { s throws(StorageError) in try s.sync("no/file") }),
    ]
    for (what, call) in calls {
      do throws(StorageError) {
        try call(storage)
        violations.append("\(what) of a missing file passed")
      } catch { expect(error == .notFound(name: "no/file"), "\(what) of a missing file says \(error)") }
    }
  }
}
