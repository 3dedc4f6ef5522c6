extension HTMLReport {
  /// Light and dark by the reader's setting; on paper light.
  static let style = """
    :root { --ground: #f4f5f6; --sheet: #fff; --ink: #1c2329; --quiet: #5a6670; --line: #d9dee2; --soft: #eef1f3; --steel: #33597c; --accent: #b3261e;
      --working: #4479a8; --setup: #2f9c8f; --maintenance: #7d6bb0; --failed: #b8322a; --microstopped: #e5a33b; --waiting: #d6c34a;
      --starved: #cfdce7; --blocked: #b9b3d6; --closed: #e3e3e3;
      --availability: #b8322a; --performance: #7f9bb3; --quality: #8d5a97; --good: #3c7f57; }
    @media (prefers-color-scheme: dark) { :root { --ground: #12171b; --sheet: #1a2127; --ink: #e5eaee; --quiet: #9aa8b3; --line: #36424c; --soft: #232c33;
      --steel: #7fb0da; --accent: #ff8a80; --working: #4f8cc2; --setup: #39ab9d; --maintenance: #8f7dc6; --failed: #d4564c; --microstopped: #e0a244;
      --waiting: #cdbb4c; --starved: #41535f; --blocked: #5d5885; --closed: #3a3f44;
      --availability: #d4564c; --performance: #6f8fab; --quality: #a873b3; --good: #4d9a6c; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; font-variant-numeric: tabular-nums; }
    main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 60px; }
    header, section { background: var(--sheet); border: 1px solid var(--line); border-radius: 10px; padding: 24px 30px; margin-bottom: 18px; }
    h1 { font-size: 34px; line-height: 1.15; margin: 0; letter-spacing: -.4px; }
    h2 { font-size: 20px; margin: 0 0 4px; }
    p { margin: 8px 0; }
    .kicker { margin: 0 0 2px; text-transform: uppercase; letter-spacing: 1.2px; font-size: 12px; color: var(--quiet); font-weight: 600; }
    .path { color: var(--quiet); margin: 2px 0 14px; }
    .lead { font-size: 19px; max-width: 60em; }
    .says { color: var(--quiet); font-size: 14px; max-width: 62em; }
    .remark { color: var(--accent); font-weight: 600; }
    .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(128px, 1fr)); gap: 10px; margin: 18px 0 12px; }
    .card { background: var(--soft); border-radius: 8px; padding: 10px 14px; }
    .card-name, .card-note { font-size: 12.5px; color: var(--quiet); }
    .card-value { font-size: 25px; font-weight: 700; line-height: 1.25; white-space: nowrap; }
    .unit { font-size: 14px; font-weight: 400; margin-left: 3px; color: var(--quiet); }
    code, pre { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
    code { background: var(--soft); padding: 1px 5px; border-radius: 4px; overflow-wrap: anywhere; }
    pre { background: var(--soft); padding: 10px 14px; border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; margin: 10px 0 0; }
    figure { margin: 14px 0 4px; }
    svg { display: block; width: 100%; height: auto; font-family: inherit; }
    svg text { fill: var(--ink); font-size: 13px; }
    svg .small { font-size: 11.5px; fill: var(--quiet); }
    svg .strong { font-weight: 700; fill: var(--ink); }
    svg .name { font-size: 15px; font-weight: 700; }
    svg .alert { fill: var(--accent); font-weight: 700; }
    svg .on-bar { fill: #fff; font-weight: 600; font-size: 12px; }
    .grid { stroke: var(--line); stroke-width: 1; }
    .flow { fill: none; stroke: var(--quiet); stroke-width: 1.8; }
    .flow.way { stroke-dasharray: 4 3; }
    .arrow { fill: var(--quiet); }
    .basin { fill: var(--soft); stroke: var(--quiet); stroke-width: 1.2; }
    .level { fill: var(--performance); }
    .station { fill: var(--soft); stroke: var(--quiet); stroke-width: 1.2; }
    .station.bottleneck { stroke: var(--accent); stroke-width: 3; }
    .s-working { fill: var(--working); background: var(--working); } .s-setup { fill: var(--setup); background: var(--setup); }
    .s-maintenance { fill: var(--maintenance); background: var(--maintenance); } .s-failed { fill: var(--failed); background: var(--failed); }
    .s-microstopped { fill: var(--microstopped); background: var(--microstopped); } .s-waiting { fill: var(--waiting); background: var(--waiting); }
    .s-starved { fill: var(--starved); background: var(--starved); } .s-blocked { fill: var(--blocked); background: var(--blocked); }
    .s-closed { fill: var(--closed); background: var(--closed); }
    .g-availability { fill: var(--availability); background: var(--availability); } .g-performance { fill: var(--performance); background: var(--performance); }
    .g-quality { fill: var(--quality); background: var(--quality); }
    .total, .sole { fill: var(--steel); } .total.good { fill: var(--good); } .shifting { fill: var(--performance); opacity: .7; }
    .link { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 2 2; }
    .range { fill: var(--performance); opacity: .28; }
    .trace { fill: none; stroke: var(--steel); stroke-width: 2; stroke-linejoin: round; }
    .trace.thin { stroke-width: 1; opacity: .55; } .strong-trace { stroke-width: 2.6; }
    .warm { fill: var(--microstopped); opacity: .13; }
    .mark { stroke: var(--microstopped); stroke-width: 1.5; stroke-dasharray: 5 4; }
    .whisker { stroke: var(--quiet); stroke-width: 1.5; } .mean { stroke: var(--sheet); stroke-width: 2; }
    .zero { stroke: var(--ink); stroke-width: 1.4; }
    .interval { stroke-width: 2; stroke: var(--quiet); } .point { fill: var(--sheet); stroke: var(--quiet); stroke-width: 2; }
    .interval.better { stroke: var(--good); } .point.better { fill: var(--good); stroke: var(--good); }
    .interval.worse { stroke: var(--failed); } .point.worse { fill: var(--failed); stroke: var(--failed); }
    .legend { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13px; color: var(--quiet); margin: 10px 0 0; }
    .legend i { display: inline-block; width: 13px; height: 13px; border-radius: 3px; margin-right: 6px; vertical-align: -2px; }
    .scroll { overflow-x: auto; margin-top: 12px; }
    table { border-collapse: collapse; width: 100%; font-size: 13px; }
    th, td { padding: 6px 7px; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
    thead th { color: var(--quiet); font-weight: 600; font-size: 12.5px; border-bottom: 2px solid var(--line); }
    .num { text-align: right; }
    td.num { white-space: nowrap; }
    ul { padding-left: 20px; margin: 8px 0; }
    li { margin: 3px 0; }
    @media print { @page { margin: 14mm; } body { background: #fff; font-size: 11.5px; } main { padding: 0; max-width: none; }
      header, section { border: 0; padding: 0 0 8px; break-inside: avoid; } .lead { font-size: 14px; } .says, .legend { font-size: 10.5px; }
      table { font-size: 9.5px; } thead th { font-size: 9px; } th, td { padding: 3px 4px; } .scroll { overflow: visible; } .cards { grid-template-columns: repeat(6, 1fr); gap: 6px; }
      .card-value { font-size: 17px; } h1 { font-size: 24px; } h2 { font-size: 15px; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
    @media (max-width: 640px) { header, section { padding: 16px; } figure { overflow-x: auto; } figure svg { min-width: 640px; } }
    """
}
