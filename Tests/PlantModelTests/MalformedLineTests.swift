import Foundation
import PlantModel
import Testing

/// An edit of the wide folder, and the one issue that it must give: at the place of `needle` in the edited text.
struct MalformedLine: Sendable, CustomTestStringConvertible {
  var name: String
  var old: String
  var new: String
  /// Another edit.
  var then: (old: String, new: String)?
  var needle: String
  var part: String
  /// Further issues that follow from the same slip.
  var more: [(needle: String, part: String)] = []
  var testDescription: String { name }

  init(
    _ name: String, _ old: String, _ new: String, then: (String, String)? = nil, at needle: String, _ part: String,
    and more: (needle: String, part: String)...
  ) {
    (self.name, self.old, self.new, self.then, self.needle, self.part, self.more) = (name, old, new, then, needle, part, more)
  }

  static let all = calendars + people + products + flow + work + stops + ways

  static let calendars = [
    MalformedLine("no weekday", "[Mon-Fri 06:00-22:00,", "[Mon-Fry 06:00-22:00,", at: "Mon-Fry", "write days and hours, e.g. `Mon-Fri 06:00-14:00`"),
    MalformedLine("no hour", "starts: Mon 06:00", "starts: Mon 6", at: "Mon 6\n", "write a day and an hour"),
    MalformedLine("a day of more hours", "[22:00-06:00]", "[22:00-26:00]", at: "22:00-26:00", "write hours of a day"),
    MalformedLine(
      "a calendar that is never open", "{day: [22:00-06:00]}", "{day: [22:00-06:00], breaks: [21:00-07:00]}", at: "[22:00-06:00]",
      "the calendar `nights` is never open"),
    MalformedLine("closed out of order", "{from: 80 h, to: 90 h}", "{from: 33 h, to: 90 h}", at: "33 h", "begins before the one before it ends"),
    MalformedLine("closed backwards", "{from: 80 h, to: 90 h}", "{from: 90 h, to: 80 h}", at: "80 h", "ends before it begins"),
    MalformedLine("closed beyond its repetition", "repeats: 7 h", "repeats: 6.5 h", at: "7 h}]", "ends after the calendar has begun anew"),
    MalformedLine("a week that repeats", "breaks: [10:00-10:15]}", "repeats: 9 h}", at: "9 h", "`repeats` goes with `closed`"),
    MalformedLine(
      "unknown calendar", "count: 4, calendar: nights", "count: 4, calendar: night", at: "night}",
      "there is no calendar `night`: did you mean `nights`?"),
  ]

  static let people = [
    MalformedLine(
      "a skill that no crew has", "mechanic: 2", "machinist: 2", at: "machinist",
      "there is no skill or tool `machinist`: there are: mechanic, setter, Welders"),
    MalformedLine("a need above the crew's count", "{mechanic: 2}", "{mechanic: 3}", at: "mechanic: 3", "needs 3 of `mechanic`, and there are 2"),
    MalformedLine("more tools than there are", "Crane: 1}\n", "Crane: 2}\n", at: "Crane: 2", "needs 2 of `Crane`, and there are 1"),
    MalformedLine("two skills for a repair", "{mechanic: 2}", "{mechanic: 1, setter: 1}", at: "{mechanic: 1, setter", "needs more than one skill"),
    MalformedLine("a skill that is a tool", "[mechanic, setter]", "[mechanic, setter, Crane]", at: "Crane]", "`Crane` is a tool"),
    MalformedLine("a crew of nobody", "Welders: {count: 3}", "Welders: {count: 0}", at: "0}\n", "write a whole number from 1"),
  ]

