import { describe, expect, it } from 'vitest';
import { CleanupStack } from '../../../harness/kernel/cleanup.ts';

describe('clean-up stack', () => {
  it('undoes in reverse order and goes on after a step that fails', async () => {
    const done: string[] = [];
    const stack = new CleanupStack();
    stack.push('first', async () => done.push('first'));
    stack.push('second', () => Promise.reject(new Error('stuck')));
    stack.push('third', async () => done.push('third'));
    const failures = await stack.run();
    expect(done).toEqual(['third', 'first']);
    expect(failures.map(({ what }) => what)).toEqual(['second']);
  });

  it('does not wait for a step beyond its bound', async () => {
    const stack = new CleanupStack();
    stack.push('never', () => new Promise(() => {}), 1);
    const [failure] = await stack.run();
    expect(String(failure?.error)).toContain('clean-up: never');
  });

  it('runs once however often it is asked', async () => {
    let times = 0;
    const stack = new CleanupStack();
    stack.push('count', async () => times++);
    await Promise.all([stack.run(), stack.run()]);
    expect(times).toBe(1);
  });

  it('undoes at once what is registered after it has run', async () => {
    const done: string[] = [];
    const stack = new CleanupStack();
    await stack.run();
    stack.push('late', async () => done.push('late'));
    await stack.settled();
    expect(done).toEqual(['late']);
  });
});
