/// How the console is reached.
public struct ConsoleConfiguration: Sendable {
  /// The address to listen on. Anything but loopback opens the console to the network: put TLS in front of it then.
  public var host: String
  /// 0 lets the system choose.
  public var port: Int
  /// Names under which browsers may reach it, besides addresses and `localhost`.
  public var hostNames: [String]
  /// The command's token, and who it stands for; nil for none.
  public var token: ConsoleToken?
  /// Whether a connection from this machine is the local panel, which may look, take over and halt without signing in. Switch it off where
  /// a proxy on this machine passes strangers on (one that says so by `Forwarded` or `X-Forwarded-For` is never taken for the panel).
  public var trustsLoopback: Bool
  /// Set where TLS ends in front of the console: browsers then send the session's cookie over TLS only.
  public var secureCookies: Bool
  /// The largest body of telemetry, in bytes.
  public var bodyLimit: Int
  /// A session unused for this long ends.
  public var sessionIdleLimit: Swift.Duration
  /// How often the snapshot is looked at while anybody watches; also the shortest time between two frames of a stream.
  public var frameInterval: Swift.Duration
  /// A stream that had nothing to say for this long sends a comment, so that both sides know that the other is there.
  public var heartbeat: Swift.Duration

  public init(
    host: String = "127.0.0.1", port: Int = 8470, hostNames: [String] = [], token: ConsoleToken? = nil, trustsLoopback: Bool = true,
    secureCookies: Bool = false, bodyLimit: Int = 25_000_000, sessionIdleLimit: Swift.Duration = .seconds(12 * 3600),
    frameInterval: Swift.Duration = .milliseconds(250), heartbeat: Swift.Duration = .seconds(10)
  ) {
    (self.host, self.port, self.hostNames, self.token) = (host, port, hostNames, token)
    (self.trustsLoopback, self.secureCookies, self.bodyLimit) = (trustsLoopback, secureCookies, bodyLimit)
    (self.sessionIdleLimit, self.frameInterval, self.heartbeat) = (sessionIdleLimit, frameInterval, heartbeat)
  }
}

/// A secret that signs a program in, sent as `Authorization: Bearer SECRET`.
public struct ConsoleToken: Sendable {
  public var secret: String
  public var account: Account
  /// - Precondition: the secret has at least 16 characters.
  public init(secret: String, account: Account) {
    precondition(secret.utf8.count >= 16, "a console token needs at least 16 characters")
    (self.secret, self.account) = (secret, account)
  }
}
