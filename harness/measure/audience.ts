// Sums up the results of all viewers but the control: counts, and statistics over them.

import type { Report, ViewerResult } from '../model/report.ts';
import { sumOfLedgers } from './ledger.ts';
import { NO_VIEWERS, summaryOf, thousandth } from './statistics.ts';

export function audienceOf(viewers: readonly ViewerResult[]): Report['audience'] {
  const values = (of: (viewer: ViewerResult) => number | undefined) =>
    viewers.map(of).filter((value) => value !== undefined);
  const blackScreen = values(({ blackScreenMs }) => blackScreenMs);
  const most = values(({ atMost }) => atMost.blackScreenMs);
  const minutes = (all: readonly number[]) =>
    thousandth(all.reduce((sum, ms) => sum + ms, 0) / 60_000);
  return {
    viewers: viewers.length,
    interrupted: viewers.filter((v) => v.interruptions.some(({ glitch }) => !glitch)).length,
    recovered: viewers.filter(({ recovered }) => recovered).length,
    recoveryUnseen: viewers.filter(({ recovery }) => recovery === 'unseen').length,
    blackScreenMs: summaryOf(blackScreen) ?? NO_VIEWERS,
    programmeLossMs: summaryOf(values(({ programmeLossMs }) => programmeLossMs)) ?? NO_VIEWERS,
    timeToRecoverMs: summaryOf(values(({ timeToRecoverMs }) => timeToRecoverMs)),
    amplification: summaryOf(values(({ amplification }) => amplification)),
    latencyMs: summaryOf(values(({ latencyMs }) => latencyMs)),
    viewerMinutesBlack: minutes(blackScreen),
    atMost: {
      blackScreenMs: summaryOf(most) ?? NO_VIEWERS,
      programmeLossMs: summaryOf(values((v) => v.atMost.programmeLossMs)) ?? NO_VIEWERS,
      timeToRecoverMs: summaryOf(values((v) => v.atMost.timeToRecoverMs)),
      amplification: summaryOf(values((v) => v.atMost.amplification)),
      viewerMinutesBlack: minutes(most),
    },
    ledger: sumOfLedgers(viewers.map(({ ledger }) => ledger)),
  };
}
