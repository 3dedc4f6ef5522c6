import Console
import Governance
import Historian
import Ledger
import PlantModel
import Quantities
import Supervision
import Telemetry
import Twin

extension PlantCore {
  /// Everything that people see, now.
  func snapshot(acquisition: [CounterView], speed: Double?) -> ConsoleSnapshot {
    let at = now
    return ConsoleSnapshot(
      kernel,
      ShellFacts(
        now: at, speed: speed, ledger: LedgerView(count: Int(ledger.count), head: ledger.count > 0 ? "\(ledger.head)" : nil, tail: tail(20)),
        data: DataView(tags: tagHealth(at: at), counters: acquisition + ownCounters), usage: usage.measure(kernel.loops.compactMap(\.pid)),
        modeSince: modeSince, actual: actualGood.actual, properties: properties))
  }

  private var ownCounters: [CounterView] {
    [
      CounterView(name: "samples taken", count: ingest.samples),
      CounterView(name: "samples not yet on disk", count: ingest.notDurable, isFault: true),
      CounterView(name: "facts not yet on disk", count: unrecordedCount, isFault: true),
      CounterView(name: "samples too late for the twin", count: kernel.twin.lateSamples),
      CounterView(name: "samples not good", count: kernel.twin.badSamples),
    ]
  }

  /// The newest facts, oldest first.
  private func tail(_ count: UInt64) -> [FactView] {
    let end = ledger.count
    return ((try? ledgerReader.read(end - min(count, end)..<end)) ?? []).map(FactView.init)
  }

  private func tagHealth(at now: Instant) -> [TagHealthView] {
    let known = Dictionary(kernel.folder.plant.tags.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    let statistics = health.statistics(of: historian, at: now)
    return Set(historian.tags).union(known.keys).sorted().map { path in
      let sample = historian.last(of: path)
      let figures = statistics[path]
      let isSilent = sample.map { last in known[path].map { now - last.instant > $0.staleAfter } ?? false } ?? false
      return TagHealthView(
        tag: path, unit: known[path]?.unit ?? "1", perMinute: figures.map { $0.rate * 60 }, value: sample?.value.shown,
        quality: sample.map { isSilent && $0.quality == .good ? .stale : QualityView($0.quality) } ?? .stale, lastAt: sample?.instant,
        lateness: sample?.lateness,
        reason: sample == nil ? "never seen" : known[path] == nil ? "not in plant.yaml" : isSilent ? "silent for longer than its limit" : nil)
    }
  }

  /// What the table of tags is made from, away from here.
  func tagSource() -> TagSource {
    TagSource(
      snapshot: historian.snapshot(), now: now,
      units: Dictionary(kernel.folder.plant.tags.map { ($0.path, $0.unit) }, uniquingKeysWith: { first, _ in first }))
  }

  func history(_ query: HistoryQuery) -> HistoryAnswer {
    guard let last = historian.last(of: query.tag) else { return .unknownTag }
    let to = query.to ?? last.instant + .nanoseconds(1)
    let from = query.from ?? to - .hours(1)
    guard from < to else { return .failed(reason: "from must lie before to") }
    do {
      let column = try historian.samples(of: query.tag, in: from..<to)
      let kept = thin(Array(column), to: query.maxPoints)
      return .series(
        HistorySeries(
          tag: query.tag, unit: kernel.folder.plant.tag(query.tag)?.unit ?? "1", instants: kept.map(\.instant),
          values: kept.map { $0.quality > .bad ? $0.value.number : nil }, qualities: kept.map { QualityView($0.quality) },
          thinned: kept.count < column.count))
    } catch { return .failed(reason: "\(error)") }
  }

  /// At most `count` samples in which extremes survive: the least and the greatest of each of `count / 2` equal parts.
  private func thin(_ samples: [Sample], to count: Int) -> [Sample] {
    guard samples.count > count, count >= 2 else { return samples }
    let parts = count / 2
    return (0..<parts).flatMap { part in
      let slice = samples[part * samples.count / parts..<(part + 1) * samples.count / parts]
      let ordered = slice.indices.sorted { (slice[$0].value.number ?? 0) < (slice[$1].value.number ?? 0) }
      guard let low = ordered.first, let high = ordered.last else { return [Sample]() }
      return low == high ? [slice[low]] : [slice[min(low, high)], slice[max(low, high)]]
    }
  }

  func facts(_ query: LedgerQuery) -> [FactView] {
    let end = ledger.count
    let start = query.from.map { UInt64(max(0, $0 - 1)) } ?? (query.kind == nil && query.change == nil ? end - min(end, UInt64(query.count)) : 0)
    guard start < end else { return [] }
    let found = ((try? ledgerReader.read(start..<end)) ?? []).map(FactView.init).filter {
      (query.kind == nil || $0.kind == query.kind) && (query.change == nil || $0.change == query.change)
    }
    return query.from == nil ? Array(found.suffix(query.count)) : Array(found.prefix(query.count))
  }

  func verify() -> Console.LedgerVerification {
    do {
      switch try verifyLedger(ledgerReader) {
      case .intact(let checkpoint):
        return Console.LedgerVerification(intact: true, count: Int(checkpoint.count), brokenAt: nil, head: "\(checkpoint.head)")
      case .broken(let sequence, _):
        return Console.LedgerVerification(intact: false, count: Int(ledger.count), brokenAt: Int(sequence) + 1, head: nil)
      }
    } catch { return Console.LedgerVerification(intact: false, count: Int(ledger.count), brokenAt: nil, head: nil) }
  }

  func log(of loop: String) -> [LogLineView]? {
    kernel.loops.first { $0.loop.name == loop }?.log.map { LogLineView(instant: $0.at, text: $0.text) }
  }
}