  static let products = [
    MalformedLine("shares that do not sum to 1", "Blue: 40 %", "Blue: 30 %", at: "{Red: 60", "add up to 90 %: let them add up to 100 %"),
    MalformedLine(
      "unknown product", "{Red: 60 %, Blue: 40 %}", "{Red: 60 %, Bleu: 40 %}", at: "Bleu", "there is no product `Bleu`: did you mean `Blue`?"),
    MalformedLine("a step nowhere", "[Saw, AtPaint]", "[Saw, Sand]", at: "Sand", "there is no station or buffer `Sand`"),
    MalformedLine(
      "a step at a station of several buffers", "[Saw, AtPaint]", "[Saw, Finish]", at: "Finish]",
      "`Finish` takes from several buffers: name the buffer: Left, Right"),
    MalformedLine(
      "a step that is never reached", "[Saw, AtPaint]", "[AtPaint, Saw]", at: "route: [AtPaint", "never comes to step 1 of its route, `AtPaint`"),
    MalformedLine(
      "a route without the station", "route: [Saw, {at: Mill, cycle: 4 min}, AtPaint]", "route: [AtMill, AtPaint]", at: "route: [AtMill",
      "`Red` comes to `Saw`, which goes on by route, and has no step there"),
    MalformedLine("orders out of order", "quantity: 4, due", "quantity: 4, release: 2 h, due", at: "1 h, due", "released before the one above it"),
    MalformedLine("due before release", "due: 9 h", "due: 30 min", at: "30 min}", "is due before it is released"),
    MalformedLine("an order of nothing", "J2: {product: Blue, ", "J2: {", at: "{quantity: 2", "does not say which product it wants"),
    MalformedLine(
      "neither interval nor orders", "    interval: {exponential: 6 min}\n", "", at: "into: AtSaw\n    mix", "none of `interval`, `orders` stands"
    ),
    MalformedLine(
      "a product without its work", "Blue: 3 min, Lid: 1 min}", "Blue: 3 min}", at: "in: AtSaw", "`cycle` is missing in `stations.Saw`"),
  ]

  static let flow = [
    MalformedLine("branches that do not sum to 1", "Direct: 10 %", "Direct: 20 %", at: "{sink: 90", "add up to 110 %"),
    MalformedLine("a branch nowhere", "Direct: 10 %", "Dirct: 10 %", at: "Dirct", "there is no buffer `Dirct`: did you mean `Direct`?"),
    MalformedLine("one branch twice", "[Left, Right]", "[Left, Right, Left]", at: "Left]", "`Left` stands twice"),
    MalformedLine(
      "an emptiest of nothing", "Left: {capacity: 5}", "Left: {capacity: 0}", at: "Left, Right]", "`Left` holds 0 parts, so it is never the emptiest"),
    MalformedLine("a part that never fits", "{Boxes: 2,", "{Boxes: 61,", at: "Boxes: 61", "never fit into `Boxes`, which holds 60"),
    MalformedLine(
      "a zero-capacity loop", "out: {emptiest: [Left, Right]}\n", "out: {chance: {Direct: 10 %, Left: 45 %, Right: 45 %}}\n",
      at: "{chance: {Direct", "`Mend` hands over to itself, round in a circle without any room"),
    MalformedLine(
      "stations that nothing can reach", "  Left: {", "  L1: {capacity: 5}\n  L2: {capacity: 5}\n  Left: {",
      then: ("  Store:", "  X: {in: L1, out: L2, cycle: 1 s}\n  Y: {in: L2, out: {chance: {L1: 50 %, sink: 50 %}}, cycle: 1 s}\n  Store:"),
      at: "L1, out", "no part ever comes to `X`",
      and: ("L2, out", "no part ever comes to `Y`")),
    MalformedLine(
      "a buffer that nobody empties", "  Left: {", "  Spare: {capacity: 3}\n  Left: {", at: "Spare", "nobody fills the buffer `Spare`",
      and: ("Spare", "nobody empties the buffer `Spare`")),
    MalformedLine("a capacity that is no number", "capacity: unlimited", "capacity: endless", at: "endless", "write a whole number, or `unlimited`"),
    MalformedLine("no capacity", "Boxes: {capacity: 60}", "Boxes: {transit: 0 s}", at: "{transit: 0 s", "`capacity` is missing in `buffers.Boxes`"),
    MalformedLine(
      "travel without room", "Direct: {capacity: 0}", "Direct: {capacity: 0, transit: 3 s}", at: "3 s}", "nothing can travel through `Direct`"),
    MalformedLine("a part longer than the belt", "pitch: 0.8 m", "pitch: 80 m", at: "80 m", "not one part fits on `Belt`"),
    MalformedLine(
      "a belt that does not move", "Left: {capacity: 5}", "Left: {capacity: 5, accumulates: false}", at: "false}\n  Right", "`Left` is no belt"),
    MalformedLine("neither yes nor no", "preempts: true", "preempts: 1", at: "1\n    failure", "write `true` or `false`"),
  ]

