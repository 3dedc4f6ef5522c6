import PromQL
import Testing

@Suite struct PromQueryTests {
  /// The series of Prometheus's `operators.test`, every 5 minutes from 0.
  private var requests: MemoryReader {
    var reader = MemoryReader()
    for (job, instance, group, step) in [
      ("api-server", "0", "production", 10.0), ("api-server", "1", "production", 20), ("api-server", "0", "canary", 30),
      ("api-server", "1", "canary", 40),
      ("app-server", "0", "production", 50), ("app-server", "1", "production", 60), ("app-server", "0", "canary", 70),
      ("app-server", "1", "canary", 80),
    ] {
      reader.load(
        ["__name__": "http_requests", "job": job, "instance": instance, "group": group], every: 300, (0...10).map { Double($0) * step })
    }
    return reader
  }

  /// Answers of Prometheus 2's own test files (operators.test, aggregators.test, functions.test) at 50 minutes.
  @Test func arithmeticAndAggregationAnswerAsPrometheusDoes() {
    let reader = requests
    let cases: [(String, [String])] = [
      ("SUM(http_requests) BY (job) - COUNT(http_requests) BY (job)", ["{job=api-server} 996.0", "{job=app-server} 2596.0"]),
      ("2 - SUM(http_requests) BY (job)", ["{job=api-server} -998.0", "{job=app-server} -2598.0"]),
      ("-http_requests{job=\"api-server\",instance=\"0\",group=\"production\"}", ["{group=production,instance=0,job=api-server} -100.0"]),
      ("- + - + 1", ["1.0"]), ("-2^3", ["-8.0"]), ("2^3^2", ["512.0"]), ("1 - 2 - 3", ["-4.0"]), ("2 * (1 + 3) % 3", ["2.0"]), ("-1^2", ["-1.0"]),
      ("1 < bool 2", ["1.0"]), ("0x1F + 1e1", ["41.0"]), ("NaN", ["nan"]), ("-Inf", ["-inf"]), ("\"a\\\"b\"", ["a\"b"]),
      ("SUM(http_requests) BY (job) > 1000", ["{job=app-server} 2600.0"]),
      ("SUM(http_requests) BY (job) == bool 1000", ["{job=api-server} 1.0", "{job=app-server} 0.0"]),
      ("1000 < SUM(http_requests) BY (job)", ["{job=app-server} 2600.0"]),
      ("sum without (instance, group) (http_requests)", ["{job=api-server} 1000.0", "{job=app-server} 2600.0"]),
      ("sum(http_requests)", ["{} 3600.0"]),
      ("avg by (group) (http_requests)", ["{group=canary} 550.0", "{group=production} 350.0"]), ("count(http_requests)", ["{} 8.0"]),
      ("min(http_requests)", ["{} 100.0"]), ("max by (job) (http_requests)", ["{job=api-server} 400.0", "{job=app-server} 800.0"]),
      ("stddev(http_requests)", ["{} 229.128784748"]), ("stdvar(http_requests)", ["{} 52500.0"]), ("group(http_requests)", ["{} 1.0"]),
      ("quantile(0.8, http_requests)", ["{} 660.0"]),
      ("quantile by (job) (0.5, http_requests)", ["{job=api-server} 250.0", "{job=app-server} 650.0"]),
      (
        "topk(2, http_requests)",
        ["http_requests{group=canary,instance=1,job=app-server} 800.0", "http_requests{group=canary,instance=0,job=app-server} 700.0"]
      ),
      (
        "bottomk(1, http_requests) by (job)",
        ["http_requests{group=production,instance=0,job=api-server} 100.0", "http_requests{group=production,instance=0,job=app-server} 500.0"]
      ),
      (
        "http_requests{group=\"canary\"} and http_requests{instance=\"0\"}",
        ["http_requests{group=canary,instance=0,job=api-server} 300.0", "http_requests{group=canary,instance=0,job=app-server} 700.0"]
      ),
      ("count(http_requests{group=\"canary\"} or http_requests{group=\"production\"})", ["{} 8.0"]),
      (
        "http_requests{group=\"canary\"} unless on(job) http_requests{instance=\"0\",job=\"api-server\"}",
        ["http_requests{group=canary,instance=0,job=app-server} 700.0", "http_requests{group=canary,instance=1,job=app-server} 800.0"]
      ),
      (
        "http_requests{group=\"canary\"} / on(instance,job) http_requests{group=\"production\"}",
        [
          "{instance=0,job=api-server} 3.0", "{instance=0,job=app-server} 1.4", "{instance=1,job=api-server} 2.0",
          "{instance=1,job=app-server} 1.33333333333",
        ]
      ),
      ("http_requests{group=\"canary\"} / ignoring(group) http_requests{group=\"production\"} > 2", ["{instance=0,job=api-server} 3.0"]),
      (
        "sum by (instance)(http_requests) / on(instance) group_left(job) http_requests{group=\"canary\",job=\"app-server\"}",
        ["{instance=0,job=app-server} 2.28571428571", "{instance=1,job=app-server} 2.5"]
      ),
      ("http_requests{job=~\"api.*\",group!=\"canary\",instance!~\"[1-9]\"}", ["http_requests{group=production,instance=0,job=api-server} 100.0"]),
      (
        "http_requests{job=~\"app-server|nothing\",instance=\"0\",group=\"canary\"} offset 10m",
        ["http_requests{group=canary,instance=0,job=app-server} 560.0"]
      ),
      ("sum(http_requests @ 300)", ["{} 360.0"]),
      ("{\"http_requests\",instance=\"0\",job=\"api-server\",group=\"canary\"}", ["http_requests{group=canary,instance=0,job=api-server} 300.0"]),
      ("time()", ["3000.0"]), ("vector(3)", ["{} 3.0"]), ("scalar(sum(http_requests))", ["3600.0"]), ("scalar(http_requests)", ["nan"]),
      ("pi()", ["3.14159265359"]),
      ("absent(nothing{a=\"b\",c!=\"d\"})", ["{a=b} 1.0"]), ("absent(http_requests)", []), ("hour(vector(3600*5+60))", ["{} 5.0"]),
      ("day_of_month(vector(1767592800))", ["{} 5.0"]), ("month(vector(1767592800)) + year(vector(1767592800))", ["{} 2027.0"]),
      ("day_of_week(vector(1767592800))", ["{} 1.0"]),
      ("clamp(vector(5), 1, 3)", ["{} 3.0"]), ("round(vector(2.55), 0.1)", ["{} 2.6"]), ("round(vector(-2.5))", ["{} -2.0"]),
      ("abs(vector(-1)) + sgn(vector(-3))", ["{} 0.0"]),
      ("timestamp(http_requests{instance=\"0\",job=\"api-server\",group=\"canary\"})", ["{group=canary,instance=0,job=api-server} 3000.0"]),
      ("label_replace(vector(1), \"to\", \"x-$1\", \"from\", \"(.*)\")", ["{to=x-} 1.0"]),
      (
        "label_join(sum by (job, group)(http_requests{group=\"canary\"}), \"both\", \"-\", \"job\", \"group\")",
        ["{both=api-server-canary,group=canary,job=api-server} 700.0", "{both=app-server-canary,group=canary,job=app-server} 1500.0"]
      ),
      ("sort_desc(sum by (job) (http_requests))", ["{job=app-server} 2600.0", "{job=api-server} 1000.0"]),
    ]
    for (query, expected) in cases { #expect(reader.ask(query) == expected, "\(query)") }
  }

  @Test func functionsOfRangesAnswerAsPrometheusDoes() {
    var reader = MemoryReader()
    reader.load(["__name__": "counter", "path": "a"], every: 300, (0...10).map { Double($0) * 10 })
    reader.load(["__name__": "counter", "path": "b"], every: 300, [0, 10, 20, 30, 40, 0, 10, 20, 30, 40, 50])
    reader.load(["__name__": "gauge"], every: 10, [0, 8, 8, 2, 3])
    reader.load(["__name__": "big"], every: 10, [1, 1e100, 1, -1e100])
    let cases: [(String, Double, [String])] = [
      // functions.test: increase() and rate() with a reset; the left end of a range does not belong to it.
      ("increase(counter[50m1s])", 3000, ["{path=a} 100.0", "{path=b} 90.0"]),
      ("rate(counter[50m1s]) * 3001", 3000, ["{path=a} 100.0", "{path=b} 90.0"]),
      ("irate(counter[50m])", 3000, ["{path=a} 0.0333333333333", "{path=b} 0.0333333333333"]),
      ("irate(counter{path=\"b\"}[30m])", 1500, ["{path=b} 0.0"]),
      ("delta(gauge[41s])", 40, ["{} 3.075"]), ("idelta(gauge[1m])", 40, ["{} 1.0"]), ("changes(gauge[1m])", 40, ["{} 3.0"]),
      ("resets(counter[1h])", 3000, ["{path=a} 0.0", "{path=b} 1.0"]),
      ("deriv(counter{path=\"a\"}[50m1s])", 3000, ["{path=a} 0.0333333333333"]),
      ("avg_over_time(gauge[1m])", 40, ["{} 4.2"]), ("sum_over_time(big[1m])", 40, ["{} 2.0"]), ("avg_over_time(big[1m])", 40, ["{} 0.5"]),
      ("min_over_time(gauge[30s])", 40, ["{} 2.0"]), ("max_over_time(gauge[20s])", 40, ["{} 3.0"]), ("count_over_time(gauge[20s])", 40, ["{} 2.0"]),
      ("last_over_time(gauge[1m])", 40, ["gauge{} 3.0"]), ("stddev_over_time(gauge[1m])", 40, ["{} 3.24961536185"]),
      ("stdvar_over_time(gauge[1m])", 40, ["{} 10.56"]),
      ("quantile_over_time(0.5, gauge[1m])", 40, ["{} 3.0"]), ("quantile_over_time(0.75, gauge[1m])", 40, ["{} 8.0"]),
      ("present_over_time(gauge[1m])", 40, ["{} 1.0"]),
      ("absent_over_time(nothing[1m])", 40, ["{} 1.0"]), ("gauge[20s]", 40, ["gauge{} [2.0, 3.0]"]),
      ("max_over_time(gauge[40s:10s])", 40, ["{} 8.0"]),
      ("sum_over_time(sum(gauge)[30s:10s])", 40, ["{} 13.0"]), ("max_over_time(gauge[10s] offset 20s)", 40, ["{} 8.0"]),
      ("rate(counter[1m])", 3000, []),
    ]
    for (query, time, expected) in cases { #expect(reader.ask(query, at: time) == expected, "\(query)") }
  }

  @Test func aSampleIsHeldForFiveMinutesAndAMarkEndsItAtOnce() {
    var reader = MemoryReader()
    reader.load(["__name__": "a"], every: 60, [1, 2, nil, 4])
    reader.load(["__name__": "b"], every: 60, [1, Staleness.marker, 3])
    #expect(reader.ask("a", from: 0, to: 600, step: 60) == ["a{} 0:1.0 60:2.0 120:2.0 180:4.0 240:4.0 300:4.0 360:4.0 420:4.0"])
    #expect(reader.ask("b", from: 0, to: 150, step: 30) == ["b{} 0:1.0 30:1.0 120:3.0 150:3.0"])
    #expect(
      reader.ask("b", at: 60) == [] && reader.ask("b", at: 59) == ["b{} 1.0"] && reader.ask("a", at: 479) == ["a{} 4.0"]
        && reader.ask("a", at: 480) == [])
    #expect(reader.ask("count_over_time(b[5m])", at: 120) == ["{} 2.0"])
    #expect(reader.ask("a > 1 and on() b", from: 0, to: 240, step: 120) == ["a{} 120:2.0 240:4.0"])
    #expect(reader.ask("sum(a) + 1", from: 0, to: 120, step: 60) == ["{} 0:2.0 60:3.0 120:3.0"])
    #expect(reader.ask("a @ end() - a @ start()", from: 0, to: 180, step: 180) == ["{} 0:3.0 180:3.0"])
  }

  /// A store that sums windows itself gives what the samples give, to the edge of each range.
  @Test func windowsSummedByTheStoreGiveTheSame() {
    var reader = MemoryReader()
    reader.load(["__name__": "a", "x": "1"], every: 5, (0..<200).map { (i: Int) -> Double? in i % 17 == 3 ? nil : Double((i * 7919) % 1009) / 8 })
    reader.load(["__name__": "a", "x": "2"], every: 7, (0..<90).map { (i: Int) -> Double? in i > 30 && i < 60 ? Staleness.marker : Double(i) })
    var quick = reader
    quick.sumsWindows = true
    for function in ["avg", "min", "max", "sum", "count", "present"] {
      for range in ["[30s]", "[1m]", "[45s]", "[5m]", "[30s] offset 20s"] {
        let query = "\(function)_over_time(a\(range))"
        let plain = reader.ask(query, from: 40, to: 940, step: 30)
        let summed = quick.ask(query, from: 40, to: 940, step: 30)
        #expect(plain.count == 2 && summed == plain, "\(query)")
      }
    }
  }

  @Test func whatCannotBeAnsweredIsSaid() {
    let reader = requests
    let cases: [(String, String)] = [
      ("", "parse error at 0: found the end where an expression should be"), ("a +", "parse error at 3: found the end where an expression should be"),
      ("rate(a)", "a range is missing, as in rate(x[5m])"), ("a[5m]+1", "a range selector stands within a function, as in rate(x[5m])"),
      ("nothing(a)", "there is no function nothing here"),
      ("{a=\"\"}", "parse error at 0: a selector needs a matcher that does not match the empty value"),
      ("a{b=~\"(\"}", "( is no regular expression"), ("1 > 2", "a comparison of scalars needs bool"), ("a and 1", "and stands between vectors"),
      ("sum(1)", "sum takes an instant vector, not a scalar"), ("topk(a)", "topk takes two arguments, not 1"),
      ("a offset", "parse error at 8: found the end where a duration should be"),
      ("(a + b)[5m]", "parse error at 11: a range stands directly behind a selector; behind other expressions write [range:step]"),
      ("\"a", "parse error at 0: the text is not closed"),
      ("a[99999999999999999y]", "parse error at 2: the duration is too long"),
      (String(repeating: "(", count: 5000), "parse error at 100: the query nests too deep"),
      (
        "http_requests + on(job) http_requests",
        "several series match with the labels job=api-server: name the labels with on or ignoring, or use group_left"
      ),
    ]
    for (query, message) in cases {
      let answer = reader.ask(query)
      #expect(answer == [message], "\(query.prefix(60))")
    }
    #expect(reader.ask("up", from: 0, to: 100_000, step: 1)[0].hasPrefix("more than 11000 steps"))
  }

  /// Whatever is typed, the parser answers.
  @Test(arguments: 0..<4) func noTextTrapsTheParser(seed: Int) {
    var state = UInt64(seed) << 40 | 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let words = [
      "a", "rate", "(", ")", "[", "]", "{", "}", "5m", ":", "1", "-", "+", "^", "sum", "by", "on", "ignoring", "group_left", "=", "=~", "!=", "\"x\"",
      ",", "offset",
      "@", "and", "or", "bool", ">", "==", "1e", "0x", "'", "`", "#", "\\", "ü", "\u{0}", " ", "quantile_over_time", "start", "9223372036854775807",
      "NaN",
    ]
    let reader = requests
    var answered = 0
    for _ in 0..<3_000 {
      let text = (0..<next(12)).map { _ in words[next(words.count)] }.joined(separator: next(2) == 0 ? " " : "")
      if (try? PromQuery(text).answer(from: reader, at: 3_000_000_000_000)) != nil { answered += 1 }
    }
    #expect(answered > 20)
  }
}
