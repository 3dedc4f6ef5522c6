// swift-tools-version: 6.2
import Foundation
import PackageDescription

// The manifest reads as the table in docs/ARCHITECTURE.md: floors lowest first, and for each module what it uses.
// A module uses its own floor or below; `House.add` traps when one climbs.

enum Floor: Int { case Foundations, Engines, Records, Authority, Runtime, Edges, Programs }

let house = House()

// System libraries
house.addSystem("COpenBLAS", pkgConfig: "openblas", apt: ["libopenblas-dev", "liblapacke-dev"])
house.addSystem("CMosquitto", pkgConfig: "libmosquitto", apt: ["libmosquitto-dev"])
house.addSystem("CZlib", pkgConfig: "zlib", apt: ["zlib1g-dev"])
house.addSystem("CZip", pkgConfig: "libzip", apt: ["libzip-dev"])

// Foundations
house.add("Quantities", on: .Foundations)
house.add("Determinism", on: .Foundations, uses: ["Quantities"])
house.add("Probability", on: .Foundations, uses: ["Determinism"])
house.add("Telemetry", on: .Foundations, uses: ["Quantities"])
house.add("Storage", on: .Foundations)
house.add("LinearAlgebra", on: .Foundations, uses: ["COpenBLAS"])
house.add("TemporalLogic", on: .Foundations, uses: ["Quantities"])
house.add("PlantModel", on: .Foundations, uses: ["Quantities", "Probability", "Telemetry", "TemporalLogic", .yams, .crypto])

// Engines
house.add("EventKernel", on: .Engines)
house.add("OutputAnalysis", on: .Engines, uses: ["Determinism", "Probability"])
house.add("Continuous", on: .Engines, uses: ["Determinism", "Probability"])
house.add("ProcessFlow", on: .Engines, uses: ["Determinism", "Probability", "EventKernel", "OutputAnalysis"])
house.add("Simulation", on: .Engines, uses: ["Determinism", "Probability", "EventKernel", "OutputAnalysis", "Continuous"])
house.add("LineModel", on: .Engines, uses: ["Quantities", "Determinism", "Probability", "PlantModel", "Simulation"])
house.add("Estimation", on: .Engines, uses: ["Quantities", "Determinism", "Probability", "LinearAlgebra"])
house.add("Learning", on: .Engines, uses: ["Quantities", "Determinism", "Probability", "LinearAlgebra"])
house.add("ChangeDetection", on: .Engines, uses: ["Quantities", "Determinism", "Probability"])
house.add("ContinuousPlants", on: .Engines, uses: ["Determinism", "LinearAlgebra", "Continuous"])
house.add("Filtering", on: .Engines, uses: ["Determinism", "Probability", "LinearAlgebra", "Continuous"], testsUse: ["ContinuousPlants"])
house.add(
  "LoopStability", on: .Engines, uses: ["Quantities", "Determinism", "Probability", "LinearAlgebra", "Learning"],
  testsUse: ["Continuous", "ContinuousPlants"])
house.add(
  "LoopTrials", on: .Engines,
  uses: ["Quantities", "Determinism", "LinearAlgebra", "Continuous", "ContinuousPlants", "Filtering", "LoopStability"])
house.add(
  "Inference", on: .Engines,
  uses: ["Determinism", "Probability", "LinearAlgebra", "EventKernel", "Simulation", "Estimation"])
house.add("Synchronisation", on: .Engines, uses: ["Quantities", "Determinism", "Probability", "Telemetry"], optimizedInDebug: true)
house.add(
  "ProcessMining", on: .Engines, uses: ["Quantities", "Determinism", "Probability", "Estimation", "OutputAnalysis", "EventKernel"])
house.add("Optimization", on: .Engines, uses: ["Quantities", "Determinism", "Probability", "PlantModel", "Simulation", "LineModel"])
house.add("SequentialTesting", on: .Engines, uses: ["Determinism", "Probability"])
house.add("Alarms", on: .Engines, uses: ["Quantities", "Determinism"])
house.add("ReferencePlants", on: .Engines, uses: ["Quantities", "Telemetry"])
house.add("ModelChecking", on: .Engines, uses: ["Determinism"])

