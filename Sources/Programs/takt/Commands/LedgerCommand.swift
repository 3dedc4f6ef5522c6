import ArgumentParser
import Disk
import Foundation
import Governance
import Ledger
import Quantities

/// The ledger of a plant's data folder, read beside a running takt.
struct LedgerFile: ParsableArguments {
  @Option(name: .customLong("plant"), help: "The plant folder.") var directory = "."
  @Option(help: "The data folder of takt up, where it is not PLANT/.takt.") var data: String?

  /// The data folder.
  var place: String { data ?? PlantDirectory(directory).dataPath }

  func reader() throws -> SQLiteLedgerReader { try Self.reader(of: place) }

  /// The ledger of a data folder.
  static func reader(of data: String) throws -> SQLiteLedgerReader {
    let path = "\(data)/ledger.sqlite"
    guard FileManager.default.fileExists(atPath: path) else { throw CommandFailure("there is no ledger at \(path)") }
    do { return try SQLiteLedgerReader(path: path) } catch { throw CommandFailure("\(path): \(error)") }
  }
}

struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "Show, verify and prove the record of every decision.",
    subcommands: [Show.self, Verify.self, Prove.self], defaultSubcommand: Show.self)

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print facts, oldest first.", discussion: "Example: takt ledger show --plant examples/bottling --last 50 --change brisk-otter-17")
    @OptionGroup var ledger: LedgerFile
    @Option(help: "How many of the newest.") var last = 30
    @Option(help: "Only facts of this kind.") var kind: String?
    @Option(help: "Only facts of this change.") var change: String?
    @Flag(help: "Print one JSON object a line, as recorded.") var json = false

    func run() throws {
      try orExplain {
        let reader = try ledger.reader()
        let entries = try reader.read(0..<reader.count()).filter { entry in
          (kind == nil || entry.kind == kind)
            && (change == nil || (try? Fact(decoding: entry.payload))?.change?.name == change)
        }
        for entry in entries.suffix(last) {
          if json {
            print(String(decoding: entry.payload, as: UTF8.self))
          } else {
            let summary = (try? Fact(decoding: entry.payload))?.summary ?? "?"
            print(
              "\(entry.sequence + 1)\t\(entry.instant.iso8601)  \(entry.kind)\t\((try? Fact(decoding: entry.payload))?.change?.name ?? "")\t\(summary)"
            )
          }
        }
      }
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Recompute the whole chain.", discussion: "Example: takt ledger verify --plant examples/bottling\nExit code 1 where it is broken.")
    @OptionGroup var ledger: LedgerFile

    func run() throws {
      try orExplain {
        let bar = ProgressBar("verifying ")
        switch try verifyLedger(try ledger.reader(), progress: { bar.show(Int($0), of: Int($1)) }) {
        case .intact(let checkpoint): print("intact: \(checkpoint.count) facts, head \(checkpoint.head)")
        case .broken(let sequence, let how): throw CommandFailure("broken at fact \(sequence + 1): \(how)")
        }
      }
    }
  }

  struct Prove: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the inclusion proof of one fact (RFC 6962).", discussion: "Example: takt ledger prove 42 --plant examples/bottling")
    @Argument(help: "The fact's number, from 1.") var number: UInt64
    @OptionGroup var ledger: LedgerFile

    private struct Answer: Encodable {
      var fact: UInt64
      var count: UInt64
      var entryHash: String
      var root: String
      var path: [String]
    }

    func run() throws {
      try orExplain {
        let reader = try ledger.reader()
        let tree = try LedgerTree(of: reader)
        guard number >= 1, number <= tree.count, let entry = try reader.read(number - 1..<number).first else {
          throw CommandFailure("there is no fact \(number); the ledger holds \(tree.count)")
        }
        let proof = try tree.prove(number - 1)
        guard proof.verifies(entryHash: entry.hash, root: tree.root) else { throw CommandFailure("the proof does not verify: the ledger is damaged") }
        try JSONOutput.print(
          Answer(fact: number, count: tree.count, entryHash: "\(entry.hash)", root: "\(tree.root)", path: proof.path.map { "\($0)" }))
      }
    }
  }
}

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Fold the ledger from the first fact on, and print the state's hash.",
    discussion: "The same hash as the running plant's, or as any copy of this ledger.\nExample: takt replay --plant examples/bottling")
  @OptionGroup var ledger: LedgerFile
  @Option(help: "Stop after this many facts.") var until: UInt64?
  @Flag(help: "Print the whole state as JSON.") var json = false

  func run() throws {
    try orExplain {
      let reader = try ledger.reader()
      var state = GovernorState()
      for entry in try reader.read(0..<min(until ?? .max, try reader.count())) { state.apply(try Fact(decoding: entry.payload)) }
      if json { return try JSONOutput.print(state) }
      print("\(state.factCount) facts, state \(state.hash)")
      print("mode \(state.mode), \(state.changes.count) changes, open: \(state.openChange?.id.name ?? "none")")
      for (tag, value) in state.lastKnownGood.sorted(by: { $0.key < $1.key }) { print("last known good  \(tag)  \(fixed(value, 3))") }
    }
  }
}
