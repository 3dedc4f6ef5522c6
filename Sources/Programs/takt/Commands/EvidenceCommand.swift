import ArgumentParser
import Attestation
import Crypto
import Disk
import Foundation
import Governance
import Ledger

struct EvidenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evidence", abstract: "Write all that is known of a change as a signed bundle, or check one.",
    subcommands: [Write.self, Verify.self, Key.self], defaultSubcommand: Write.self)

  struct Write: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put a change's facts, inputs, proofs and signatures into a folder that a stranger can check and run again.",
      discussion: """
        Example: takt evidence brisk-otter-17 --plant examples/bottling --key maria.key --key ben.key
        Without --key the data folder's own key signs (evidence.key, made at the first use).
        """)
    @Argument(help: "The change.") var change: String
    @OptionGroup var ledger: LedgerFile
    @Option(help: "The folder to write; by default evidence-CHANGE.") var out: String?
    @Option(help: "A key that signs, 64 hexadecimal digits in a file; may be given several times.") var key: [String] = []

    func run() throws {
      try orExplain {
        let reader = try ledger.reader()
        let entries = try reader.read(0..<reader.count())
        let keys = key.isEmpty ? [try SigningKey.kept(in: "\(ledger.place)/evidence.key")] : try key.map(SigningKey.read)
        let bundle: EvidenceBundle
        do {
          bundle = try EvidenceBundle(
            of: ChangeID(change), ledger: entries, plantFiles: try PlantDirectory(ledger.directory).files(),
            inputs: BundleFolder.inputs(of: ledger.place), takt: Takt.configuration.version, keys: keys)
        } catch AttestationError.noSuchChange(let name) { throw CommandFailure("there is no change \(name) in the ledger") }
        let place = out ?? "evidence-\(change)"
        try BundleFolder.write(bundle, to: place)
        print("\(place): \(bundle.files.count) files, signed by \(keys.count)")
        print("check it with: takt evidence verify \(place)")
      }
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check every hash and signature of a bundle, and run again what can be run from it alone.",
      discussion: """
        Example: takt evidence verify evidence-brisk-otter-17 --trust maria.pub --trust ben.pub --threshold 2
        Exit code 1 where anything does not hold. Without --trust the bundle's own keys are used: that shows that it is whole, not whose it is.
        """)
    @Argument(help: "The bundle's folder.") var bundle: String
    @Option(help: "A public key that counts, 64 hexadecimal digits in a file; may be given several times.") var trust: [String] = []
    @Option(help: "How many of the trusted keys must have signed.") var threshold = 1
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      try orExplain {
        let keys = try trust.map { path in
          guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw CommandFailure("\(path) cannot be read") }
          do { return try VerifyingKey(hex: text) } catch { throw CommandFailure("\(path): \(error)") }
        }
        let found = BundleVerification(of: try BundleFolder.read(bundle), trusting: keys, threshold: threshold, rerun: ProofRerun.check)
        if json {
          try JSONOutput.print(found.checks)
        } else {
          for check in found.checks { print(line(check)) }
          print(found.holds ? "everything holds" : "it does not hold")
        }
        if !found.holds { throw ExitCode(1) }
      }
    }

    private func line(_ check: BundleCheck) -> String {
      switch check.result {
      case .holds: "\(Style.colour(.green, "holds"))    \(check.name)\n         \(check.found)"
      case .fails: "\(Style.colour(.red, "FAILS"))    \(check.name)\n         said  \(check.said)\n         found \(check.found)"
      case .notInBundle: "\(Style.colour(.yellow, "not here")) \(check.name)\n         said  \(check.said); \(check.found)"
      }
    }
  }

  struct Key: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a key pair: NAME.key signs, NAME.pub is for those who check.", discussion: "Example: takt evidence key maria")
    @Argument(help: "Where: NAME.key and NAME.pub are written.") var name: String

    func run() throws {
      try orExplain {
        let key = VerifyingKey(try SigningKey.make(at: "\(name).key").publicKey)
        try Data("\(key.hex)\n".utf8).write(to: URL(filePath: "\(name).pub"))
        print("\(name).key, \(name).pub: \(key.id)")
      }
    }
  }
}
