import Console
import Crypto
import CryptoExtras
import Foundation

/// The people who may sign in, in `accounts.json` of the data folder: passwords as salted scrypt (N 2¹⁵, r 8, p 1), never themselves.
struct Accounts: Sendable {
  private struct Entry: Codable, Sendable {
    var name: String
    var roles: [Role]
    var salt: Data
    var key: Data
  }

  private let path: String

  init(data: String) { path = "\(data)/accounts.json" }

  var isEmpty: Bool { entries().isEmpty }

  /// Adds a person, or gives one another password and roles.
  func set(name: String, password: String, roles: [Role]) throws {
    guard password.utf8.count >= 8 else { throw CommandFailure("a password needs at least 8 characters") }
    let salt = unsafe SymmetricKey(size: .bits128).withUnsafeBytes { unsafe Data($0) }
    let entry = Entry(name: name, roles: roles, salt: salt, key: try Self.derive(password, salt))
    let all = entries().filter { $0.name != name } + [entry]
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(all.sorted { $0.name < $1.name }).write(to: URL(filePath: path), options: .atomic)
    unsafe chmod(path, 0o600)
  }

  /// Nil for an unknown name and a wrong password alike, after the same time.
  func signIn(name: String, password: String) -> Account? {
    let entry = entries().first { $0.name == name }
    guard let key = try? Self.derive(password, entry?.salt ?? Data(repeating: 0, count: 16)), let entry, Self.same(key, entry.key) else { return nil }
    return Account(name: entry.name, roles: entry.roles)
  }

  private func entries() -> [Entry] {
    FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode([Entry].self, from: $0) } ?? []
  }

  private static func derive(_ password: String, _ salt: Data) throws -> Data {
    unsafe try KDF.Scrypt.deriveKey(
      from: Data(password.utf8), salt: salt, outputByteCount: 32, rounds: 1 << 15, blockSize: 8, parallelism: 1, maxMemory: 1 << 26
    )
    .withUnsafeBytes { unsafe Data($0) }
  }

  /// Compares without telling by its time where they differ.
  private static func same(_ a: Data, _ b: Data) -> Bool {
    a.count == b.count && zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

/// A secret by reference, as connections.yaml names it: `env:NAME` or `file:PATH`.
enum Secret {
  static func resolve(_ reference: String) throws -> String {
    if reference.hasPrefix("env:") {
      let name = String(reference.dropFirst(4))
      guard let value = ProcessInfo.processInfo.environment[name] else {
        throw CommandFailure("the environment holds no \(name), which connections.yaml refers to")
      }
      return value
    }
    if reference.hasPrefix("file:") {
      let path = String(reference.dropFirst(5))
      guard let content = try? String(contentsOfFile: path, encoding: .utf8) else {
        throw CommandFailure("\(path), which connections.yaml refers to, cannot be read")
      }
      return content.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    throw CommandFailure("\"\(reference)\" is no reference to a secret; write env:NAME or file:PATH")
  }

  /// The secret in a file that only this user can read, made where there is none.
  static func kept(in path: String) throws -> String {
    if let content = FileManager.default.contents(atPath: path) { return String(decoding: content, as: UTF8.self) }
    let secret = random()
    guard FileManager.default.createFile(atPath: path, contents: Data(secret.utf8), attributes: [.posixPermissions: 0o600]) else {
      throw CommandFailure("\(path) cannot be written")
    }
    return secret
  }

  /// 32 random bytes as hex, for tokens and first passwords.
  static func random(bytes: Int = 32) -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<bytes).map { _ in String(format: "%02x", UInt8.random(in: 0...255, using: &generator)) }.joined()
  }
}
