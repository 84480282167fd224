// The report's page as a real browser lays it out: nothing hangs over the edge of a phone.

import puppeteer, { type Browser } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BROWSER_FLAGS } from '../../players/browser.ts';
import { findChrome } from '../../players/chrome.ts';
import { renderHtml } from '../../reports/html.ts';
import { NO_ASSETS } from '../../reports/renderer.ts';
import { sampleReport } from '../support/sampleReport.ts';

let browser: Browser;

beforeAll(async () => {
  const executablePath = await findChrome();
  browser = await puppeteer.launch({ executablePath, args: [...BROWSER_FLAGS, '--no-sandbox'] });
});

afterAll(() => browser?.close());

test.each([390, 768, 1280])('at %i pixels the page is no wider than the screen', async (width) => {
  const page = await browser.newPage();
  await page.setViewport({ width, height: 844 });
  await page.setContent(renderHtml(sampleReport(), NO_ASSETS));
  const wide = await page.evaluate('document.documentElement.scrollWidth');
  expect(wide).toBeLessThanOrEqual(width);
  const captions = await page.evaluate(
    '[...document.querySelectorAll("caption")].map((each) => each.getBoundingClientRect().right)',
  );
  expect(Math.max(...(captions as number[]))).toBeLessThanOrEqual(width);
  await page.close();
});
