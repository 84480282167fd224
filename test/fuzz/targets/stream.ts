// Playlists and manifests of anybody's, as `watch` reads them: an address, a line of `expect:`, and the
// text that the address answers. Whatever is taken for a stream makes a plan that can be judged.

import { judgeJournal } from '../../../harness/measure/judgeJournal.ts';
import { HarnessError } from '../../../harness/model/errors.ts';
import { safeUrl } from '../../../harness/model/safeUrl.ts';
import { readStream } from '../../../harness/probe/askStream.ts';
import { planOfStream } from '../../../harness/rehearsal/streamPlan.ts';
import { renderJson } from '../../../reports/json.ts';
import { NO_ASSETS } from '../../../reports/renderer.ts';
import { historyOf, ndjson, stripRecords } from '../../support/strip.ts';
import { Mistake, readAgain, requireFinite, requireSame, type Target } from '../target.ts';
import { mutantsOf } from '../textMutants.ts';

const HLS = `https://example.org/live/index.m3u8?token=x
max(blackScreen) <= 1s
#EXTM3U
#EXT-X-VERSION:6
#EXT-X-STREAM-INF:BANDWIDTH=2000000,CODECS="avc1.64001f,mp4a.40.2",FRAME-RATE=50.000
v1.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=96000,CODECS="mp4a.40.2"
a1.m3u8
`;
const DASH = `http://user:word@[2001:db8::1]:8080/live.mpd
p95(programmeLoss) < 30% of cut
<?xml version="1.0"?>
<MPD type="dynamic"><Period><AdaptationSet>
<Representation id="1" codecs="avc1.64001f" frameRate="30000/1001"/>
</AdaptationSet></Period></MPD>
`;

export const STREAM: Target = {
  name: 'stream',
  share: 3,
  seeds: [HLS, DASH],
  mutants: mutantsOf,
  feed: async (text) => {
    const [url = '', expect = '', ...answer] = text.split('\n');
    const shown = safeUrl(url);
    const said = readStream(answer.join('\n'));
    if (shown === undefined || !said) throw new HarnessError('ARGUMENT_INVALID', 'no stream');
    requireFinite(said);
    const plan = planOfStream({ url, forMs: 60_000, player: 'hls.js', expect: [expect] }, said);
    requireFinite(plan);
    const { password, username } = new URL(url);
    if (password + username !== '' && shown.includes('@')) throw new Mistake(`shows ${shown}`);
    const { run, records } = historyOf({
      viewers: [plan.viewer],
      records: stripRecords('rrppppbbbb', { stepMs: 200, viewer: plan.viewer }),
    });
    const journal = ndjson({ run: { ...run, engine: 'run', plan }, records });
    const judge = () => judgeJournal(journal.split('\n'), 'journal');
    const report = await readAgain('watched', judge);
    requireSame(report, judge(), 'judged again');
    return renderJson(report, NO_ASSETS);
  },
};
