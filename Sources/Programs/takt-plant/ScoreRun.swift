import Foundation
import ReferencePlants

/// Prints how much of the possible gain a run captured, as one JSON object.
struct ScoreRun {
  var path: String
  var options: ScoreOptions

  func run() throws {
    guard let data = FileManager.default.contents(atPath: path) else { throw Failure("cannot read \(path)") }
    let log: RunLog
    let search: SetpointSearch
    do {
      log = try RunLog(text: String(decoding: data, as: UTF8.self))
      search = try RunScore.search(for: log, fromHours: options.fromHours)
    } catch ScoreError.noHeader {
      throw Failure("\(path) has no header: it is no truth log of takt-plant")
    } catch ScoreError.malformed(let line) {
      throw Failure("\(path):\(line) is no line of a truth log")
    } catch ScoreError.noCompleteHour(let after) {
      throw Failure("\(path) holds no complete hour after hour \(after)")
    }
    let score = RunScore(log, search: search, best: try best(search))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    FileHandle.standardOutput.write(try encoder.encode(score) + Data("\n".utf8))
  }

  /// From the file where it fits, else by a search, which the file then keeps.
  private func best(_ search: SetpointSearch) throws -> [String: Double] {
    if let file = options.best, let data = FileManager.default.contents(atPath: file),
      let kept = try? JSONDecoder().decode(BestSetpoints.self, from: data), kept.fingerprint == search.fingerprint
    {
      return kept.setpoints
    }
    let setpoints = search.best { share in
      if isatty(STDERR_FILENO) == 1 {
        FileHandle.standardError.write(Data("\rsearching the best set-points \(Int(share * 100)) %\(share == 1 ? "\n" : "")".utf8))
      }
    }
    if let file = options.best {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      let kept = try encoder.encode(BestSetpoints(fingerprint: search.fingerprint, setpoints: setpoints))
      try kept.write(to: URL(filePath: file), options: .atomic)
    }
    return setpoints
  }
}
