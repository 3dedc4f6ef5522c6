public import Storage

/// Sealing, merging or tidying, cut loose from the historian: it holds all that it needs and may run on any thread.
public struct MaintenanceWork: Sendable {
  let work: Work

  enum Work: Sendable {
    case seal(SealWork)
    case merge(MergeWork)
    /// Files whose samples are durable elsewhere.
    case remove([String])
  }

  /// Writes the block file, or removes what is no longer needed. The storage must allow it beside other calls: `FileStorage` does, `MemoryStorage` only from the same thread.
  public func run(on storage: any Storage) -> MaintenanceOutcome {
    do throws(HistorianError) {
      let file: BlockFile?
      switch work {
      case .seal(let seal): file = try seal.run(on: storage)
      case .merge(let merge): file = try merge.run(on: storage)
      case .remove(let names):
        file = nil
        do throws(StorageError) { for name in names { try storage.remove(name) } } catch { throw .storage(error) }
      }
      return MaintenanceOutcome(work: work, result: .success(file))
    } catch { return MaintenanceOutcome(work: work, result: .failure(error)) }
  }
}

/// How maintenance work went, for `Historian.finishMaintenance`.
public struct MaintenanceOutcome: Sendable {
  let work: MaintenanceWork.Work
  let result: Result<BlockFile?, HistorianError>
}
