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
    if let work = mergeWork(mergeableRun()) { done.merged = try finish(work) }
    return done
  }

  /// Commits, writes the whole head into a block file, and then lets the log go. Returns the file's name; nil if the head is empty.
  ///
  /// - Throws: `storage`; the head and the log stay as they were.
  @discardableResult
  public func seal() throws(HistorianError) -> String? {
    try commit()
    guard let work = sealWork() else { return nil }
    return try finish(work)
  }

  /// Does the work at once, and tidies up. What cannot be removed now is removed with the next work.
  private func finish(_ work: MaintenanceWork) throws(HistorianError) -> String? {
    let name = try finishMaintenance(work.run(on: storage))
    if let tidying = removal() { _ = try? finishMaintenance(tidying.run(on: storage)) }
    return name
  }

  /// Seals, and merges all block files into one. Returns its name; nil where nothing is stored.
  ///
  /// - Throws: `storage`, `damaged`; nothing is lost.
  @discardableResult
  public func compact() throws(HistorianError) -> String? {
    try seal()
    guard let work = mergeWork(blockFiles.indices) else { return blockFiles.first?.name }
    return try finish(work)
  }

  /// The work that is due, tidying before sealing before merging; nil where none is, or some is out already. At most one is out at a time.
  ///
  /// `MaintenanceWork.run` takes long and needs no lock around the historian; appends, commits and questions go on meanwhile.
  public func beginMaintenance() -> MaintenanceWork? {
    if isWorking { return nil }
    return removal() ?? (isSealDue ? sealWork() : mergeWork(mergeableRun()))
  }

  private func removal() -> MaintenanceWork? {
    if isWorking || superseded.isEmpty { return nil }
    isWorking = true
    return MaintenanceWork(work: .remove(superseded))
  }

  /// Whether `beginMaintenance` would find the head large or old enough to be sealed.
  public var isSealDue: Bool { head.byteCount >= limits.sealBytes || (head.sampleCount > 0 && head.age >= limits.sealAge) }

  /// Takes in how the work went. Returns the name of the block file that was written, if one was.
  ///
  /// - Throws: what the work met; then all is as before, and the next `beginMaintenance` tries again.
  @discardableResult
  public func finishMaintenance(_ outcome: MaintenanceOutcome) throws(HistorianError) -> String? {
    precondition(isWorking, "no maintenance work is out")
    isWorking = false
    switch outcome.result {
    case .success(let file):
      take(outcome.work, file)
      return file?.name
    case .failure(let error):
      if case .seal = outcome.work {
        head.takeBack(frozen!)
        frozen = nil
        noteChange()
      }
      throw error
    }
  }

  private func take(_ work: MaintenanceWork.Work, _ file: BlockFile?) {
    switch (work, file) {
    case (.seal(let work), let file?):
      blockFiles.append(file)
      nextSeal += 1
      frozen = nil
      superseded += log.discard(upTo: work.lastSequence)
    case (.merge(let work), let file?):
      let first = blockFiles.firstIndex { $0.name == work.parts[0].name }!
      blockFiles.replaceSubrange(first..<first + work.parts.count, with: [file])
      superseded += work.parts.map(\.name).filter { $0 != file.name }
    case (.remove(let names), _): superseded.removeAll { names.contains($0) }
    case (.seal, nil), (.merge, nil): preconditionFailure("sealing and merging write a file")
    }
    noteChange()
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
    _ = try finish(work)
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
