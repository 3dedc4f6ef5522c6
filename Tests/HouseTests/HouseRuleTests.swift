import Foundation
import Testing

/// A piece of taste that is checked: what must not stand in the code, where, and what to write instead.
struct HouseRule: CustomTestStringConvertible, Sendable {
  let name: String
  let pattern: String
  let floors: [String]
  /// Files that may, with the reason in their own comments.
  var except: [String] = []
  let instead: String
  var testDescription: String { name }

  static let belowEdges = ["Foundations", "Engines", "Records", "Authority", "Runtime"]
  static let all = belowEdges + ["Edges", "Programs"]

  static let rules = [
    HouseRule(
      name: "no clock below the edges", pattern: #"\bDate\(\)|\.now\b(?!\()|\bContinuousClock\b|\bSuspendingClock\b|clock_gettime|DispatchTime|gettimeofday"#,
      floors: belowEdges, instead: "receive the instant as an argument"),
    HouseRule(
      name: "no unseeded randomness below the edges", pattern: #"\.random\(|SystemRandomNumberGenerator|arc4random|drand48|\brand\(\)|UUID\(\)"#,
      floors: belowEdges, instead: "draw from a RandomStream that was passed in"),
    HouseRule(
      name: "no concurrency below the edges",
      pattern: #"\basync\b|\bawait\b|\bTask\s*[{.(]|\bactor\s|\bThread\b|DispatchQueue|\bNSLock\b|\bMutex<|withTaskGroup"#, floors: belowEdges,
      instead: "return an effect; a shell on the edge performs it"),
    HouseRule(
      name: "no files, sockets or processes below the edges",
      pattern: #"FileManager|FileHandle|\bfopen\(|\bopen\(|\bsocket\(|Process\(\)|URLSession|contentsOf(File)?:|\.write\(to"#, floors: belowEdges,
      instead: "go through Storage, or return an effect"),
    HouseRule(
      name: "no testable imports in sources", pattern: #"@testable"#, floors: all, instead: "make the API public, or test through what is"),
    HouseRule(
      name: "no unchecked Sendable outside the C wrappers", pattern: #"@unchecked Sendable"#, floors: all,
      except: ["Sources/Edges/MQTT/", "Sources/Edges/Disk/"], instead: "use a value, an actor, or a Mutex"),
    HouseRule(
      name: "no crash on errors", pattern: #"\btry!|\bas!|fatalError\("#, floors: all,
      instead: "throw a typed error, or `precondition` for a broken invariant"),
    HouseRule(
      name: "no postponed work", pattern: #"\bTODO\b|\bFIXME\b|\bXXX\b"#, floors: all, instead: "do it, or open an issue"),
    HouseRule(
      name: "no sleeping", pattern: #"Thread\.sleep|\busleep\(|(?<![\w.])sleep\("#, floors: all, instead: "wait for what must happen, with a deadline"),
  ]
}

@Test(arguments: HouseRule.rules)
func theHouseKeepsItsTaste(rule: HouseRule) throws {
  let pattern = try NSRegularExpression(pattern: rule.pattern)
  let files = Repository.swiftFiles("Sources").filter { file in
    rule.floors.contains(file.floor) && !rule.except.contains { file.path.hasPrefix($0) }
  }
  #expect(!files.isEmpty, "no sources found: the test looks in the wrong place")
  for file in files {
    for (index, line) in file.code.enumerated()
    where pattern.firstMatch(in: line, range: NSRange(line.startIndex..., in: line)) != nil {
      Issue.record("\(file.path):\(index + 1): \(rule.name); \(rule.instead)\n  \(file.lines[index].trimmingCharacters(in: .whitespaces))")
    }
  }
}

/// Only these may see permits and the gateway: everything else must not even import Governance.
@Test func onlyTheRuntimeAndTheActuatorsImportGovernance() {
  let allowed = ["Sources/Authority/Governance/", "Sources/Runtime/Supervision/", "Sources/Edges/Actuation/", "Sources/Edges/Rehearsal/", "Sources/Programs/takt/"]
  for file in Repository.swiftFiles("Sources") where !allowed.contains(where: { file.path.hasPrefix($0) }) {
    #expect(!file.code.contains { $0.contains("import Governance") }, "\(file.path) imports Governance")
  }
}

/// The reference plant must not share a line of code with the twin, or it would prove nothing.
@Test func theReferencePlantSharesNoCodeWithTheTwin() {
  let banned = ["Simulation", "Determinism", "Probability", "LineModel", "Twin", "PlantModel", "Estimation"]
  for folder in ["Sources/Engines/ReferencePlants", "Sources/Programs/takt-plant"] {
    for file in Repository.swiftFiles(folder) {
      for module in banned { #expect(!file.code.contains { $0.hasSuffix("import \(module)") }, "\(file.path) imports \(module)") }
    }
  }
}

/// A file is about one subject: past 450 lines an aspect wants a file of its own.
@Test func filesStaySmall() {
  for file in Repository.swiftFiles("Sources") { #expect(file.lines.count <= 450, "\(file.path) has \(file.lines.count) lines") }
}

/// Nothing that ships depends on one machine's paths.
@Test func noPathOfOneMachineStandsInTheSources() {
  for file in Repository.swiftFiles("Sources") + Repository.swiftFiles("Tests") where !file.path.hasSuffix("HouseRuleTests.swift") {
    for line in file.lines { #expect(!line.contains("/work/"), "\(file.path): \(line)") }
  }
}
