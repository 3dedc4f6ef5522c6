/// What a station of a max-plus run did, summed over parts.
struct StageSums: BitwiseCopyable {
  var working = 0.0
  var starved = 0.0
  var blocked = 0.0
  var failed = 0.0
  var microstopped = 0.0
  /// Seconds in the buffer before the station, over all parts: the area under its level.
  var waits = 0.0
  var waited = 0
  /// Spells of activity begun.
  var starts = 0
  /// Stops begun; and ended.
  var stops = 0
  var stopsEnded = 0
  var taken = 0
  var produced = 0
  /// `waits` of the parts that have been taken.
  var waitsOfTaken = 0.0

  static func - (a: StageSums, b: StageSums) -> StageSums {
    var d = StageSums()
    (d.working, d.starved, d.blocked) = (a.working - b.working, a.starved - b.starved, a.blocked - b.blocked)
    (d.failed, d.microstopped, d.waits) = (a.failed - b.failed, a.microstopped - b.microstopped, a.waits - b.waits)
    (d.waited, d.starts, d.stops, d.stopsEnded) = (a.waited - b.waited, a.starts - b.starts, a.stops - b.stops, a.stopsEnded - b.stopsEnded)
    (d.taken, d.produced, d.waitsOfTaken) = (a.taken - b.taken, a.produced - b.produced, a.waitsOfTaken - b.waitsOfTaken)
    return d
  }
}
