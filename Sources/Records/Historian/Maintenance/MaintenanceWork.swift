public import Storage

/// Sealing or merging, cut loose from the historian: it holds all that it needs and may run on any thread.
public struct MaintenanceWork: Sendable {
  let work: Work

  enum Work: Sendable {
    case seal(SealWork)
    case merge(MergeWork)
  }

  /// Writes the block file. The storage must allow it beside other calls: `FileStorage` does, `MemoryStorage` only from the same thread.
  public func run(on storage: any Storage) -> MaintenanceOutcome {
    do throws(HistorianError) {
      let file =
        switch work {
        case .seal(let seal): try seal.run(on: storage)
        case .merge(let merge): try merge.run(on: storage)
        }
      return MaintenanceOutcome(work: work, result: .success(file))
    } catch { return MaintenanceOutcome(work: work, result: .failure(error)) }
  }
}

/// How maintenance work went, for `Historian.finishMaintenance`.
public struct MaintenanceOutcome: Sendable {
  let work: MaintenanceWork.Work
  let result: Result<BlockFile, HistorianError>
}
