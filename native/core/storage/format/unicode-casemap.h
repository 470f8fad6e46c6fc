/*
 * The tables behind uni_utf8_to_decomposed_titlecase() and uni_ucs4_to_titlecase(). Their content
 * is generated; how to read them is here.
 */
#ifndef STORAGE_FORMAT_UNICODE_CASEMAP_H
#define STORAGE_FORMAT_UNICODE_CASEMAP_H

#include <stdint.h>

#define UNICODE_CASEMAP_PAGE 128

/** The page of each UNICODE_CASEMAP_PAGE characters. */
extern const uint8_t unicode_casemap_pages[];
/** For each character of a page: 0, it stays; else its place in the pool. */
extern const uint16_t unicode_casemap_entries[];
/** At a place: how many characters follow, then they. */
extern const uint32_t unicode_casemap_pool[];

/** Every `step`th character from first to last lies `distance` from its titlecase. */
struct unicode_titlecase_run {
    uint32_t first, last, step;
    int32_t distance;
};
/** Sorted; ASCII is not in it. */
extern const struct unicode_titlecase_run unicode_titlecase_runs[];
extern const unsigned int unicode_titlecase_runs_count;

#endif
