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
    if head.byteCount >= limits.sealBytes || head.age >= limits.sealAge { done.sealed = try seal() }
    done.merged = try mergeOnce()
    return done
  }

  /// Commits, writes the whole head into a block file, and then lets the log go. Returns the file's name; nil if the head is empty.
  ///
  /// - Throws: `storage`; the head and the log stay as they were.
  @discardableResult
  public func seal() throws(HistorianError) -> String? {
    let sequence = try commit()
    guard head.sampleCount > 0 else { return nil }
    let file = try BlockFile.write(
      seals: nextSeal...nextSeal, lastSequence: sequence, tags: head.tags, chunkSamples: limits.chunkSamples, to: storage
    ) { tag throws(HistorianError) in
      head.column(of: tag)!.ascending()
    }
    blockFiles.append(file)
    nextSeal += 1
    head = Head()
    log.discard(from: storage)
    return file.name
  }

  /// Merges the newest run of `mergeCount` neighbouring files of one tier into one; nil if there is none.
  ///
  /// A file's tier is how often it was merged. Only neighbours are merged, so that the order of writing, which decides
  /// between samples of one instant, is kept.
  private func mergeOnce() throws(HistorianError) -> String? {
    guard let run = mergeableRun() else { return nil }
    let parts = Array(blockFiles[run])
    let tags = Set(parts.flatMap(\.tags.keys)).sorted()
    let merged = try BlockFile.write(
      seals: parts[0].firstSeal...parts[parts.count - 1].lastSeal, lastSequence: parts[parts.count - 1].lastSequence, tags: tags,
      chunkSamples: limits.chunkSamples, to: storage
    ) { tag throws(HistorianError) in
      var column = SampleColumn()
      for part in parts {
        for chunk in part.tags[tag]?.chunks ?? [] {
          let samples = try part.column(of: chunk)
          column.append(samples, at: samples.indices)
        }
      }
      return column.ascending()
    }
    blockFiles.replaceSubrange(run, with: [merged])
    // One that cannot be removed now is superseded, and the next opening removes it.
    for part in parts { try? storage.remove(part.name) }
    return merged.name
  }

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