  static let work = [
    MalformedLine("a batch larger than its buffer", "most: 8}", "most: 48}", at: "48}", "a batch of 48 never lies in `AtPaint`, which holds 40"),
    MalformedLine(
      "a batch upside down", "least: 4, most: 8}\n    cycle", "least: 9, most: 8}\n    cycle", at: "9, most", "`least` is above `most`"),
    MalformedLine(
      "a batch of kits", "in: {Left: 1, Right: 2}", "batch: {most: 2}\n    in: {Left: 1, Right: 2}", at: "{most: 2}",
      "does not take single parts of one buffer"),
    MalformedLine("a batch from a conveyor", "cycle: 20 s", "cycle: 20 s\n    batch: {most: 2}", at: "{most: 2}", "`Belt` is a conveyor"),
    MalformedLine("a choice on a conveyor", "cycle: 20 s", "cycle: 20 s\n    dispatch: lifo", at: "lifo", "which lets out only its first part"),
    MalformedLine("an unknown dispatch rule", "earliest_due", "earliest_duo", at: "earliest_duo", "did you mean `earliest_due`?"),
    MalformedLine(
      "an interruption with people", "preempts: true", "preempts: true\n    needs: setter", at: "true\n    needs",
      "work with `needs` cannot be interrupted"),
    MalformedLine(
      "a tool that nothing ends",
      "wear: {per_part: {gamma: {mean: 1, cv: 0.4}}, replace_at: 300, replacement: 4 min, needs: setter, breaks_at: 400, breakage: 30 min, scrap_when_worn: 3 %, scrap_exponent: 2}",
      "wear: {replacement: 4 min}",
      at: "{replacement", "wears and is never replaced"),
    MalformedLine("a tool that breaks first", "breaks_at: 400", "breaks_at: 200", at: "200, breakage", "breaks before it would be replaced"),
    MalformedLine("a set-up for itself", "{Red: {Blue: 25 min}}", "{Red: {Red: 25 min}}", at: "Red: 25", "from `Red` to `Red` nothing is set up"),
    MalformedLine(
      "dynamics without a set-point", "        set: 180 Cel\n        low: 150 Cel\n        high: 210 Cel\n", "", at: "dynamics:",
      "moves towards a set-point that it does not have"),
    MalformedLine(
      "no distance", "off_by: 10 K", "off_by: 0 K", at: "0 K, share", "`stations.Paint.process_variables.Temperature.defects.off_by` is not above 0"),
    MalformedLine(
      "defects seen elsewhere", "        dynamics:", "        defects_seen_at: [Store]\n        dynamics:", at: "dynamics:",
      "its defects are not seen at `Paint`"),
    MalformedLine(
      "a resolution without a noise", ", noise: 1 K}", "}", at: "{low: 0 Cel, high: 300", "`resolution` and `noise` stand together; add `noise`"),
    MalformedLine("no noise at all", "noise: 1 K}", "noise: 0 K}", at: "0 K}", "Temperature.sensor.noise` is not above 0"),
    MalformedLine("negative power", "standing: 15 kW", "standing: -15 kW", at: "-15 kW", "it must be at least 0 kW"),
    MalformedLine("power in hours", "working: 40 kW", "working: 40 kW.h", at: "40 kW.h", "a energy or torque"),
  ]

  static let stops = [
    MalformedLine("a negative interval", "every: 8 h", "every: -8 h", at: "-8 h", "it must be above 0 s"),
    MalformedLine(
      "maintenance twice over", "Filter: {parts: 500,", "Filter: {parts: 500, every: 3 h,", at: "{parts: 500", "`every`, `parts` stand together"),
    MalformedLine(
      "a clock for parts", "Filter: {parts: 500,", "Filter: {parts: 500, clock: operating,", at: "clock: operating, length: 20",
      "counts parts, so it has no clock"),
    MalformedLine(
      "one name for two stops", "{Chip: {interval", "{Spindle: {interval", at: "Spindle: {interval",
      "the name `Spindle` is taken by `stations.Mill.failures.Spindle`"),
    MalformedLine("unknown fate of the work", "work: scrapped", "work: scraped", at: "scraped", "did you mean `scrapped`?"),
  ]

