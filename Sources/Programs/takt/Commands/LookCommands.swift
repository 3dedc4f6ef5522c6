import ArgumentParser
import Console
import Foundation
import Quantities

struct PsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ps", abstract: "The loops of a running plant: process, authority, deadlines, track record.",
    discussion: "Example: takt ps --plant examples/bottling")
  @OptionGroup var plant: RunningPlant
  @Flag(help: "Print JSON.") var json = false

  func run() async throws {
    try await orExplain {
      let client = try plant.client()
      if json { return print(try await client.getText("loops")) }
      Self.table(try await client.get("loops")).print()
    }
  }

  static func table(_ loops: [LoopView]) -> TextTable {
    TextTable(
      header: [
        "LOOP", "PID", "STATUS", "AUTHORITY", "CADENCE", "MISSED", "RESTARTS", "CPU %", "MEMORY", "CLAIMS KEPT", "CERTIFICATE", "LAST ANSWER",
      ],
      rows: loops.map { loop in
        [
          loop.name, loop.pid.map(String.init) ?? "—", loop.status.rawValue, loop.authority.rawValue, "\(fixed(loop.cadence.minutes, 0)) min",
          "\(loop.deadlineMisses)", "\(loop.restarts)", fixed(loop.cpu.map { 100 * $0 }), loop.memory.map { "\($0 / 1_048_576) MB" } ?? "—",
          "\(loop.record.hits)/\(loop.record.total)", loop.certificate.map(certificate) ?? "—", loop.lastAnswer ?? "—",
        ]
      })
  }
}

extension PsCommand {
  /// `0.12 of the bound, until 14:05`, or why there is none.
  fileprivate static func certificate(_ view: CertificateView) -> String {
    guard view.isLive, let expires = view.expires else { return "none, so in shadow: \(view.reason ?? "not known")" }
    return "\(fixed(view.share, 2)) of the bound, until \(expires.iso8601)"
  }
}

struct TopCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top", abstract: "The running plant on one screen, refreshed until interrupted.",
    discussion: "Example: takt top --plant examples/bottling")
  @OptionGroup var plant: RunningPlant
  @Flag(help: "Print one screen and end.") var once = false
  @Flag(help: "Print the whole snapshot as JSON and end.") var json = false

  func run() async throws {
    try await orExplain {
      let client = try plant.client()
      if json { return print(try await client.getText("snapshot")) }
      repeat {
        let snapshot = try await client.get("snapshot", as: ConsoleSnapshot.self)
        if !once && Style.isTerminal { print("\u{1B}[2J\u{1B}[H", terminator: "") }
        Self.lines(snapshot).forEach { print($0) }
        if !once { try await Task.sleep(for: .seconds(1)) }
      } while !once
    }
  }

  static func lines(_ s: ConsoleSnapshot) -> [String] {
    let twin = s.twin
    var lines = [
      "\(s.plant)  \(s.plantTime.iso8601)  \(fixed(s.speed, 0))x  \(s.mode.kind.rawValue)\(s.mode.by.map { " by \($0)" } ?? "")",
      "twin \(twin.valid.map { $0 ? "valid" : "NOT VALID" } ?? "not calibrated") (\(fixed(twin.score, 2)))  \(twin.reason)",
      "good \(fixed(s.line.kpis.goodPerHour, 0)) /h  scrap \(fixed(s.line.kpis.scrapShare.map { 100 * $0 })) %  in progress \(fixed(s.line.kpis.workInProgress, 0))",
      "",
    ]
    lines += TextTable(
      header: ["STATION", "STATE", "SPEED SET", "RATE", "GOOD", "REJECTED", "REJECT %"],
      rows: s.line.stations.map { station in
        [
          station.name, station.state ?? "—", fixed(station.speedSet), fixed(station.speedActual), station.good.map(String.init) ?? "—",
          station.rejected.map(String.init) ?? "—", fixed(station.rejectShare.map { 100 * $0 }, 2),
        ]
      }
    ).lines()
    lines += [""] + PsCommand.table(s.loops).lines() + [""] + ProposalsCommand.table(Array(s.changes.prefix(8))).lines()
    return lines
  }
}

struct LogsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "What a loop said and what happened to it.", discussion: "Example: takt logs setpoints")
  @OptionGroup var plant: RunningPlant
  @Argument(help: "The loop.") var loop: String
  @Flag(help: "Print JSON.") var json = false

  func run() async throws {
    try await orExplain {
      let client = try plant.client()
      if json { return print(try await client.getText("loops/\(loop)/log")) }
      for line in try await client.get("loops/\(loop)/log", as: [LogLineView].self) { print("\(line.instant.iso8601)  \(line.text)") }
    }
  }
}

struct ProposalsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proposals", abstract: "The changes: what moves, the claim, the stage, the realised gain.",
    discussion: "Example: takt proposals --plant examples/bottling")
  @OptionGroup var plant: RunningPlant
  @Flag(help: "Print JSON.") var json = false

  func run() async throws {
    try await orExplain {
      let client = try plant.client()
      if json { return print(try await client.getText("changes")) }
      let changes = try await client.get("changes", as: [ChangeView].self)
      if changes.isEmpty { return print("no change has been proposed yet") }
      Self.table(changes).print()
    }
  }

  static func table(_ changes: [ChangeView]) -> TextTable {
    func interval(_ i: IntervalView) -> String { "\(fixed(i.mean)) (\(fixed(i.low)) … \(fixed(i.high)))" }
    return TextTable(
      header: ["CHANGE", "BY", "STATE", "CLAIM", "REALISED", "MOVES", "WHY"],
      rows: changes.map { change in
        [
          change.id, change.proposer ?? change.loop, change.state.rawValue,
          change.mayLose.map { "no harm (\(fixed(100 * $0)) %)" } ?? "\(interval(change.claim)) \(change.claimUnit)",
          change.realised.map(interval) ?? "—",
          change.moves.map { "\($0.tag) \(fixed($0.from, 2)) → \(fixed($0.to, 2))" }.joined(separator: ", "),
          [change.pair?.sentence, change.evidence?.sentence, change.reason].compactMap { $0 }.joined(separator: "; "),
        ]
      })
  }
}
