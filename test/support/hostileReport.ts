// The sample report with one text put everywhere a scenario, a page or a tool can put text.

import type { Report } from '../../harness/model/report.ts';
import { sampleReport } from './sampleReport.ts';

/** Texts that break renderers that trust them. */
export const HOSTILE: readonly string[] = [
  '</title></style></script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</svg><iframe src="https://example.org/">',
  '<!-- ]]> -->&lt;&amp;',
  '| cell | `code` | <b>bold</b>\n# heading\n[link](https://example.org/)',
  'a\u0000b\u0007c\u001b[2Jd\u001b]0;title\u0007e\u2028f\ud800g',
  '${run} {{run}} %s \\ \\" \\n',
];

export function hostileReport(text: string): Report {
  const sample = sampleReport();
  const named = <T extends object>(each: T, fields: Partial<T>): T => ({ ...each, ...fields });
  return {
    ...sample,
    run: named(sample.run, {
      id: text,
      scenario: text,
      title: text,
      kind: text,
      file: text,
      harness: text,
      // A record that somebody else wrote may say anything where ours says one of a few words.
      engine: text as Report['run']['engine'],
      endedDetail: text,
      clock: text,
      environment: named(sample.run.environment, {
        runtime: text as Report['run']['environment']['runtime'],
        runtimeReason: text,
        toxiproxy: text,
        platform: text,
        tools: { [text]: text },
      }),
    }),
    findings: sample.findings.map((f) => named(f, { rule: text, text, hint: text })),
    expectations: sample.expectations.map((e) => named(e, { text, observed: text, reason: text })),
    faults: sample.faults.map((fault) =>
      named(fault, {
        name: text,
        window: text,
        effect: text,
        links: [text],
        channels: [text],
        proofs: fault.proofs.map((p) => named(p, { link: text, witness: text, observed: text })),
      }),
    ),
    windows: (sample.windows ?? []).map((w) => named(w, { name: text, owner: text })),
    lanes: sample.lanes.map((lane) => ({ ...lane, id: text })),
    viewers: sample.viewers.map((viewer) =>
      named(viewer, {
        id: text,
        channel: text,
        player: text,
        interruptions: viewer.interruptions.map((i) =>
          named(i, { cause: text, lostFirstAt: { stage: text, atMs: 1 } }),
        ),
      }),
    ),
    groups: [{ name: text, audience: sample.audience }],
    screenshots: sample.screenshots.map((s) => named(s, { moment: text, file: text })),
    sources: [{ id: text, text }],
    assumptions: [text],
  };
}
