// The order of datagrams in a set-top box with a repair server, in virtual time.

import { describe, expect, it } from 'vitest';
import { createOrder, type OrderOptions } from '../../../../players/box/order.ts';

function box(options: Partial<OrderOptions> = {}) {
  const went: number[] = [];
  const asked: (readonly number[])[] = [];
  const order = createOrder({
    waitMs: 150,
    behindBurst: false,
    startedAtMs: 0,
    onPayload: ([number]) => went.push(number!),
    onMissing: (numbers) => asked.push(numbers),
    ...options,
  });
  const packet = (number: number, source = 1) => ({
    number,
    source,
    payload: Uint8Array.of(number & 255),
  });
  return {
    order,
    went,
    asked,
    comes: (atMs: number, ...numbers: number[]) =>
      numbers.forEach((number) => order.take(packet(number), atMs)),
    isSent: (atMs: number, ...numbers: number[]) =>
      numbers.forEach((number) => order.takeAsked(packet(number), atMs)),
    comesFrom: (source: number, number: number, atMs: number) =>
      order.take(packet(number, source), atMs),
  };
}

describe('datagrams of a group', () => {
  it('go on at once while none is missing', () => {
    const { comes, went, asked } = box();
    comes(0, 5, 6, 7);
    expect(went).toEqual([5, 6, 7]);
    expect(asked).toEqual([]);
  });

  it('wait behind a hole until it is repaired', () => {
    const { comes, isSent, went, asked, order } = box();
    comes(0, 5, 8, 9);
    expect(went).toEqual([5]);
    expect(asked).toEqual([[6, 7]]);
    isSent(40, 7, 6);
    expect(went).toEqual([5, 6, 7, 8, 9]);
    expect(order.counts).toEqual({ repaired: 2, lost: 0 });
  });

  it('are asked for again, and go on without what does not come', () => {
    const { comes, isSent, went, asked, order } = box();
    comes(0, 5, 7);
    order.tick(40);
    expect(asked).toEqual([[6]]);
    order.tick(60);
    expect(asked).toEqual([[6], [6]]);
    order.tick(150);
    expect(went).toEqual([5, 7]);
    isSent(160, 6);
    expect(went).toEqual([5, 7]);
    expect(order.counts).toEqual({ repaired: 0, lost: 1 });
  });

  it('give up the older of two holes and keep the newer', () => {
    const { comes, isSent, went, order } = box();
    comes(0, 1, 3);
    comes(100, 5);
    order.tick(150);
    expect(went).toEqual([1, 3]);
    isSent(200, 4);
    expect(went).toEqual([1, 3, 4, 5]);
    expect(order.counts).toEqual({ repaired: 1, lost: 1 });
  });

  it('come late without having been lost, and twice without going on twice', () => {
    const { comes, went, order } = box();
    comes(0, 5, 7, 6, 6, 7, 8);
    expect(went).toEqual([5, 6, 7, 8]);
    expect(order.counts).toEqual({ repaired: 0, lost: 0 });
  });

  it('go on over the end of the numbers', () => {
    const { comes, isSent, went } = box();
    comes(0, 65_534, 0, 1);
    isSent(10, 65_535);
    expect(went).toEqual([254, 255, 0, 1]);
  });

  it('begin anew where another sender numbers them', () => {
    const { comes, comesFrom, went, order } = box();
    comes(0, 5, 7);
    comesFrom(2, 40, 10);
    comesFrom(2, 41, 10);
    order.tick(500);
    expect(went).toEqual([5, 40, 41]);
    expect(order.counts.lost).toBe(0);
  });
});

describe('a burst', () => {
  it('goes before the group, and is neither repair nor loss', () => {
    const { comes, isSent, went, asked, order } = box({ behindBurst: true });
    comes(10, 50, 51);
    expect(went).toEqual([]);
    isSent(30, 47, 48);
    order.tick(100);
    isSent(110, 49, 50);
    comes(120, 52);
    expect(went).toEqual([47, 48, 49, 50, 51, 52]);
    expect(asked).toEqual([]);
    expect(order.counts).toEqual({ repaired: 0, lost: 0 });
  });

  it('may come before the first of the group', () => {
    const { comes, isSent, went } = box({ behindBurst: true });
    isSent(5, 47, 48, 49);
    comes(20, 50);
    expect(went).toEqual([47, 48, 49, 50]);
  });

  it('that does not come is not waited for', () => {
    const { comes, went, order } = box({ behindBurst: true });
    comes(10, 50, 51);
    order.tick(140);
    expect(went).toEqual([]);
    order.tick(150);
    expect(went).toEqual([50, 51]);
    comes(160, 52);
    expect(went).toEqual([50, 51, 52]);
  });

  it('that ends too early is asked for, and given up in the end', () => {
    const { comes, isSent, went, asked, order } = box({ behindBurst: true });
    comes(10, 50);
    isSent(30, 47);
    order.tick(600);
    expect(asked).toEqual([[48, 49]]);
    order.tick(1_100);
    expect(went).toEqual([47, 50]);
    expect(order.counts).toEqual({ repaired: 0, lost: 0 });
  });
});
