// Deals viewers over channels by Zipf's law: the channel of rank r has a share in proportion to r to
// the power of minus the exponent. Without an exponent all channels have the same.

/** Gives the share of each of so many channels, the most watched first; they sum to 1. */
export function channelShares(channels: number, zipf = 0): readonly number[] {
  const weights = Array.from({ length: channels }, (_, i) => (i + 1) ** -zipf);
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Divides whole viewers by shares that sum to 1, so that no sum of the first few is off by one. */
export function dealByShares(viewers: number, shares: readonly number[]): readonly number[] {
  let [share, dealt] = [0, 0];
  return shares.map((own, i) => {
    share += own;
    const upTo = i === shares.length - 1 ? viewers : Math.round(share * viewers);
    const part = upTo - dealt;
    dealt = upTo;
    return part;
  });
}
