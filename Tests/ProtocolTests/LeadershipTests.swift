import ModelChecking
import Testing

/// The protocol at the scope of the reference: two governors, two epochs, four commands an epoch, two crashes.
@Suite struct LeadershipTests {
  @Test func everyReachableStateKeepsEveryInvariant() {
    let found = Explorer().explore(Leadership())
    print("protocol: \(found.states) states, \(found.transitions) transitions, depth \(found.depth)")
    #expect(found.isComplete)
    if let violation = found.violation { Issue.record("\(violation)") }
    for (bit, name) in Leadership.landmarkNames.sorted(by: { $0.key < $1.key }) {
      #expect(found.landmarks[bit] > 0, "nothing was proven about: \(name)")
      print("  \(name): \(found.landmarks[bit]) states")
    }
  }

  @Test(arguments: Removal.allCases)
  func eachSafeguardIsNeeded(removal: Removal) {
    let found = Explorer().explore(Leadership(without: removal))
    print("without \(removal.rawValue): \(found.violation?.steps.count ?? -1) steps, \(found.states) states, \(found.transitions) transitions")
    #expect(found.violation != nil, "\(removal.rawValue): not found out in \(found.states) states")
  }
}
