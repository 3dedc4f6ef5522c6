public import ArgumentParser
import Foundation
import Quantities
public import ReferencePlants

/// What makes a run: its luck, its story, its beginning.
struct RunOptions: ParsableArguments {
  @Option(help: "One seed gives one history of the plant.")
  var seed: UInt64 = 1

  @Option(help: "What happens: none, story (the Filler wears), drift (the glue's optimum moves), sensor (one freezes).")
  var scenario: Scenario = .story

  @Option(name: .customLong("fault-at-h"), help: "When it happens, in plant hours.")
  var faultAtHours: Double = 3

  @Option(help: "Stop after so many plant hours (offline default: 168; live: never).")
  var hours: Double?

  @Option(help: ArgumentHelp("Plant time at the beginning, ISO 8601 (default: now; offline 2026-01-05T06:00:00Z).", valueName: "instant"))
  var start: String?

  @Option(name: .customLong("set"), help: ArgumentHelp("Initial set-point, e.g. Filler/MachSpeed=26. Repeatable.", valueName: "tag=value"))
  var setpoints: [String] = []

  @Option(name: .customLong("truth-log"), help: ArgumentHelp("Write the hidden truth here, for acceptance tests only.", valueName: "file"))
  var truthLog: String?

  func check() throws {
    _ = try initialSetpoints()
    if let hours, !(hours > 0) { throw ValidationError("--hours must be above 0.") }
    guard faultAtHours >= 0 else { throw ValidationError("--fault-at-h must not be negative.") }
    if let start, Self.instant(start) == nil { throw ValidationError("--start \(start) is no ISO 8601 instant such as 2026-01-05T06:00:00Z.") }
  }

  func initialSetpoints() throws -> [String: Double] {
    let known = ReferencePlant(seed: 0, isObserved: false).setpoints
    var values: [String: Double] = [:]
    for text in setpoints {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let value = Double(parts[1]), value.isFinite else {
        throw ValidationError("--set \(text) is not of the form TAG=VALUE, e.g. Filler/MachSpeed=26.")
      }
      guard known[parts[0]] != nil else {
        throw ValidationError("--set \(text): no such set-point. There are \(known.keys.sorted().joined(separator: ", ")).")
      }
      values[parts[0]] = value
    }
    return values
  }

  /// The plant at its second 0; `fallback` is its start where none was given.
  func plant(startingAt fallback: Instant) throws -> ReferencePlant {
    ReferencePlant(
      seed: seed, start: start.flatMap(Self.instant) ?? fallback, timeline: scenario.timeline(faultAtHours: faultAtHours),
      setpoints: try initialSetpoints())
  }

  static func instant(_ text: String) -> Instant? {
    let style = text.contains(".") ? Date.ISO8601FormatStyle(includingFractionalSeconds: true) : .iso8601
    return (try? style.parse(text)).map { Instant(seconds: $0.timeIntervalSince1970) }
  }
}

extension Scenario: ExpressibleByArgument {}

struct LiveOptions: ParsableArguments {
  @Option(help: "Plant seconds in one second of the wall clock.")
  var speed: Double = 60

  @Option(name: .customLong("publish-ms"), help: "Wall milliseconds between data messages of one device.")
  var publishMs: Double = 250

  @Option(name: .customLong("primary-host"), help: ArgumentHelp("Be born only while this Sparkplug host application is online.", valueName: "id"))
  var primaryHost: String?

  @Flag(name: .customLong("wait-for-birth"), help: "Let plant time begin with the first birth, so that nothing happens unseen.")
  var waitForBirth = false
}

struct ScoreOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Keep the best set-points in this file, and use them again where they fit.", valueName: "file"))
  var best: String?

  @Option(name: .customLong("from-h"), help: "Leave out the first hours.")
  var fromHours: Int = 0
}

/// `HOST:PORT`.
struct BrokerAddress {
  var host: String
  var port: Int

  init(_ text: String) throws {
    guard let colon = text.lastIndex(of: ":"), colon > text.startIndex, let port = Int(text[text.index(after: colon)...]), (1...65535).contains(port)
    else { throw ValidationError("--mqtt \(text) is not of the form HOST:PORT, e.g. 127.0.0.1:1883.") }
    (host, self.port) = (String(text[..<colon]), port)
  }
}
