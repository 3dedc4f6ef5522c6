import Foundation
import Testing

/// What the types of the one door forbid, tried: each fixture is compiled against the built modules and must fail for its own reason.
///
/// The fixtures go through `-emit-sil`, not `-typecheck`: that something is consumed twice is found by a pass that type checking leaves out.
@Suite struct MustNotCompileTests {
  struct Fixture: CustomTestStringConvertible, Sendable {
    var name: String
    /// Part of the diagnostic that must come; nil for a fixture that must compile.
    var diagnostic: String?
    var source: String
    var testDescription: String { name }
  }

  @Test(arguments: fixtures)
  func theCompilerRefusesEveryOtherWayToThePlant(fixture: Fixture) throws {
    guard let modules = Self.modules else {
      print("skipped: module Governance is not built beside these tests")
      return
    }
    let (status, output) = try Self.compile("import Governance\nimport PlantModel\nimport Quantities\n" + fixture.source, modules: modules)
    guard let diagnostic = fixture.diagnostic else {
      #expect(status == 0, "\(fixture.name) must compile: \(output)")
      return
    }
    #expect(status != 0, "\(fixture.name) compiled")
    #expect(output.contains(diagnostic), "\(fixture.name) failed for another reason: \(output)")
  }

  private static let fixtures: [Fixture] = [
    // If this one fails, the others prove nothing.
    Fixture(
      name: "the right way", diagnostic: nil,
      source: """
        struct Machine: Actuator {
          let tags = ["Filler/MachSpeed"]
          func begin(_ permit: consuming WritePermit) { print(permit.tag, permit.value) }
        }
        struct Relay: Actuator {
          let inner: Machine
          var tags: [String] { inner.tags }
          func begin(_ permit: consuming WritePermit) { inner.begin(permit) }
        }
        func life(_ check: EnvelopeCheck, _ intent: WriteIntent, _ now: Instant) {
          let bay = ActuatorBay([Relay(inner: Machine())])
          var gateway = Gateway(taking: bay, check: check, fence: FenceState())
          _ = gateway.unseal(stored: gateway.fence)
          switch gateway.prepare(intent, at: now) {
          case .refused(let refusal): print(refusal.detail)
          case .ready(let prepared): _ = gateway.send(prepared, at: now)
          }
        }
        """),
    Fixture(
      name: "minting a permit elsewhere", diagnostic: "'WritePermit' initializer is inaccessible due to 'internal' protection level",
      source: """
        func forge(_ token: WriteToken, _ now: Instant) -> WritePermit { WritePermit(token: token, tag: "a", value: 1, expires: now) }
        """),
    Fixture(
      name: "minting by an extension", diagnostic: "'let' property 'token' may not be initialized directly",
      source: """
        extension WritePermit {
          init(forged token: WriteToken, _ now: Instant) {
            self.token = token
            self.tag = "a"
            self.value = 1
            self.expires = now
          }
        }
        """),
    Fixture(
      name: "using a permit twice", diagnostic: "'permit' consumed more than once",
      source: """
        struct Twice: Actuator {
          let inner: any Actuator
          var tags: [String] { inner.tags }
          func begin(_ permit: consuming WritePermit) {
            inner.begin(permit)
            inner.begin(permit)
          }
        }
        """),
    Fixture(
      name: "two gateways on one bay", diagnostic: "'bay' consumed more than once",
      source: """
        func two(_ check: EnvelopeCheck, _ actuators: [any Actuator]) {
          let bay = ActuatorBay(actuators)
          let one = Gateway(taking: bay, check: check, fence: FenceState())
          let two = Gateway(taking: bay, check: check, fence: FenceState())
          print(one.epoch, two.epoch)
        }
        """),
    Fixture(
      name: "reaching the bay's begin", diagnostic: "'begin' is inaccessible due to 'internal' protection level",
      source: "func reach(_ bay: borrowing ActuatorBay, _ permit: consuming WritePermit) { bay.begin(permit) }"),
    Fixture(
      name: "reaching into the gateway", diagnostic: "'bay' is inaccessible due to 'private' protection level",
      source: "func inside(_ gateway: borrowing Gateway) { print(gateway.bay.tags) }"),
    Fixture(
      name: "sending a prepared write twice", diagnostic: "'prepared' consumed more than once",
      source: """
        func twice(_ gateway: inout Gateway, _ prepared: consuming PreparedWrite, _ now: Instant) {
          _ = gateway.send(prepared, at: now)
          _ = gateway.send(prepared, at: now)
        }
        """),
    Fixture(
      name: "preparing a write without the gateway's checks",
      diagnostic: "'PreparedWrite' initializer is inaccessible due to 'internal' protection level",
      source: "func skip(_ intent: WriteIntent) -> PreparedWrite { PreparedWrite(intent: intent, fence: FenceState()) }"),
    Fixture(
      name: "changing the governor's state without a fact", diagnostic: "setter is inaccessible",
      source: "func seize(_ governor: inout Governor) { governor.state.mode = .automatic }"),
  ]

  /// Where the modules of this very build stand: beside the running test bundle, whatever the clone and the scratch folder are called.
  private static let modules: URL? = {
    let bundle = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    let folder = bundle.deletingLastPathComponent().appending(path: "Modules")
    let module = folder.appending(path: "Governance.swiftmodule")
    return FileManager.default.fileExists(atPath: module.path(percentEncoded: false)) ? folder : nil
  }()

  /// The C modules of the packages and of the system that our modules are built on: the compiler loads them along.
  private static let cModules: [URL] = {
    guard let scratch = modules?.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent() else { return [] }
    func folders(_ folder: URL) -> [URL] {
      let found = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      return (found ?? []).sorted { $0.path(percentEncoded: false) < $1.path(percentEncoded: false) }
    }
    let system = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/System")
    let packages = folders(scratch.appending(path: "checkouts")).flatMap { folders($0.appending(path: "Sources")) }
    return (packages.map { $0.appending(path: "include") } + folders(system))
      .filter { FileManager.default.fileExists(atPath: $0.appending(path: "module.modulemap").path(percentEncoded: false)) }
  }()

  private static func compile(_ source: String, modules: URL) throws -> (status: Int32, output: String) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "takt-fixture-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "Fixture.swift")
    try source.write(to: file, atomically: true, encoding: .utf8)
    let compiler = Process()
    compiler.executableURL = URL(filePath: "/usr/bin/env")
    compiler.arguments =
      [
        "swiftc", "-swift-version", "6", "-parse-as-library", "-I", modules.path(percentEncoded: false), "-emit-sil", "-o", "/dev/null",
        file.path(percentEncoded: false),
      ] + cModules.flatMap { ["-I", $0.path(percentEncoded: false)] }
    let pipe = Pipe()
    compiler.standardOutput = pipe
    compiler.standardError = pipe
    try compiler.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    compiler.waitUntilExit()
    return (compiler.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
