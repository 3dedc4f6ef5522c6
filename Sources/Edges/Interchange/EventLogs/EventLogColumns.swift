import Quantities

/// Which column of a table is which part of an event.
public struct EventLogColumns: Sendable, Hashable, Codable {
  public var caseID: String
  public var activity: String
  /// When it ended, or the one instant of an event.
  public var complete: String
  public var start: String?
  public var resource: String?
  /// `start`, `complete` and so on, where each transition is a row of its own.
  public var lifecycle: String?

  public init(caseID: String, activity: String, complete: String, start: String? = nil, resource: String? = nil, lifecycle: String? = nil) {
    (self.caseID, self.activity, self.complete) = (caseID, activity, complete)
    (self.start, self.resource, self.lifecycle) = (start, resource, lifecycle)
  }

  /// Names that someone gave; the rest are guessed.
  public struct Given: Sendable, Hashable, Codable {
    public var caseID: String?
    public var activity: String?
    public var complete: String?
    public var start: String?
    public var resource: String?
    public var lifecycle: String?
    public init(
      caseID: String? = nil, activity: String? = nil, complete: String? = nil, start: String? = nil, resource: String? = nil, lifecycle: String? = nil
    ) {
      (self.caseID, self.activity, self.complete) = (caseID, activity, complete)
      (self.start, self.resource, self.lifecycle) = (start, resource, lifecycle)
    }
  }

  /// Finds the columns of a header: those given, the others by the names that logs commonly use (XES keys, and those of process-mining
  /// tools and shop-floor exports), whatever their letters' case, blanks and underscores.
  ///
  /// - Throws: `EventLogError.unmapped` where case, activity or instant is not found; `.noSuchColumn` for a given name that is not there.
  public init(header: [String], given: Given = Given()) throws(EventLogError) {
    var taken = Set<String>()
    func find(_ name: String?, _ part: String, _ names: [String]) throws(EventLogError) -> String? {
      if let name {
        guard header.contains(name) else { throw .noSuchColumn(name, meant: Spelling.nearest(to: name, among: header), header: header) }
        taken.insert(name)
        return name
      }
      for candidate in names {
        if let column = header.first(where: { Self.plain($0) == candidate && !taken.contains($0) }) {
          taken.insert(column)
          return column
        }
      }
      return nil
    }
    func require(_ column: String?, _ part: String) throws(EventLogError) -> String {
      guard let column else { throw .unmapped(part: part, header: header) }
      return column
    }
    let start = try find(given.start, "start", Self.startNames)
    let complete = try find(given.complete, "completion", Self.completeNames)
    let activity = try find(given.activity, "activity", Self.activityNames)
    let caseID = try find(given.caseID, "case", Self.caseNames)
    resource = try find(given.resource, "resource", Self.resourceNames)
    lifecycle = try find(given.lifecycle, "lifecycle", ["lifecycle:transition", "lifecycle", "lifecycletransition", "transition", "eventtype"])
    self.caseID = try require(caseID, "case")
    self.activity = try require(activity, "activity")
    self.complete = try require(complete ?? start, "instant")
    self.start = complete == nil ? nil : start
  }

  private static func plain(_ name: String) -> String { name.lowercased().filter { !" _-.".contains($0) } }

  private static let caseNames = [
    "case:concept:name", "caseconceptname", "caseid", "case", "orderid", "order", "workorder", "workorderid", "joborder", "jobid", "job", "lot",
    "lotid",
    "item", "itemid", "part", "partid", "serial", "serialnumber", "object", "objectid", "value",
  ]
  private static let activityNames = [
    "concept:name", "conceptname", "activity", "activityname", "operation", "step", "task", "event", "eventname", "sensor", "sensorid", "station",
  ]
  private static let completeNames = [
    "time:timestamp", "timetimestamp", "completetimestamp", "endtimestamp", "complete", "completetime", "endtime", "end", "finish", "finishtime",
    "timestamp", "time", "timems", "timestampms", "instant", "date", "datetime",
  ]
  private static let startNames = ["starttimestamp", "start:timestamp", "time:start", "starttime", "start", "begin", "begintime"]
  private static let resourceNames = ["org:resource", "orgresource", "resource", "worker", "workerid", "operator", "machine", "user", "employee"]
}