  static let ways = [
    MalformedLine(
      "unknown fleet", "{fleet: Forklifts,", "{fleet: Forklift,", at: "Forklift,", "there is no fleet `Forklift`: did you mean `Forklifts`?"),
    MalformedLine(
      "a way to itself", "to: Far", "to: Boxes", at: "Boxes, load", "goes from `Boxes` to itself", and: ("Far: {", "nobody fills the buffer `Far`")),
    MalformedLine("a load that never comes", "least: 4, approach", "least: 9, approach", at: "9, approach", "waits for 9 parts and carries 8"),
    MalformedLine("a load that never fits", "Far: {capacity: 60}", "Far: {capacity: 3}", at: "4, approach", "waits for 4 parts, and `Far` holds 3"),
    MalformedLine(
      "a vehicle at a conveyor", "from: Boxes", "from: Lids", at: "Lids, to", "`Lids` is a conveyor; vehicles serve buffers",
      and: ("Boxes: {", "nobody empties the buffer `Boxes`")),
    MalformedLine("no cards", "cards: 12", "cards: 0", at: "0, taken_by: [Mill", "write a whole number from 1"),
    MalformedLine("cards of nobody", "taken_by: [Mill]", "taken_by: []", at: "[], back", "nobody takes cards of `Kanban`"),
    MalformedLine("cards taken twice", "[Stock, Customers]", "[Stock, Customers, Stock]", at: "Stock]", "`Stock` stands twice"),
    MalformedLine("cards back nowhere", "back_at: AtPaint", "back_at: AtPint", at: "AtPint", "did you mean `AtPaint`?"),
    MalformedLine(
      "fewer cards than a batch", "cards: 12, taken_by: [Mill], back_at: AtPaint", "cards: 3, taken_by: [Paint], back_at: Belt", at: "3, taken_by",
      "`Paint` begins with 4 parts, and there are 3 cards"),
    MalformedLine(
      "orders and a campaign", "    orders:", "    campaign: {Red: 4}\n    orders:", at: "campaign: {Red: 4}", "`campaign` stands beside `orders`"),
    MalformedLine(
      "a mix and a campaign", "    limit: 5000", "    campaign: {Red: 4}\n    limit: 5000", at: "mix: {Red: 60", "`mix` stands beside `campaign`"),
    MalformedLine(
      "a campaign of nothing", "    mix: {Red: 60 %, Blue: 40 %}", "    campaign: {Red: 0, Blue: 4}", at: "0, Blue", "write a whole number from 1"),
    MalformedLine(
      "a campaign of what is not", "    mix: {Red: 60 %, Blue: 40 %}", "    campaign: {Bleu: 4, Red: 4}", at: "Bleu: 4", "did you mean `Blue`?"),
    MalformedLine(
      "orders and a mix", "    orders:", "    mix: {Red: 1}\n    orders:", at: "mix: {Red: 1}", "`mix` stands beside `orders`"),
  ]
}

@Suite struct MalformedLineTests {
  /// Line and column of a text's first place.
  private func place(of needle: String, in text: String) -> String? {
    guard let range = text.range(of: needle) else { return nil }
    let lines = text[..<range.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
    return "plant.yaml:\(lines.count):\(lines[lines.count - 1].unicodeScalars.count + 1): error: "
  }

  @Test func theWideFolderHasNoIssue() {
    #expect(PlantFolder.check(files: WideFolder.files).issues.map(\.description) == [])
  }

  @Test(arguments: MalformedLine.all) func everyFaultIsNamedWithItsPlaceAndNothingElseIs(_ line: MalformedLine) throws {
    var files = WideFolder.replacing(line.old, by: line.new)
    if let then = line.then { files["plant.yaml"] = files["plant.yaml"]!.replacingOccurrences(of: then.old, with: then.new) }
    let check = PlantFolder.check(files: files)
    let found = check.issues.map(\.description)
    for (needle, part) in [(line.needle, line.part)] + line.more {
      let prefix = try #require(place(of: needle, in: files["plant.yaml"]!), "no \(needle)")
      #expect(found.contains { $0.hasPrefix(prefix) && $0.contains(part) }, "no \(prefix)…\(part)… in \(found)")
    }
    #expect(found.count == 1 + line.more.count, "\(found)")
    #expect(check.folder == nil, "it was taken for good")
  }
}
