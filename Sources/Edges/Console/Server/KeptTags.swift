/// The table of tags, made when somebody asks for it and kept for a while.
///
/// Making it reads much, so it is made once for all who wait, and kept for as long as makes it at most one twentieth of a core's work.
actor KeptTags {
  private let backend: any ConsoleBackend
  private var kept: (view: TagsView, until: ContinuousClock.Instant)?
  private var making: Task<TagsView, Never>?

  init(backend: any ConsoleBackend) { self.backend = backend }

  /// The one that is kept while it is young enough, else a new one.
  func present() async -> TagsView {
    if let kept, ContinuousClock.now < kept.until { return kept.view }
    if let making { return await making.value }
    let began = ContinuousClock.now
    let backend = backend
    let task = Task { await backend.tags() }
    making = task
    let view = await task.value
    let took = ContinuousClock.now - began
    kept = (view, ContinuousClock.now + max(.seconds(5), took * 20))
    making = nil
    return view
  }
}
