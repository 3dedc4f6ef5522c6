/// Which paths take samples.
enum WriteRoutes {
  static func dialect(of path: String) -> WriteDialect? {
    switch path {
    case "/write", "/write/": .version1
    case "/api/v2/write": .version2
    case "/api/v1/write": .remoteWrite
    default: nil
    }
  }
}
