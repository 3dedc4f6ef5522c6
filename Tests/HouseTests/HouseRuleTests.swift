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
      // `Date.now`, `clock.now` and the implicit `.now` read a clock; `self.now` and `message.now` are stored instants that came in as arguments.
      name: "no clock below the edges",
      pattern: #"\bDate\(\)|SinceNow\b|(?<![\w\])?!])\.now\b|\b[A-Z]\w*\.now\b|\b\w*[cC]lock\.now\b|"#
        + #"\bContinuousClock\b|\bSuspendingClock\b|clock_gettime|\btime\(nil\)|DispatchTime|gettimeofday|systemUptime|CFAbsoluteTime"#,
      floors: belowEdges, instead: "receive the instant as an argument"),
    HouseRule(
      name: "no unseeded randomness below the edges", pattern: #"\.random\(|SystemRandomNumberGenerator|arc4random|drand48|\brand\(\)|UUID\(\)"#,
      floors: belowEdges, instead: "draw from a RandomStream that was passed in"),
    HouseRule(
      name: "no concurrency below the edges",
      pattern: #"\basync\b|\bawait\b|\bTask\s*[{.(]|\bactor\s|\bThread\b|DispatchQueue|\bNSLock\b|\bMutex[<(]|withTaskGroup"#, floors: belowEdges,
      except: ["Sources/Records/Historian/Queries/Remembered.swift"], instead: "return an effect; a shell on the edge performs it"),
    HouseRule(
      // `append(contentsOf:)`, a method called `open` and what writes to a storage touch no file; an initialiser from contents and the C call
      // with its flags do.
      name: "no files, sockets or processes below the edges",
      pattern: #"FileManager|FileHandle|\bfopen\(|\bopen\([^)]*\bO_[A-Z]+|\bsocket\(|\bProcess\(\)|\bposix_spawn|URLSession|"#
        + #"\b(?:Data|String|NSString|NSData|NSArray|NSDictionary|init)\(contentsOf(?:File)?:|\.write\(to(?!: storage)"#, floors: belowEdges,
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
      name: "no sleeping", pattern: #"Thread\.sleep|\busleep\(|(?<![\w.])sleep\("#, floors: all, instead: "wait for what must happen, with a deadline"
    ),
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

/// A pattern is worth what it catches and what it lets pass: both are tried, so that no rule is loosened or tightened unseen.
@Test(arguments: [
  ("no clock below the edges", "let t = Date()", true), ("no clock below the edges", "let t = Date.now", true),
  ("no clock below the edges", "f(at: .now)", true), ("no clock below the edges", "let t = self.clock.now", true),
  ("no clock below the edges", "Date(timeIntervalSinceNow: 1)", true), ("no clock below the edges", "self.now = now", false),
  ("no clock below the edges", "observation.now - started", false), ("no unseeded randomness below the edges", "Int.random(in: 0..<3)", true),
  ("no unseeded randomness below the edges", "stream.randomIndex(3)", false), ("no concurrency below the edges", "Task { f() }", true),
  ("no concurrency below the edges", "public actor Core {", true), ("no concurrency below the edges", "func f() async {", true),
  ("no concurrency below the edges", "factor = 2", false), ("no files, sockets or processes below the edges", "try Data(contentsOf: url)", true),
  ("no files, sockets or processes below the edges", "String(contentsOfFile: path)", true),
  ("no files, sockets or processes below the edges", "open(path, O_RDONLY)", true),
  ("no files, sockets or processes below the edges", "text.append(contentsOf: line)", false),
  ("no files, sockets or processes below the edges", "open(Int64(t.seconds))", false), ("no crash on errors", "try! f()", true),
  ("no crash on errors", "try? f()", false), ("no sleeping", "sleep(1)", true), ("no sleeping", "Task.sleep(for: .seconds(1))", false),
])
func aRuleCatchesWhatItMeansAndNoMore(name: String, line: String, caught: Bool) throws {
  let rule = try #require(HouseRule.rules.first { $0.name == name })
  let found = try NSRegularExpression(pattern: rule.pattern).firstMatch(in: line, range: NSRange(line.startIndex..., in: line)) != nil
  #expect(found == caught, "\(name): \(line)")
}

/// Only these may see permits and the gateway: everything else must not even import Governance.
@Test func onlyTheRuntimeAndTheActuatorsImportGovernance() {
  let allowed = [
    "Sources/Authority/", "Sources/Runtime/Supervision/", "Sources/Edges/Actuation/", "Sources/Edges/Rehearsal/", "Sources/Programs/takt/",
  ]
  for file in Repository.swiftFiles("Sources") where !allowed.contains(where: { file.path.hasPrefix($0) }) {
    #expect(!file.imports("Governance"), "\(file.path) imports Governance")
  }
}

/// The reference plant must not share a line of code with the twin, or it would prove nothing. What puts it on the wire shares the wire's form alone.
@Test func theReferencePlantSharesNoCodeWithTheTwin() {
  let banned = ["Simulation", "Determinism", "Probability", "LineModel", "Twin", "PlantModel", "Estimation", "Learning", "Optimization"]
  for folder in ["Sources/Engines/ReferencePlants", "Sources/Edges/ReferenceEdge", "Sources/Programs/takt-plant"] {
    let files = Repository.swiftFiles(folder)
    #expect(!files.isEmpty, "no sources found in \(folder)")
    for file in files { for module in banned { #expect(!file.imports(module), "\(file.path) imports \(module)") } }
  }
}

/// Unsafe flags would let a target out of the settings that all targets share; the one that there is makes debug builds of engines fast.
@Test func everyTargetKeepsTheSharedSettings() throws {
  let manifest = try String(contentsOf: Repository.root.appending(path: "Package.swift"), encoding: .utf8)
  #expect(!manifest.replacing(".unsafeFlags([\"-O\"], .when(configuration: .debug))", with: "").contains("unsafeFlags"))
  for setting in ["strictMemorySafety()", "treatAllWarnings(as: .error)", "InternalImportsByDefault", "MemberImportVisibility", "ExistentialAny"] {
    #expect(manifest.contains(setting), "\(setting) is gone from Package.swift")
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