// Records
house.add("Historian", on: .Records, uses: ["Quantities", "Telemetry", "Storage"])
house.add("Ledger", on: .Records, uses: ["Quantities", .crypto])

// Authority
house.add(
  "Governance", on: .Authority,
  uses: ["Quantities", "Determinism", "Probability", "Telemetry", "TemporalLogic", "PlantModel", "SequentialTesting", "Learning", .crypto])
house.add("Attestation", on: .Authority, uses: ["Quantities", "PlantModel", "Ledger", "Governance", .crypto])
house.add("Assurance", on: .Authority, uses: ["Quantities", "Probability", "PlantModel", "Ledger", "Governance", "Attestation"])

// Runtime
house.add(
  "Twin", on: .Runtime,
  uses: [
    "Quantities", "Determinism", "Probability", "LinearAlgebra", "Telemetry", "PlantModel", "Simulation", "LineModel", "Estimation",
    "ChangeDetection",
    "Synchronisation", "Learning", "Inference", "Filtering", "LoopStability", .crypto,
  ],
  testsUse: ["ReferencePlants"])
house.add(
  "Supervision", on: .Runtime,
  uses: [
    "Quantities", "Determinism", "Probability", "Telemetry", "Storage", "PlantModel", "LineModel", "SequentialTesting", "LoopStability", "Learning",
    "Governance", "Twin", "Optimization", "Historian",
    "Ledger", "Alarms",
  ])

// What tests of several modules share
house.addSupport("TestBroker")
house.addSupport("TestFMUs")

// Edges
house.add("Disk", on: .Edges, uses: ["Quantities", "Storage", "Ledger", .grdb])
house.add("MQTT", on: .Edges, uses: ["CMosquitto"], testsUse: ["TestBroker"])
house.add("Sparkplug", on: .Edges, uses: ["Quantities", "Telemetry", .protobuf])
house.add("Ingest", on: .Edges, uses: ["Quantities", "Telemetry", "Historian", "CZlib"], testsUse: ["PlantModel", "Acquisition"])
house.add("ReferenceEdge", on: .Edges, uses: ["Quantities", "Telemetry", "ReferencePlants", "MQTT", "Sparkplug"], testsUse: ["TestBroker"])
house.add(
  "Acquisition", on: .Edges, uses: ["Quantities", "Telemetry", "PlantModel", "Ingest", "MQTT", "Sparkplug"], testsUse: ["TestBroker"])
house.add(
  "Actuation", on: .Edges, uses: ["Quantities", "Telemetry", "PlantModel", "Governance", "MQTT", "Sparkplug"], testsUse: ["TestBroker"])
house.add("Processes", on: .Edges)
house.add("FMUHost", on: .Edges)
house.add("FMI", on: .Edges, uses: ["FMUHost", "Processes", "CZip"], testsUse: ["TestFMUs", "takt-fmu-host"])
house.add("Interchange", on: .Edges, uses: ["Quantities", "Telemetry", "ProcessMining"])
house.add(
  "FMUCalibration", on: .Edges, uses: ["Quantities", "Determinism", "LinearAlgebra", "Filtering", "FMUHost", "FMI", "Interchange"],
  testsUse: ["TestFMUs", "takt-fmu-host"])
house.add("Reports", on: .Edges, uses: ["Quantities", "PlantModel", "Simulation", "OutputAnalysis", "LineModel"])
house.add(
  "Rehearsal", on: .Edges,
  uses: [
    "Quantities", "Determinism", "Telemetry", "Storage", "PlantModel", "LineModel", "Learning", "ChangeDetection", "Optimization", "Historian",
    "Ledger", "Governance", "Twin", "Supervision",
  ])
house.add("Console", on: .Edges, uses: ["Quantities", .hummingbird, .nio, .httpTypes, .lifecycle, .log], resources: [.copy("Pages")])
house.add("PromQL", on: .Edges)
house.add(
  "HistorianServer", on: .Edges,
  uses: ["Quantities", "Telemetry", "Storage", "Historian", "Ingest", "PromQL", .nio, .nioPosix, .nioHTTP1], testsUse: ["Disk"])

