// Names of media segments, as the packager writes them into playlists.

/**
 * `<sequence>[-<counter>].ts`, and of CMAF `<sequence>[-<counter>]-t<milliseconds since the epoch>.m4s`.
 * The counter is the newest of the frame clock in it; filler has none.
 */
export const SEGMENT_NAME = /^(\d+)(?:-(\d+))?(?:\.ts|-t\d+\.m4s)$/;

/**
 * `<sequence>.<part>.m4s`, of a segment that is published in parts; both count from 0. A playlist
 * names the next part before it is made, so that there is nothing of the picture in it.
 */
export const PART_NAME = /^(\d+)\.(\d+)\.m4s$/;
