import ArgumentParser
import Console
import Quantities

struct TagsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tags", abstract: "The running plant's tags: rate, gaps, lateness, quality, distinct values, bytes, last value.",
    discussion: """
      Rates, gaps, lateness, qualities and distinct values are those of the last day; samples and bytes are of all time. It is made anew every few
      seconds at most, and says of when it is.
      Examples:
        takt tags --plant examples/bottling
        takt tags --match Filler --json
      """)
  @OptionGroup var plant: RunningPlant
  @Option(help: "Only tags whose names contain this.") var match: String?
  @Flag(help: "Print JSON.") var json = false

  func run() async throws {
    try await orExplain {
      let all = try await plant.client().get("tags", as: TagsView.self)
      let view = match.map { text in TagsView(at: all.at, from: all.from, tags: all.tags.filter { $0.tag.contains(text) }) } ?? all
      if json { return try JSONOutput.print(view) }
      print(Self.summary(view.totals, at: view.at))
      Self.table(view).print()
    }
  }

  static func summary(_ totals: TagTotalsView, at instant: Instant) -> String {
    let stored = "\(totals.bytes) bytes in block files, \(fixed(totals.bytesPerSample, 2)) a sample"
    return "\(totals.series) series, \(totals.samples) samples, \(stored), at \(instant.iso8601)"
  }

  static func table(_ view: TagsView) -> TextTable {
    func percent(_ share: Double?) -> String { fixed(share.map { 100 * $0 }) }
    return TextTable(
      header: [
        "TAG", "PER S", "GAPS", "LONGEST S", "LATE S", "WORST S", "GOOD %", "UNCERTAIN %", "BAD %", "DISTINCT", "SAMPLES", "BYTES", "A SAMPLE",
        "AGE S",
        "VALUE",
      ],
      rows: view.tags.map { tag in
        [
          tag.tag, fixed(tag.rate, 3), tag.gaps.map(String.init) ?? "—", fixed(tag.longestSilence?.seconds), fixed(tag.lateness?.seconds, 3),
          fixed(tag.latenessMax?.seconds, 3), percent(tag.good), percent(tag.uncertain), percent(tag.bad),
          tag.distinct.map { tag.hasMore ? "≥ \($0)" : "\($0)" } ?? "—", "\(tag.samples)", "\(tag.bytes)", fixed(tag.bytesPerSample, 2),
          fixed(tag.lastAt.map { (view.at - $0).seconds }), tag.value ?? tag.reason ?? "—",
        ]
      })
  }
}
