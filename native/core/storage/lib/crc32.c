/*
 * CRC-32, one byte at a time with a table that the first call computes.
 */
#include "crc32.h"

#define POLYNOMIAL 0xedb88320u

static uint32_t table[256];

static void fill_table(void)
{
    for (uint32_t byte = 0; byte < N_ELEMENTS(table); byte++) {
        uint32_t crc = byte;

        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? crc >> 1 ^ POLYNOMIAL : crc >> 1;
        table[byte] = crc;
    }
}

uint32_t crc32_data_more(uint32_t crc, const void *data, size_t size)
{
    const unsigned char *bytes = data;

    if (table[1] == 0)
        fill_table();
    crc = ~crc;
    for (size_t i = 0; i < size; i++)
        crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 0xff];
    return ~crc;
}

uint32_t crc32_str_more(uint32_t crc, const char *str)
{
    return crc32_data_more(crc, str, strlen(str));
}

uint32_t crc32_data(const void *data, size_t size)
{
    return crc32_data_more(0, data, size);
}

uint32_t crc32_str(const char *str)
{
    return crc32_str_more(0, str);
}
