import HTTPTypes
import Hummingbird

/// Where a request comes from, as far as its headers tell: the defence against other web pages acting through somebody's browser.
enum Origin {
  /// Why a request that changes something must not be served, or nil.
  ///
  /// Browsers send `Origin` with every POST and DELETE, and `Sec-Fetch-Site` besides; a page elsewhere cannot forge them. A request with
  /// neither does not come from a browser's page, so only a cookie could make it dangerous, and then it is refused.
  static func refusal(of request: Request) -> String? {
    let headers = request.headers
    if let site = headers[.secFetchSite], site != "same-origin" && site != "none" {
      return "the request comes from another site (\(site))"
    }
    if let origin = headers[.origin] {
      guard let host = request.head.authority, origin == "http://\(host)" || origin == "https://\(host)" else {
        return "the request's Origin is not this console"
      }
      return nil
    }
    if headers[.secFetchSite] == nil && headers[.cookie] != nil { return "a request with a cookie needs an Origin" }
    return nil
  }

  /// Whether a Host header is one of ours: an address, `localhost`, or a name from the configuration.
  ///
  /// A name that somebody else's DNS points here would make their page same-origin with us (DNS rebinding); an address cannot be rebound.
  static func isOurs(host: String?, names: [String]) -> Bool {
    guard let host else { return false }
    if host.hasPrefix("[") { return host.contains("]") }
    let name = host.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count == 4 && parts.allSatisfy({ UInt8($0) != nil }) { return true }
    return (["localhost"] + names).contains { $0.lowercased() == name.lowercased() }
  }
}

extension HTTPField.Name {
  static var secFetchSite: Self { Self("Sec-Fetch-Site")! }
  static var forwarded: Self { Self("Forwarded")! }
  static var xForwardedFor: Self { Self("X-Forwarded-For")! }
  static var contentTypeOptions: Self { Self("X-Content-Type-Options")! }
  static var referrerPolicy: Self { Self("Referrer-Policy")! }
  static var frameOptions: Self { Self("X-Frame-Options")! }
  static var influxVersion: Self { Self("X-Influxdb-Version")! }
}

/// Compares in a time that depends on the lengths alone.
func equalInConstantTime(_ a: String, _ b: String) -> Bool {
  let (a, b) = (Array(a.utf8), Array(b.utf8))
  guard a.count == b.count else { return false }
  return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
