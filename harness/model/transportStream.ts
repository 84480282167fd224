// Defines the parts every transport stream is made of (ISO/IEC 13818-1, 2.4.3).

/** Length of a packet. */
export const PACKET_BYTES = 188;
/** First byte of each. */
export const SYNC_BYTE = 0x47;
