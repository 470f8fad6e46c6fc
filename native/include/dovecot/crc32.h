/*
 * CRC-32 (ISO-HDLC, the one of zip and Ethernet).
 */
#ifndef DOVECOT_CRC32_H
#define DOVECOT_CRC32_H

#include "lib.h"

DOVECOT_API_BEGIN

uint32_t crc32_data(const void *data, size_t size) ATTR_PURE;
uint32_t crc32_str(const char *str) ATTR_PURE;

/** Continue with the result of the functions above for what came before. */
uint32_t crc32_data_more(uint32_t crc, const void *data, size_t size) ATTR_PURE;
uint32_t crc32_str_more(uint32_t crc, const char *str) ATTR_PURE;

DOVECOT_API_END

#endif
