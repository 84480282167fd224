import { expect, it } from 'vitest';
import type { Stage } from '../../../harness/model/scenario.ts';
import { requireFile } from '../../../harness/runtime/requireFile.ts';

const playing = (path: string) =>
  ({ role: 'playout', name: 'playout', source: { kind: 'file', path } }) as Stage;

it.each(['/dev/zero', import.meta.dirname, `${import.meta.filename}.none`])(
  'the programme %s is refused',
  async (path) => {
    await expect(requireFile(playing(path))).rejects.toMatchObject({ target: path });
  },
);

it('a file is taken, and so is a stage that reads none', async () => {
  await requireFile(playing(import.meta.filename));
  await requireFile({ role: 'playout', name: 'playout', source: { kind: 'synthetic' } } as Stage);
});
