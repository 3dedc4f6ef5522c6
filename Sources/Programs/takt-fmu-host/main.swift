import FMUHost
import Foundation

// takt-fmu-host PAGE: started by takt, not by people; see FMUHost/HostLoop.swift.
guard CommandLine.arguments.count == 2 else {
  print("takt-fmu-host runs one functional mock-up unit for takt; it is started by takt fmu and takt calibrate, not by hand.")
  exit(2)
}
HostLoop.run(notePath: CommandLine.arguments[1])
