// The document of the wall. It is a string, so that an installed package needs no file beside the
// compiled ones. Nothing lies over a picture: overlays, rounded corners and animations would make
// the browser compose every frame again.

/** Beside the document. */
export const SCRIPT = 'wall.js';

/** Width and height of the page around the pictures; wallSize() counts with them. */
export const WALL_STYLE = {
  marginPx: 24,
  gapPx: 14,
  headerPx: 76,
  captionPx: 34,
  ruleEdgePx: 3,
} as const;

export const wallDocument = (): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Écran noir</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<header><h1 id="title">Écran noir</h1><p id="count"></p><time id="clock"></time></header>
<main id="wall"></main>
<script src="${SCRIPT}"></script>
</body>
</html>
`;

const STYLE = `
:root { color-scheme: dark; --ink: #e8ebf1; --faint: #8a93a6; --page: #0c0f16; --tile: #151a24; --edge: #232a38 }
* { box-sizing: border-box }
body { margin: 0; padding: 0 ${WALL_STYLE.marginPx}px; background: var(--page); color: var(--ink);
  font: 14px/1.3 Inter, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif; overflow: hidden }
header { height: ${WALL_STYLE.headerPx}px; display: flex; align-items: center; gap: 18px; white-space: nowrap }
h1 { margin: 0; font-size: 20px; font-weight: 600; flex: 1; overflow: hidden; text-overflow: ellipsis }
header p { margin: 0; color: var(--faint) }
time { font-size: 20px; font-variant-numeric: tabular-nums; color: var(--ink) }
main { display: grid; gap: ${WALL_STYLE.gapPx}px; justify-content: start }
figure { margin: 0; background: var(--tile); border: 1px solid var(--edge);
  border-top: ${WALL_STYLE.ruleEdgePx}px solid var(--class, #5b6577); width: min-content }
.screen { background: #000; width: var(--picture-width); height: var(--picture-height) }
video { display: block; width: 100%; height: 100%; background: #000 }
figcaption { width: var(--picture-width); height: ${WALL_STYLE.captionPx}px; padding: 0 10px; overflow: hidden; display: flex; align-items: center; gap: 8px; white-space: nowrap }
#page-clock { position: fixed; left: 0; top: 0 }
.pacer { position: fixed; right: 0; bottom: 0; width: 2px; height: 2px }
.name { font-weight: 600; overflow: hidden; text-overflow: ellipsis }
.channel { color: var(--faint); flex: 1; overflow: hidden; text-overflow: ellipsis }
.alert { color: #ff6b57; font-weight: 600; overflow: hidden; text-overflow: ellipsis }
.status { flex-shrink: 0; color: var(--class, #5b6577); font-weight: 600; font-size: 12px; letter-spacing: .06em; text-transform: uppercase }
.control .name::after { content: "control"; margin-left: 8px; padding: 1px 6px; border: 1px solid var(--edge); color: var(--faint); font-size: 11px; font-weight: 400 }
`;
