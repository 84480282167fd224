// Every number that decides what a moment on a screen is called, with its reason.

/**
 * A picture may stand this long past the moment its successor was due before it counts as
 * standing still: three frames at 25 fps. Chromium on a busy machine skips one to three frames
 * without anything being wrong with the stream.
 */
export const HICCUP_MS = 120;

/** Unreadable pictures between readable ones, together no longer than two frames: a decoding glitch. */
export const ISOLATED_MS = 80;

/** Mean luma below this and no clock is black: 0.1 of white (docs/sources.md 2.2, S43 and S44). */
export const BLACK_LUMA = 25.5;

/** A heartbeat later than this means that the page may have missed what was on the screen. */
export const LATE_MS_MAX = 200;

/** The page reports four times a second; without a word for this long nobody knows what it showed. */
export const RECORD_GAP_MS = 1000;

/** Two reports of the player: a shorter change of its state says nothing about a standing picture. */
export const PLAYER_STATE_MS = 500;

/** Frames that arrive this soon after a reload still belong to the picture before it. */
export const RELOAD_SETTLE_FRAMES = 2;

/**
 * Interruptions shorter than this are glitches, and silence beside a picture of the programme that is
 * shorter is no loss.
 */
export const GLITCH_MS = 200;

/** The largest error that a calibration may find between the sound and the picture of all viewers. */
export const LIP_SYNC_ERROR_MS_MAX = 20;

/** Browsers paint 60 times a second: a picture in time is shown by so much later than another one. */
export const PAINT_MS = 17;

/** Times of sound are known to a block of the audio context, and a piece that is read at once. */
export const SOUND_GAP_MS = 15;

/** Programme shorter than this between two losses is a flash, not a recovery. */
export const BRIDGE_MS = 1000;

/**
 * The time after a heal in which a fault may still explain a new loss, on top of the viewer's
 * latency: retry delays of hls.js reach 8 s (docs/sources.md 3.1), CloudFront keeps an error 10 s (S49).
 */
export const AFTERMATH_MS = 10_000;

/** Stages report four times a second: a counter that stood still for two reports was lost. */
export const STAGE_LOST_MS = 500;

/** Share of the audience's time that may be unmeasured before the run says nothing. */
export const UNMEASURED_SHARE_MAX = 0.05;

/** Share of the control's time that may be lost before the machine is called unfit. */
export const CONTROL_LOST_SHARE_MAX = 0.02;

/**
 * A fault that began later, or was in force longer or shorter than planned by more than a tenth of its
 * length and more than a second, is another fault than the planned one.
 */
export const FAULT_LENGTH_OFF_SHARE = 0.1;
export const FAULT_LENGTH_OFF_MS = 1000;

/** An action carried out this much later than planned is worth telling. */
export const ACTION_LATE_MS = 100;
