/*
 * gzip (RFC 1952) as streams: bytes that are written come out compressed at the parent, bytes that
 * are read come from a compressed parent.
 */
#ifndef COMPRESS_GZIP_H
#define COMPRESS_GZIP_H

#include "istream.h"
#include "lib.h"
#include "ostream.h"

/** Takes references of the parent. An end before the end of the compressed data is EIO. */
struct istream *gzip_istream_create(struct istream *parent);

/** `level` 1 to 9. What it holds back is written when it is finished. */
struct ostream *gzip_ostream_create(struct ostream *parent, int level);

#endif
