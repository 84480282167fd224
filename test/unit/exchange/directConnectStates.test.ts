// A snapshot of ports that are gone, or told twice: no redundancy is made up of them.

import { describe, expect, it } from 'vitest';
import { directConnect } from '../../../harness/exchange/directConnect.ts';
import { parseDesign } from '../../../harness/scenario/load.ts';
import { designText } from '../../support/designs.ts';
import { snapshotFiles, snapshotParts, type Parts } from '../../support/directConnect.ts';

const read = (files: ReturnType<typeof snapshotFiles>) =>
  directConnect.read({
    files,
    design: designText('dual-access-bgp'),
    name: 'snapshot',
    options: { country: 'FR' },
  });

function pathsAndRemarks(change: (parts: Parts) => void) {
  const parts = snapshotParts();
  change(parts);
  const { text, remarks } = read(snapshotFiles(parts));
  const { accesses = [] } = parseDesign(text, 'snapshot.yaml');
  return { paths: accesses.flatMap((access) => access.paths), remarks: remarks.join('\n') };
}

const all = pathsAndRemarks(() => undefined).paths;
const connection = (parts: Parts, id: string) =>
  parts.connections.find(({ connectionId }) => connectionId === id) ?? {};
const overPort = (id: string) => all.filter(({ circuits }) => circuits.includes(id)).length;

describe('a connection', () => {
  it.each(['deleted', 'deleting', 'rejected', 'ordering', 'requested', 'pending'])(
    'that is %s carries no path, whatever its interfaces say',
    (connectionState) => {
      const { paths, remarks } = pathsAndRemarks((parts) =>
        Object.assign(connection(parts, 'dxcon-11'), { connectionState }),
      );
      expect(overPort('dxcon-11')).toBeGreaterThan(0);
      expect(paths).toHaveLength(all.length - overPort('dxcon-11'));
      expect(remarks).toContain(`is left out: the state of dxcon-11 is ${connectionState}`);
    },
  );

  it('that is down has paths that carry nothing, and of one that is unknown it is said', () => {
    const withState = (connectionState: string) =>
      pathsAndRemarks((parts) => Object.assign(connection(parts, 'dxcon-11'), { connectionState }))
        .remarks;
    expect(withState('down')).toContain('was down: it is written with a filter');
    expect(withState('unknown')).toContain('is taken as working: AWS did not know its state');
  });

  it.each([
    [{ connectionState: 'DELETED' }, 'expected the state of the connection: one of ordering'],
    [{ bandwidth: '0Gbps' }, 'expected a bandwidth such as 10Gbps'],
    [{ bandwidth: '0.00Mbps' }, 'expected a bandwidth such as 10Gbps'],
  ])('with %j is refused with its place', (changes, said) => {
    const call = () =>
      pathsAndRemarks((parts) => Object.assign(connection(parts, 'dxcon-11'), changes));
    expect(call).toThrow(said);
  });
});

describe('what two exports list', () => {
  it('is one thing', () => {
    const files = snapshotFiles();
    const again = files.map(({ file, text }) => ({ file: `old-${file}`, text }));
    expect(read([...files, ...again]).text).toBe(read(files).text);
  });

  it('is refused where they do not agree', () => {
    const older = snapshotParts();
    Object.assign(connection(older, 'dxcon-11'), { connectionState: 'down' });
    const again = snapshotFiles(older).map(({ file, text }) => ({ file: `old-${file}`, text }));
    expect(() => read([...snapshotFiles(), ...again])).toThrow(
      /old-.*dxcon-11 is listed twice, and not alike: keep the newest/,
    );
  });
});
