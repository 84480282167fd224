// Lets `bytes` bytes through, then closes the connection.

import { passThrough } from './passThrough.ts';
import type { ToxicKind } from './stage.ts';

export const limitData: ToxicKind = {
  type: 'limit_data',
  structName: 'LimitDataToxic',
  attributes: { bytes: 'int64' },
  protocols: ['tcp'],
  create(given, { outlet }) {
    let bytesMax = given['bytes'] ?? 0;
    let passedBytes = 0;
    return passThrough(outlet, {
      write: (chunk) => {
        const allowed = Math.max(0, bytesMax - passedBytes);
        const passed = chunk.subarray(0, allowed);
        passedBytes += passed.length;
        const hasRoom = passed.length === 0 || outlet.send(passed);
        if (passedBytes >= bytesMax) outlet.close();
        return hasRoom;
      },
      update: (changed) => {
        bytesMax = changed['bytes'] ?? 0;
      },
    });
  },
};
