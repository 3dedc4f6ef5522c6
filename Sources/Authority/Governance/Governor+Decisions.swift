extension Governor {
  mutating func decide(_ input: GovernorInput, _ turn: inout Turn) {}
  mutating func advance(_ turn: inout Turn) {}
  mutating func follow(_ fact: Fact, _ turn: inout Turn) {}
}