// Programs
house.addProgram(
  "takt",
  uses: [
    "Quantities", "Determinism", "Probability", "Telemetry", "Storage", "TemporalLogic", "PlantModel", "OutputAnalysis", "Simulation", "LineModel",
    "Optimization", "Learning", "ProcessMining", "Reports", "Historian", "Ledger", "Governance", "Twin", "Supervision", "Disk", "MQTT", "Sparkplug",
    "Acquisition", "Ingest", "HistorianServer",
    "Actuation", "Interchange", "FMUHost", "FMI", "FMUCalibration", "Processes", "Console", "Attestation", "Assurance", "Rehearsal",
    .argumentParser, .log, .crypto, .cryptoExtras, .unixSignals,
  ])
house.addProgram("takt-plant", uses: ["Quantities", "Telemetry", "ReferencePlants", "ReferenceEdge", "MQTT", .argumentParser])

house.addProgram("takt-fmu-host", uses: ["FMUHost"])

// Tests that stand above the modules
house.addTests("HouseTests")
house.addTests("LoopTests", uses: ["TestBroker"])
house.addTests(
  "StagedRolloutTests", uses: ["Quantities", "Telemetry", "PlantModel", "Governance", "ContinuousPlants", "LoopTrials"])
house.addTests("ProtocolTests", uses: ["Quantities", "Determinism", "Telemetry", "PlantModel", "ModelChecking", "Governance"])

let package = Package(
  name: "takt",
  products: house.products,
  dependencies: house.packages,
  targets: house.targets)

// MARK: - The house

/// What a module may use: another module by name, or a product of a package.
struct Part: ExpressibleByStringLiteral {
  let name: String
  var package: Package.Dependency? = nil
  var packageName: String? = nil
  init(stringLiteral name: String) { self.name = name }
  init(_ name: String, _ packageName: String, _ package: Package.Dependency) {
    (self.name, self.packageName, self.package) = (name, packageName, package)
  }

