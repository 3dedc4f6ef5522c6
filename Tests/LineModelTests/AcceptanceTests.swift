import Foundation
import LineModel
import PlantModel
import Simulation
import Testing

/// Whatever the reader accepts, the engine can run: each of many small edits of the examples is either refused with a reason, or gives a line
/// without a fault.
@Test(arguments: Examples.all) func whatTheReaderAcceptsTheEngineRuns(_ name: String) throws {
  var state: UInt64 = 88_172_645_463_325_252
  func random(_ n: Int) -> Int {  // xorshift64
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(n))
  }
  var files = try Examples.files(name)
  let text = files["plant.yaml"]!
  let numbers = text.matches(of: /[ {\[]([0-9][0-9.]*)(?=[ ,}\]\n])/).map(\.1)
  let words = text.matches(of: /[ {\[]([A-Za-z][A-Za-z_]+)(?=[,}\]:\n])/).map(\.1)
  let values = ["0", "1", "2", "3", "9", "40", "500", "0.5"]
  var accepted = 0
  for k in 0..<120 {
    let old = k.isMultiple(of: 2) ? numbers[random(numbers.count)] : words[random(words.count)]
    let new = k.isMultiple(of: 2) ? values[random(values.count)] : String(words[random(words.count)])
    files["plant.yaml"] = text.replacingCharacters(in: old.startIndex..<old.endIndex, with: new)
    guard let plant = PlantFolder.check(files: files).folder?.plant else { continue }
    accepted += 1
    #expect(plant.line(at: [:]).faults == [], "`\(old)` became `\(new)`")
    #expect(LineParameters.design(plant).spec(of: plant, at: [:]).faults == [], "`\(old)` became `\(new)`")
  }
  #expect(accepted > 10 && accepted < 110, "\(accepted) of 120 edits were accepted")
}
