/*
 * What we forward. The room prefers VP8: every browser decodes it, and its layers can be left out.
 * H264 is passed through as it comes (OBS and other tools send it); RED (RFC 2198) is a wrapping of
 * Opus and no codec of its own.
 */
#ifndef MEDIA_CODEC_H
#define MEDIA_CODEC_H

enum codec { CODEC_OPUS, CODEC_VP8, CODEC_H264, CODEC_COUNT };

#endif
