import Foundation
import Testing

/// The acceptance figure: ten thousand trials, every one detected.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil)) struct TamperStudy {
  @Test func tenThousandChangedBytesAreDetected() throws { try TamperedLedger.run(fieldTrials: 10_000, fileTrials: 10_000) }
}
