import ArgumentParser
import Foundation
import Historian
import Interchange

struct HistorianQueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query", abstract: "Ask a historian's folder: last values, raw samples, or aggregates over windows.",
    discussion: """
      Examples:
        takt historian query --data historian                                  (every tag and its last value)
        takt historian query 'cpu_usage{host="a"}' --data historian --from 2026-05-04T06:00:00Z
        takt historian query 'cpu_usage{host="a"}' --data historian --window 10m
      """)
  @Argument(help: "A tag; without one, the last value of every tag.") var tag: String?
  @OptionGroup var place: HistorianPlace
  @OptionGroup var span: Span
  @Option(help: "Aggregate over windows of this length: 30s, 10m, 1h.") var window: String?
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    try orExplain {
      let table = try HistorianTables(reader: try place.reader()).table(of: tag, span: span, window: window)
      if json { print(String(decoding: table.json(), as: UTF8.self)) } else { print(String(decoding: table.csv(), as: UTF8.self), terminator: "") }
    }
  }
}

struct HistorianTagsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tags", abstract: "How well each tag is doing: rate, gaps, lateness, quality, distinct values, bytes.",
    discussion: """
      A gap is a span between neighbouring samples of more than three times the usual one. Late is more than a minute. Bytes are those in block
      files; what is in the log alone is not counted. Distinct values are counted up to 1,000, which stands for as many or more.
      Example: takt historian tags --data historian --match cpu
      """)
  @OptionGroup var place: HistorianPlace
  @Option(help: "Only tags whose names contain this.") var match: String?
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    try orExplain {
      let reader = try place.reader()
      guard let snapshot = reader as? HistorianSnapshot else { throw CommandFailure("\(place.data) cannot be read") }
      let bar = ProgressBar("reading ")
      let table = try HistorianTables(reader: reader).fullHealth(of: snapshot, matching: match) { bar.show($0, of: $1) }
      if json { print(String(decoding: table.json(), as: UTF8.self)) } else { print(String(decoding: table.csv(), as: UTF8.self), terminator: "") }
    }
  }
}