  static var yams: Part { Part("Yams", "Yams", .package(url: "https://github.com/jpsim/Yams", from: "6.2.2")) }
  static var crypto: Part { Part("Crypto", "swift-crypto", .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2")) }
  static var cryptoExtras: Part {
    Part("CryptoExtras", "swift-crypto", .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"))
  }
  static var unixSignals: Part {
    Part("UnixSignals", "swift-service-lifecycle", .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"))
  }
  static var grdb: Part { Part("GRDB", "GRDB.swift", .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0")) }
  static var system: Part { Part("SystemPackage", "swift-system", .package(url: "https://github.com/apple/swift-system", from: "1.8.1")) }
  static var protobuf: Part {
    Part("SwiftProtobuf", "swift-protobuf", .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"))
  }
  static var hummingbird: Part {
    Part("Hummingbird", "hummingbird", .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"))
  }
  static var nio: Part { Part("NIOCore", "swift-nio", .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2")) }
  static var nioPosix: Part { Part("NIOPosix", "swift-nio", .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2")) }
  static var nioHTTP1: Part { Part("NIOHTTP1", "swift-nio", .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2")) }
  static var httpTypes: Part { Part("HTTPTypes", "swift-http-types", .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0")) }
  static var lifecycle: Part {
    Part("ServiceLifecycle", "swift-service-lifecycle", .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"))
  }
  static var log: Part { Part("Logging", "swift-log", .package(url: "https://github.com/apple/swift-log", from: "1.16.2")) }
  static var argumentParser: Part {
    Part("ArgumentParser", "swift-argument-parser", .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"))
  }
}

/// Collects targets and refuses a module that uses a floor above its own.
///
/// `TAKT_ONLY=Simulation swift test` narrows the package to that module, what it uses, and its tests: a build of seconds.
final class House {
  private struct Room {
    var floor: Floor?
    var uses: [Part]
    var target: Target
    var isProgram = false
  }
  private var rooms: [String: Room] = [:]
  private var order: [String] = []
  private let only = ProcessInfo.processInfo.environment["TAKT_ONLY"].map { $0.split(separator: ",").map(String.init) }

  private let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
  ]

  func addSystem(_ name: String, pkgConfig: String, apt: [String]) {
    keep(
      name,
      Room(floor: nil, uses: [], target: .systemLibrary(name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: [.apt(apt)])))
  }

  /// - Parameters:
  ///   - testsUse: what the module's tests use beside what it uses itself.
  ///   - optimizedInDebug: for engines whose debug build could not follow a plant, or that tests would wait for.
  func add(
    _ name: String, on floor: Floor, uses: [Part] = [], testsUse: [Part] = [], resources: [Resource] = [], optimizedInDebug: Bool = false
  ) {
    check(name, floor, uses)
    keep(
      name,
      Room(
        floor: floor, uses: uses,
        target: .target(
          name: name, dependencies: uses.map(dependency), path: "Sources/\(floor)/\(name)", resources: resources,
          swiftSettings: settings + (optimizedInDebug ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : []))))
    addTests("\(name)Tests", of: name, uses: uses + testsUse)
  }

  /// What the tests of several modules share, in `Tests/NAME`; nothing that ships uses it.
  func addSupport(_ name: String) {
    keep(name, Room(floor: nil, uses: [], target: .target(name: name, path: "Tests/\(name)", swiftSettings: Array(settings.dropFirst()))))
  }

  func addProgram(_ name: String, uses: [Part]) {
    check(name, .Programs, uses)
    keep(
      name,
      Room(
        floor: .Programs, uses: uses,
        target: .executableTarget(name: name, dependencies: uses.map(dependency), path: "Sources/Programs/\(name)", swiftSettings: settings),
        isProgram: true))
  }

  /// Tests of no single module: they read the sources, run the built programs, or join what no module may join.
  func addTests(_ name: String, uses: [Part] = []) { addTests(name, of: nil, uses: uses) }

  private func addTests(_ name: String, of module: String?, uses: [Part]) {
    let path = "Tests/\(name)"
    guard FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(path)") else { return }
    let parts = (module.map { [Part(stringLiteral: $0)] } ?? []) + uses
    keep(
      name,
      Room(
        floor: nil, uses: parts,
        target: .testTarget(name: name, dependencies: parts.map(dependency), path: path, swiftSettings: Array(settings.dropFirst()))))
  }

  private func keep(_ name: String, _ room: Room) {
    precondition(rooms[name] == nil, "\(name) stands twice in the manifest")
    rooms[name] = room
    order.append(name)
  }

  private func check(_ name: String, _ floor: Floor, _ uses: [Part]) {
    for part in uses where part.package == nil {
      guard let room = rooms[part.name] else { fatalError("\(name) uses \(part.name), which is not declared before it") }
      if let other = room.floor, other.rawValue > floor.rawValue {
        fatalError("\(name) (\(floor)) climbs to \(part.name) (\(other)): a module uses its own floor or below")
      }
    }
  }

  private func dependency(_ part: Part) -> Target.Dependency {
    if let package = part.packageName { return .product(name: part.name, package: package) }
    return .target(name: part.name)
  }

  /// The names that are built: all, or those that `TAKT_ONLY` reaches.
  private var kept: [String] {
    guard let only else { return order }
    var reached = Set(only + only.map { "\($0)Tests" })
    var queue = Array(reached)
    while let name = queue.popLast() {
      for part in rooms[name]?.uses ?? [] where part.package == nil && reached.insert(part.name).inserted { queue.append(part.name) }
    }
    return order.filter(reached.contains)
  }

  var targets: [Target] { kept.compactMap { rooms[$0]?.target } }

  var products: [Product] { kept.filter { rooms[$0]!.isProgram }.map { .executable(name: $0, targets: [$0]) } }

  var packages: [Package.Dependency] {
    var seen: [String: Package.Dependency] = [:]
    for name in kept { for part in rooms[name]!.uses { if let package = part.packageName { seen[package] = part.package } } }
    return seen.keys.sorted().map { seen[$0]! }
  }
}
