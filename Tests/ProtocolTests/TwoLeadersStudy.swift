import Foundation
import Testing

/// The acceptance figure of scenario 9: a million interleavings.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAKT_STUDY"] != nil)) struct TwoLeadersStudy {
  @Test func noStaleWriteLeavesInAMillionInterleavings() throws { try TwoLeadersTests.run(0..<1_000_000) }
}
