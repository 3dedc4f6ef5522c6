import Testing

@testable import Interchange

@Suite struct ReadingTableTests {
  private func read(_ text: String) -> Result<ReadingTable, ReadingTable.Fault> {
    Result { () throws(ReadingTable.Fault) in try ReadingTable(Array(text.utf8)) }
  }

  @Test func readingsKeepTheirNamesUnitsAndGaps() throws {
    let table = try read("u [kW], time [min],\"T, inlet [Cel]\"\n1,0,20.5\n2,0.5,\n,1,NaN\n").get()
    #expect(table.columns == [.init(name: "u", unit: "kW"), .init(name: "T, inlet", unit: "Cel")])
    #expect(table.instants == [0, 30, 60] && table.rows == [[1, 20.5], [2, nil], [nil, nil]])
    #expect(table.place("T, inlet") == 1 && table.place("T") == nil)
  }

  @Test func instantsCountFromTheFirst() throws {
    let table = try read("time,T\n2026-05-04T06:00:00Z,1\n2026-05-04T08:00:01.5+02:00,2\n").get()
    #expect(table.instants == [0, 1.5])
  }

  @Test(arguments: [
    ("", "line 1: the table is empty"), ("t,T\n1,2\n", "line 1: there is no column time; there are t, T"),
    ("time,T,T\n", "line 1: the column T stands twice"), ("time,T\n0,warm\n", "line 2: warm in column T is no number"),
    ("time,T\n0,1\n0,2\n", "line 3: the time 0 does not come after"), ("time,T\n0\n", "line 2: 1 cells for 2 columns"),
    ("time,T\nnoon,1\n", "line 2: noon is no time"), ("time [Cel],T\n", "line 1: the time's unit"),
    ("time,T\n0,\"1\n", "a quoted field is not closed"),
  ])
  func aFaultNamesItsLine(text: String, words: String) {
    guard case .failure(let fault) = read(text) else {
      Issue.record("taken")
      return
    }
    #expect("\(fault)".contains(words), "\(fault)")
  }
}
