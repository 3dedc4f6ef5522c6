import Console
import Foundation
import Quantities
import Testing

/// The pages in a real browser. Needs Chromium; says so and passes where there is none.
@Suite(.serialized) struct PageTests {
  private static let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// The page's elements after it has drawn the snapshot; nil without a browser.
  private func drawn(_ page: String, _ client: RawClient) async throws -> String? {
    guard let browser = Self.browser else {
      print("skipped: the pages were not drawn because Chromium is not installed")
      return nil
    }
    let profile = FileManager.default.temporaryDirectory.appendingPathComponent("takt-console-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: profile) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: browser)
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1280,800", "--virtual-time-budget=4000",
      "--user-data-dir=\(profile.path)", "--dump-dom", "\(client.origin)/?still#\(page)",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    return try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        do {
          try process.run()
          // A browser that hangs fails the test instead of holding it up.
          let watchdog = DispatchWorkItem { process.terminate() }
          DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: watchdog)
          let data = output.fileHandleForReading.readDataToEndOfFile()
          process.waitUntilExit()
          watchdog.cancel()
          continuation.resume(returning: String(decoding: data, as: UTF8.self))
        } catch {
          continuation.resume(throwing: error)
        }
      }
    }
  }

  @Test func theLineIsDrawnWithItsStatesAndWhatIsNotKnownIsNotZero() async throws {
    try await withConsole { client, _, _ async throws in
      guard let page = try await drawn("line", client) else { return }
      for label in [
        "Filler: Execute, working", "Capper: Suspended, waits for parts or room", "Labeller: Aborted, broken down",
        "Packer: Unknown, state not known",
        "B1: 37 of 40", "B2: 29.6 of 30, inferred by the twin, full", "B3: level not known",
        "ProductTemp: 8.1 °C (stale: the source is silent). Press for its history",
        "FillPressure: 2.46 bar, set-point 2.5 bar",
      ] { #expect(page.contains(label), "\(label)") }
      #expect(page.contains("value per hour: prices are missing in plant.yaml"), "a missing figure says why")
      #expect(page.contains("10:00:00"), "plant time")
      #expect(page.contains("TAKE OVER") && page.contains("HALT") && page.contains("Sign in"))
      #expect(page.contains("AUTOMATIC") && page.contains("✓ valid"))
      // The panel may take over and halt, and nothing else.
      let buttons = page.components(separatedBy: "<button").dropFirst().map { String($0.prefix { $0 != ">" }) }
      #expect(buttons.first { $0.contains("take over:") }?.contains("disabled") == false)
      #expect(buttons.first { $0.contains("halt:") }?.contains("disabled") == false)
    }
  }

  @Test func everyOtherPageShowsWhatTheSnapshotSays() async throws {
    try await withConsole { client, _, _ async throws in
      let expected: [(page: String, texts: [String])] = [
        ("twin", ["Inside the band", "all stations agree with the forecast", "design outside", "optimum of Labeller/GlueTemp", "class=\"uplot"]),
        (
          "posterior",
          [
            "Labeller: repair: what was observed and the law", "✖ gamma does not fit", "✓ fits", "? not tested", "2 of 5 that a test needs",
            "lognormal 81 %, gamma 17 %, Weibull 2 %", "5 to 9, ±30 %", "takt calibrate examples/bottling-4",
            "calibration 5d0c8ab3c11f92e4 at 2026-05-04T09:50:00Z", "mean only", "foretold best (64 %)", "never by age",
          ]
        ),
        (
          "residuals",
          [
            "Labeller: repairs take 2.0 (1.6 to 2.5) times as long since 09:12", "7 residuals, 4 of them beyond ±1.64", "▲ changed", "no failure yet",
            "5 of 7", "fell inside their 90 % interval (71 %)", "Valid until", "takt calibrate examples/bottling-4", "class=\"far\"",
          ]
        ),
        (
          "changes",
          [
            "C-17", "tried on some machines, beside the others", "pair 3 of at most 30, settling", "at the latest", "2 pairs that count",
            "e-value <b>3</b> of 20", "e-value <b>0.3</b> of 20", "below 0.01",
            "Not decided yet. Kept once the gain’s lower bound, −12, reaches +17.8 parts/h.",
            "C-18", "waits for approval", "undone and quarantined", "no verdict by 12:30 UTC",
            "Sign in to do this",
          ]
        ),
        ("loops", ["speeds", "backing off", "5 of 6", "restart in 40 s", "no process runs"]),
        // Text from outside never becomes markup.
        ("ledger", ["SetpointWritten", "e90b44a1c6d7", "torque proposes C-18 &lt;b&gt;now&lt;/b&gt;", "Verify the chain"]),
        ("data", ["Filler/ProductTemp", "silent for 12 min, limit 2 min", "never seen", "payloads malformed"]),
        (
          "tags",
          [
            "of 3 tags", "1.38", "86 412", "119 kB", "0.2/s", "2 min", "230 ms", "99.5 %", "≥ 1 000", "2.46 bar", "never seen",
            "aria-sort=\"ascending\"", "Text &lt;i&gt;from outside&lt;/i&gt;",
          ]
        ),
      ]
      for row in expected {
        guard let page = try await drawn(row.page, client) else { return }
        for text in row.texts { #expect(page.contains(text), "\(text) on \(row.page)") }
      }
    }
  }

  @Test func takenOverHaltedAndInvalidAreShownAndAskTheRightThing() async throws {
    try await withConsole { client, backend, _ async throws in
      var snapshot = Sample.snapshot
      snapshot.mode = ModeView(kind: .manual, since: Sample.now - .minutes(2), by: "panel", reason: "taken over")
      snapshot.twin.valid = false
      snapshot.changes = []
      snapshot.forecast = nil
      await backend.set(present: snapshot)
      guard let taken = try await drawn("line", client) else { return }
      #expect(taken.contains("TAKEN OVER") && taken.contains("by panel") && taken.contains("RE-ARM") && taken.contains("✖ not valid"))
      #expect(taken.contains("No change is tried while the twin is not valid"))
      snapshot.mode = ModeView(kind: .halted, since: nil, by: "safety", reason: nil)
      snapshot.twin.valid = nil
      snapshot.twin.score = nil
      await backend.set(present: snapshot)
      guard let halted = try await drawn("twin", client) else { return }
      #expect(halted.contains("HALTED") && halted.contains("RESUME") && halted.contains("? not calibrated") && halted.contains("No forecast yet"))
    }
  }

  @Test func beforeTheFirstCalibrationThePagesSayWhatIsMissing() async throws {
    try await withConsole { client, backend, _ async throws in
      await backend.set(posterior: PosteriorView(rerun: nil, activities: []))
      await backend.set(
        residuals: ResidualsView(
          rerun: nil, series: [], changes: [], forecasts: ForecastScoresView(transforms: [], coverage: nil, horizon: .minutes(20))))
      guard let posterior = try await drawn("posterior", client) else { return }
      #expect(posterior.contains("No activity has been seen yet") && posterior.contains("Nothing to repeat before the first calibration"))
      guard let residuals = try await drawn("residuals", client) else { return }
      #expect(residuals.contains("No residual yet") && residuals.contains("the first one looks 20 min ahead") && residuals.contains("None yet"))
    }
  }

  @Test func aReferenceSaysWhetherItStandsAndAnEngineerIsAskedWhereItWasLeft() async throws {
    try await withConsole { client, backend, _ async throws in
      func reference(_ station: String, _ quantity: String, stands: Bool, drift: String? = nil) -> ReferenceView {
        ReferenceView(
          station: station, quantity: quantity, since: stands ? Sample.now - .hours(240) : nil, samples: stands ? 62 : 5, commissioning: 32,
          distance: stands ? 1.4 : nil, strain: stands ? 0.3 : nil, drift: drift)
      }
      var snapshot = Sample.snapshot
      snapshot.twin.referenceInterval = .hours(12)
      snapshot.twin.references = [reference("Filler", "scrap", stands: false), reference("Filler", "cycle", stands: false)]
      await backend.set(present: snapshot)
      guard let young = try await drawn("twin", client) else { return }
      for text in ["No reference stands yet", "being commissioned: 5 of 32 samples", "The last will stand in about 14 days", "of 12 h"] {
        #expect(young.contains(text), "\(text)")
      }
      #expect(!young.contains("quarantined"))

      let words = "Filler: rejects since 03:00, 4.1 % came where 2 % was foretold"
      snapshot.twin.references = [
        reference("Filler", "scrap", stands: true, drift: words), reference("Filler", "cycle", stands: true),
        reference("Capper", "scrap", stands: false),
      ]
      await backend.set(present: snapshot)
      guard let left = try await drawn("twin", client) else { return }
      for text in [
        "The twin is quarantined", words, "▲ drifted", "Accept as the new reference", "Cause removed", "1 of 3 references do not stand yet",
      ] {
        #expect(left.contains(text), "\(text)")
      }
      let panel = try #require(left.range(of: "Against commissioning")), forecast = try #require(left.range(of: "Forecast and reality"))
      #expect(panel.lowerBound < forecast.lowerBound, "what waits for a person comes first")
    }
  }

  @Test func aHeldChangeAndADeclaredCertificateAreToldInWords() async throws {
    try await withConsole { client, backend, _ async throws in
      var snapshot = Sample.snapshot
      snapshot.changes[0].state = .held
      (snapshot.changes[0].pair, snapshot.changes[0].evidence, snapshot.changes[0].realised) = (nil, nil, nil)
      snapshot.changes[0].stage?.judgedAfter = Sample.now + .hours(4)
      snapshot.changes[3].realised = nil
      snapshot.loops[0].certificate = CertificateView(
        isLive: true, gainLow: 0.6, gainHigh: 1.4, share: 0.32, period: .hours(1), issued: Sample.now, expires: Sample.now + .hours(20), hash: "ab",
        source: "declared by eve")
      await backend.set(present: snapshot)
      guard let changes = try await drawn("changes", client) else { return }
      for text in [
        "❚❚ held where it is", "Nothing moves; evidence is gathered anew when it goes on. Goes back", "unless it can go on before", "too little seen",
      ] {
        #expect(changes.contains(text), "\(text)")
      }
      guard let loops = try await drawn("loops", client) else { return }
      #expect(loops.contains("declared by eve: ") && loops.contains("certified at 32 % of the bound, loop gain 0.6 … 1.4"))
    }
  }

  @Test func aStrangerSeesNothingButTheSignIn() async throws {
    try await withConsole({ $0.trustsLoopback = false }) { client, _, _ async throws in
      guard let page = try await drawn("line", client) else { return }
      #expect(page.contains("Sign in to see the plant.") && !page.contains("Labeller"))
    }
  }
}
