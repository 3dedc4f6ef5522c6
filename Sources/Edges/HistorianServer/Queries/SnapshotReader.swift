internal import Historian
internal import PromQL
internal import Quantities
internal import Telemetry

/// A snapshot of the historian as PromQL reads it: numbers of at least uncertain quality, and the marks of a series' end.
struct SnapshotReader: SeriesReader {
  let snapshot: HistorianSnapshot
  let index: SeriesIndex

  func series(matching matchers: [LabelMatcher]) throws(PromQLError) -> [FoundSeries] { try index.series(matching: matchers, in: snapshot) }

  func points(of series: FoundSeries, after: Int64, through: Int64) throws(PromQLError) -> Points {
    guard after < through else { return Points() }
    let (end, overflow) = through.addingReportingOverflow(1)
    do throws(HistorianError) {
      let (instants, values) = try snapshot.numbers(
        of: SeriesID(index: UInt32(series.number)), in: Instant(nanoseconds: after + 1)..<(overflow ? .distantFuture : Instant(nanoseconds: end)),
        atLeast: .uncertain, or: Staleness.isMarker)
      return Points(instants: instants, values: values)
    } catch { throw .storage("\(error)") }
  }

  func lastPoint(of series: FoundSeries, after: Int64, through: Int64) throws(PromQLError) -> (instant: Int64, value: Double)? {
    if let last = snapshot.last(of: SeriesID(index: UInt32(series.number))) {
      // Most often the newest of all is what is asked for.
      if last.instant.nanoseconds <= after { return nil }
      if last.instant.nanoseconds <= through, let number = last.value.number, last.quality >= .uncertain || Staleness.isMarker(number) {
        return (last.instant.nanoseconds, number)
      }
    }
    let points = try points(of: series, after: after, through: through)
    return points.count > 0 ? (points.instants[points.count - 1], points.values[points.count - 1]) : nil
  }

  func windows(of series: FoundSeries, after: Int64, length: Int64, count: Int) throws(PromQLError) -> WindowSums? {
    // The historian's windows are closed at their beginning, PromQL's at their end: whole nanoseconds make one the other.
    let (span, overflow) = length.multipliedReportingOverflow(by: Int64(count))
    let (end, beyond) = (after &+ 1).addingReportingOverflow(span)
    guard !overflow, !beyond, count <= Historian.windowLimit else { return nil }
    do throws(HistorianError) {
      let found = try snapshot.windows(
        of: snapshot.tag(of: SeriesID(index: UInt32(series.number))), over: Instant(nanoseconds: after + 1)..<Instant(nanoseconds: end),
        length: Duration(nanoseconds: length))
      return WindowSums(counts: found.counts, sums: found.sums, minima: found.minima, maxima: found.maxima)
    } catch { throw .storage("\(error)") }
  }
}
