import LineModel
import PlantModel
import Quantities
import Simulation
import Testing

@testable import Twin

/// The line releases another product long before its stations work on it: the parts of the one before stand in between.
@Suite struct ComingProductTests {
  private let start = Instant(seconds: 1_767_607_200)
  private let plant: Plant
  private var twin: Twin

  init() throws {
    plant = try PlantFolder.inRepository("examples/assembly-8").plant
    twin = Twin(plant: plant, seed: 1, configuration: .small)
    twin.record.run(to: start)
    twin.record.fold(product: "A", at: start)
  }

  private func station(_ name: String) -> Int { plant.stations.firstIndex { $0.name == name }! }
  private func buffer(_ name: String) -> Int { plant.buffers.firstIndex { $0.name == name }! }
  private func product(of name: String) -> String { twin.record.products[twin.record.stations[station(name)].product] }
  private func ahead(of name: String) -> [Int?] { twin.record.stations[station(name)].coming.map(\.ahead) }

  /// The sensor of the castings' store says so many, and product B is released.
  private mutating func releaseB(after parts: Double) {
    _ = twin.record.levels[buffer("Raw")].read(parts)
    twin.record.fold(product: "B", at: start)
  }

  @Test mutating func aMachineIsSetUpOnceThePartsBeforeItAreFinishedHoweverLongThatTakes() throws {
    releaseB(after: 120)
    twin.record.passProducts(90, of: station("MillA"))
    twin.record.run(to: start + .minutes(45))
    twin.record.fold(product: "B", at: start + .minutes(45))
    #expect(product(of: "MillA") == "A" && product(of: "MillB") == "A" && ahead(of: "MillA") == [30])
    // Nothing of the castings reaches it.
    #expect(product(of: "Mould") == "B")
    twin.record.endChangeover(of: station("MillA"))
    #expect(product(of: "MillA") == "B" && product(of: "MillB") == "A")
  }

  @Test mutating func theNextMachineFinishesWhatStandsInBetween() throws {
    for b in ["B1", "B3", "B4"] { twin.record.levels[buffer(b)].add(9) }
    releaseB(after: 0)
    twin.record.endChangeover(of: station("MillA"))
    #expect(ahead(of: "Assemble") == [9] && ahead(of: "Screw") == [nil])
    twin.record.passProducts(9, of: station("Assemble"))
    twin.record.endChangeover(of: station("Assemble"))
    #expect(product(of: "Assemble") == "B" && ahead(of: "Screw") == [9])
    // Nobody sets it up: it begins with the first part.
    twin.record.passProducts(9, of: station("Screw"))
    #expect(product(of: "Screw") == "A")
    twin.record.passProducts(1, of: station("Screw"))
    #expect(product(of: "Screw") == "B" && ahead(of: "Test") == [9])
  }

  @Test mutating func aChangeoverThatWasNotToldIsBelievedWhenTooManyPartsHavePassed() {
    releaseB(after: 10)
    twin.record.passProducts(25, of: station("MillA"))
    #expect(product(of: "MillB") == "A")
    twin.record.passProducts(6, of: station("MillB"))
    #expect(product(of: "MillB") == "B" && ahead(of: "MillB") == [])
  }

  @Test mutating func aChangeoverLongBeforeIsForSomethingElse() {
    releaseB(after: 120)
    twin.record.endChangeover(of: station("MillA"))
    #expect(product(of: "MillA") == "A")
  }

  @Test mutating func runsShorterThanTheStoreStandOneAfterTheOther() {
    releaseB(after: 60)
    _ = twin.record.levels[buffer("Raw")].read(90)
    twin.record.fold(product: "A", at: start + .minutes(10))
    #expect(ahead(of: "MillA") == [60, 30])
    _ = twin.record.levels[buffer("Raw")].read(100)
    let runs = twin.record.countedState.products[buffer("Raw")]
    #expect(runs.map(\.product) == [0, 1, 0] && runs.map(\.quantity) == [60, 30, 10])
  }

  /// Forty castings come at once, and the tenth of them is the last of product A.
  @Test(arguments: [(seen: 690, store: 50.0, began: 60), (730, 90.0, 60), (400, 50.0, 50)])
  mutating func theLastLotIsPartlyOfTheProductBefore(_ seen: Int, _ store: Double, _ began: Int) {
    twin.record.runs[0] = RunProgress(levelAtStart: 0, taken: seen - Int(store))
    releaseB(after: store)
    #expect(twin.record.runs[0].levelAtStart == began && ahead(of: "MillA") == [began])
  }

  @Test mutating func aForecastForeseesTheSetUp() throws {
    releaseB(after: 30)
    _ = twin.record.levels[buffer("Raw")].read(100)
    let record = twin.record
    let ahead = twin.simulateAhead(
      from: record, noting: [3600], setpoints: record.readBack, runs: 16, salt: "test", in: record.countedState)
    let setups = ahead.map { run in ["MillA", "MillB"].map { run.result.stations[station($0)].setups } }
    // A repair may last for the whole hour.
    #expect(setups.count { $0 == [1, 1] } >= 14, "\(setups)")
  }
}
