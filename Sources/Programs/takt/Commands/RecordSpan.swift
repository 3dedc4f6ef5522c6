import ArgumentParser
import Quantities
import Twin

/// Which part of a record an offline twin follows; the whole of it unless told otherwise.
///
/// With the plant's own record and seed, `--until` the instant of a calibration of `takt up` ends at that same calibration, of the same name.
struct RecordSpan: ParsableArguments {
  @Option(help: "Leave out what is older than this instant, e.g. 2026-05-04T06:00:00Z.") var from: String?
  @Option(help: "Follow up to this instant: the calibration made then is the last.") var until: String?

  /// The instants to take, and when to stop: late samples are waited for as `takt up` waits for them.
  func limits() throws -> (from: Instant, end: Instant?) {
    let from = try from.map(Self.instant) ?? .distantPast
    let end = try until.map(Self.instant).map { $0 + TwinConfiguration().allowedLateness }
    if let end, from >= end { throw CommandFailure("--from must lie before --until") }
    return (from, end)
  }

  private static func instant(_ text: String) throws -> Instant {
    guard let instant = Instant(iso8601: text) else { throw CommandFailure("\(text) is no instant; write 2026-05-04T06:00:00Z") }
    return instant
  }
}
