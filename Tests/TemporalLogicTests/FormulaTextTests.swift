import Quantities
import TemporalLogic
import Testing

@Suite struct FormulaTextTests {
  @Test func aFormulaIsWrittenAsItIsRead() throws {
    for seed in 0..<400 {
      var dice = Dice(UInt64(seed))
      let formula = Formula<Predicate>.random(depth: dice.below(5), &dice)
      #expect(try Formula(parsing: formula.description) == formula, "\(formula)")
    }
    let window = TimeWindow(.milliseconds(1500), .nanoseconds(2_000_000_001))
    let odd = Formula.atom(Predicate([LinearTerm("A/x", -0.1), LinearTerm("B/y", 1e-7)], .atMost, -5e300))
    #expect(try Formula(parsing: Formula.once(window, odd).description) == .once(window, odd))
  }

  @Test func precedenceUnitsAndWordsAreReadAsOneWouldWriteThem() throws {
    let table: [(String, String)] = [
      ("A/x < 4 and A/y > 1 or A/x = 2", "((A/x < 4) and (A/y > 1)) or (A/x = 2)"),
      ("A/x < 4 -> A/y > 1 -> A/x = 2", "(not (A/x < 4)) or ((not (A/y > 1)) or (A/x = 2))"),
      ("not A/x < 4 and A/y > 1", "(not (A/x < 4)) and (A/y > 1)"),
      ("historically[5 min] A/x < 4 and A/y > 1", "(historically[0 s, 300 s] (A/x < 4)) and (A/y > 1)"),
      ("A/x < 4 since[1 s, inf] A/y > 1 and A/x=2", "((A/x < 4) since[1 s, inf] (A/y > 1)) and (A/x = 2)"),
      ("once A/x < -4", "once[0 s, inf] (A/x < -4)"), ("A/x - 2 * B-1/y_2 <= 3", "A/x - 2*B-1/y_2 <= 3"), ("-A/x<B/y", "-A/x - B/y < 0"),
      ("!(A/x<4)||A/y>1&&A/y>2", "(not (A/x < 4)) or ((A/y > 1) and (A/y > 2))"),
    ]
    for (text, expected) in table { #expect(try Formula(parsing: text).description == expected, "\(text)") }

    func only(_ text: String) throws -> WrittenPredicate { try #require(FormulaParser.parse(text).atoms.first) }
    #expect(try only("A/x < 24 1/min").bound == .quantity(Quantity(parsing: "24 1/min")))
    #expect(try only("(A/x < 70 [degF])").bound == .quantity(Quantity(parsing: "70 [degF]")))
    #expect(try only("(A/x < 3.5 kg/(m2.s)) and A/y < 1").bound == .quantity(Quantity(parsing: "3.5 kg/(m2.s)")))
    #expect(try only("A/x < -3 bar or A/y < 1").bound == .quantity(Quantity(parsing: "-3 bar")))
    #expect(try only("A/State = aborted").bound == .word("aborted") && only("A/Door = true").bound == .word("true"))
    #expect(try only("  A/x < 4").offset == 2)
  }

  @Test(arguments: [
    ("", 0), ("A/x", 3), ("A/x <", 5), ("A/x < 4 bars", 6), ("A/x < 4bar", 6), ("x < 4", 0), ("A/x < 4 )", 8), ("(A/x < 4", 8), ("A/x < 4 A/y", 6),
    ("always A/x < 4", 7), ("always[0, inf] A/x < 4", 10), ("once[5 s, 2 s] A/x < 4", 4), ("once[0, 4 bar] A/x < 4", 8), ("once[0, 9999 d] A/x<4", 4),
    ("A/x < 4 and", 11), ("A/x ~ 4", 4), ("2 A/x < 4", 0), ("A/x < 1e999", 6), ("A/x < nan bar", 10), ("A/x < and", 6), ("1 < A/x < 2", 2),
  ])
  func aFaultHasItsPlaceAndARemedy(text: String, offset: Int) {
    do {
      let formula = try FormulaParser.parse(text)
      Issue.record("`\(text)` was read as \(formula)")
    } catch {
      #expect(error.offset == offset, "`\(text)`: \(error)")
      #expect(!error.problem.isEmpty && !error.remedy.isEmpty)
    }
  }

  @Test func textThatIsNoFormulaNeverTraps() {
    let pieces = [
      "A/x", "<", "4", "bar", "(", ")", "[", "]", "and", "once", "until", "since", ",", "->", "-", "*", "1e", "é", "inf", " ", "\u{0}", "9e99", "not",
    ]
    for seed in 0..<20_000 {
      var dice = Dice(UInt64(seed))
      let text = (0..<dice.below(12)).map { _ in pieces[dice.below(pieces.count)] }.joined(separator: dice.below(2) == 0 ? " " : "")
      _ = try? FormulaParser.parse(text)
    }
    #expect(throws: FormulaError.self) { try FormulaParser.parse(String(repeating: "(", count: 100_000)) }
    #expect(throws: FormulaError.self) { try FormulaParser.parse(String(repeating: "not ", count: 100_000)) }
  }
}

@Suite struct StrengthTests {
  @Test func whatIsCalledStrongerImpliesTheWeaker() {
    var pairs = 0
    for seed in 0..<3000 {
      var dice = Dice(UInt64(seed))
      let base = Formula<Predicate>.random(depth: dice.below(3), &dice)
      let other = edited(base, &dice)
      guard base.isAtLeastAsStrong(as: other), base != other else { continue }
      pairs += 1
      let record = Record.random(until: 20, &dice)
      let strong = base.table(record), weak = other.table(record)
      for t in Int64(0)...20 {
        if strong[t].lower > weak[t].lower { Issue.record("seed \(seed): \(base) is not as strong as \(other) at \(t)") }
      }
    }
    #expect(pairs > 100)
  }

  /// The same formula with a bound, a window or an operator changed.
  private func edited(_ formula: Formula<Predicate>, _ dice: inout Dice) -> Formula<Predicate> {
    func window(_ w: TimeWindow, _ dice: inout Dice) -> TimeWindow {
      let from = max(0, w.from.nanoseconds + Int64(dice.below(3)) - 1)
      return TimeWindow(.nanoseconds(from), w.to.map { .nanoseconds(max(from, $0.nanoseconds + Int64(dice.below(3)) - 1)) })
    }
    switch formula {
    case .truth: return formula
    case .atom(var predicate):
      predicate.bound += Double(dice.below(3) - 1)
      if dice.below(3) == 0 { predicate.comparison = Comparison.allCases[dice.below(6)] }
      return .atom(predicate)
    case .not(let f): return .not(edited(f, &dice))
    case .and(let f, let g): return dice.below(4) == 0 ? f : .and(edited(f, &dice), g)
    case .or(let f, let g): return .or(edited(f, &dice), edited(g, &dice))
    case .historically(let w, let f): return .historically(window(w, &dice), edited(f, &dice))
    case .once(let w, let f): return .once(window(w, &dice), edited(f, &dice))
    case .since(let w, let f, let g): return .since(window(w, &dice), edited(f, &dice), g)
    case .always(let w, let f): return .always(window(w, &dice), edited(f, &dice))
    case .eventually(let w, let f): return .eventually(window(w, &dice), edited(f, &dice))
    case .until(let w, let f, let g): return .until(window(w, &dice), f, edited(g, &dice))
    }
  }
}
