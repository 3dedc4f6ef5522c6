import Glibc

/// A shared library, loaded for the life of the process.
@safe struct SharedLibrary {
  private let handle: UnsafeMutableRawPointer
  private let path: String

  init(_ path: String) throws(UnusableLibrary) {
    guard let handle = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw UnusableLibrary(reason: unsafe dlerror().map { unsafe String(cString: $0) } ?? "\(path) cannot be loaded")
    }
    (unsafe self.handle, self.path) = (unsafe handle, path)
  }

  /// A function by its name, as a C function of the type that the standard gives it.
  func function<Function>(_ name: String, as type: Function.Type = Function.self) throws(UnusableLibrary) -> Function {
    guard let address = unsafe dlsym(handle, name) else { throw UnusableLibrary(reason: "the library has no function \(name)") }
    return unsafe unsafeBitCast(address, to: type)
  }
}
