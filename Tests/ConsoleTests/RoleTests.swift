import Console
import Hummingbird
import Testing

@Test func rolesHaveTheirNames() { #expect(Role(rawValue: "operator") == .operator) }
