internal import Quantities
internal import Storage
internal import Telemetry

extension Historian {
  /// What one call of `maintain` did.
  public struct Maintenance: Sendable, Hashable {
    /// The block file written from the head, if it was time to.
    public var sealed: String?
    /// The block file merged from smaller ones, if it was time to.
    public var merged: String?
  }

  /// Seals the head if it is large or old enough, and merges small neighbouring block files. Call it between commits.
  ///
  /// - Throws: `storage`, `damaged`; nothing is lost, and the next call tries again.
  @discardableResult
  public func maintain() throws(HistorianError) -> Maintenance {
    var done = Maintenance()
    if isSealDue { done.sealed = try seal() }
    if let work = mergeWork(mergeableRun()) { done.merged = try finishMaintenance(work.run(on: storage)) }
    return done
  }

  /// Commits, writes the whole head into a block file, and then lets the log go. Returns the file's name; nil if the head is empty.
  ///
  /// - Throws: `storage`; the head and the log stay as they were.
  @discardableResult
  public func seal() throws(HistorianError) -> String? {
    try commit()
    guard let work = sealWork() else { return nil }
    return try finishMaintenance(work.run(on: storage))
  }

  /// Seals, and merges all block files into one. Returns its name; nil where nothing is stored.
  ///
  /// - Throws: `storage`, `damaged`; nothing is lost.
  @discardableResult
  public func compact() throws(HistorianError) -> String? {
    try seal()
    guard let work = mergeWork(blockFiles.indices) else { return blockFiles.first?.name }
    return try finishMaintenance(work.run(on: storage))
  }

  /// The work that is due, sealing before merging; nil where none is, or some is out already. At most one is out at a time.
  ///
  /// `MaintenanceWork.run` takes long and needs no lock around the historian; appends, commits and questions go on meanwhile.
  public func beginMaintenance() -> MaintenanceWork? {
    if isWorking { return nil }
    return isSealDue ? sealWork() : mergeWork(mergeableRun())
  }

  /// Whether `beginMaintenance` would find the head large or old enough to be sealed.
  public var isSealDue: Bool { head.byteCount >= limits.sealBytes || (head.sampleCount > 0 && head.age >= limits.sealAge) }

  /// Takes in how the work went. Returns the name of the block file that was written.
  ///
  /// - Throws: what the work met; then all is as before, and the next `beginMaintenance` tries again.
  @discardableResult
  public func finishMaintenance(_ outcome: MaintenanceOutcome) throws(HistorianError) -> String {
    precondition(isWorking, "no maintenance work is out")
    isWorking = false
    noteChange()
    switch (outcome.work, outcome.result) {
    case (.seal(let work), .success(let file)):
      blockFiles.append(file)
      nextSeal += 1
      frozen = nil
      log.discard(upTo: work.lastSequence, from: storage)
      return file.name
    case (.merge(let work), .success(let file)):
      let first = blockFiles.firstIndex { $0.name == work.parts[0].name }!
      blockFiles.replaceSubrange(first..<first + work.parts.count, with: [file])
      // One that cannot be removed now is superseded, and the next opening removes it.
      for part in work.parts where part.name != file.name { try? storage.remove(part.name) }
      return file.name
    case (.seal, .failure(let error)):
      head.takeBack(frozen!)
      frozen = nil
      throw error
    case (.merge, .failure(let error)): throw error
    }
  }

  private func sealWork() -> MaintenanceWork? {
    precondition(!isWorking, "maintenance work is out")
    settle()
    guard head.sampleCount > 0 else { return nil }
    isWorking = true
    log.cut()
    frozen = head
    head = Head()
    noteChange()
    return MaintenanceWork(
      work: .seal(
        SealWork(
          runs: frozen!.runs, names: series.names, seal: nextSeal, lastSequence: log.nextSequence - 1, chunkSamples: limits.chunkSamples)))
  }

  /// Merges the files of `run` into one; nil for none or for a single one that is merged already.
  private func mergeWork(_ run: Range<Int>?) -> MaintenanceWork? {
    precondition(!isWorking, "maintenance work is out")
    guard let run, !run.isEmpty, run.count > 1 else { return nil }
    isWorking = true
    return MaintenanceWork(work: .merge(MergeWork(parts: Array(blockFiles[run]), names: series.names, limits: limits)))
  }

  /// Writes one file anew without the chunks that end before their series' cutoff; that of a series' last sample stays.
  func rewrite(_ file: BlockFile, _ cutoffs: [UInt32: Int64]) throws(HistorianError) {
    if isWorking { throw .headFull(bytes: headBytes, limit: limits.headBytes) }
    isWorking = true
    let held = Dictionary(uniqueKeysWithValues: cutoffs.map { ($0, min($1, latest[$0]?.instant.nanoseconds ?? $1)) })
    let work = MaintenanceWork(work: .merge(MergeWork(parts: [file], names: series.names, limits: limits, cutoffs: held)))
    try finishMaintenance(work.run(on: storage))
  }

  /// The newest run of `mergeCount` neighbouring files of one tier.
  ///
  /// A file's tier is how often it was merged. Only neighbours are merged, so that the order of writing, which decides
  /// between samples of one instant, is kept.
  private func mergeableRun() -> Range<Int>? {
    let count = limits.mergeCount
    guard blockFiles.count >= count else { return nil }
    for start in stride(from: blockFiles.count - count, through: 0, by: -1) {
      let run = start..<start + count
      let parts = blockFiles[run]
      let areNeighbours = zip(parts, parts.dropFirst()).allSatisfy { $0.lastSeal + 1 == $1.firstSeal }
      let areAlike = parts.allSatisfy { $0.lastSeal - $0.firstSeal == parts[start].lastSeal - parts[start].firstSeal }
      if areNeighbours, areAlike, parts.reduce(0, { $0 + $1.byteCount }) <= limits.mergeBytes { return run }
    }
    return nil
  }
}
