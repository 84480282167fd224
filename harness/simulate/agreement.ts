// Says how far virtual players agree with real ones (docs/simulate.md).

/** Nothing has been compared yet. */
export const agreementOf = (players: Readonly<Record<string, string>>): string => {
  const named = Object.entries(players).map(([name, version]) => `${name} ${version}`);
  return `How far these durations agree with real players is not known: ${named.join(', ')} was not compared.`;
};
