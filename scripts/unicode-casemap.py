#!/usr/bin/env python3
"""Writes native/core/storage/generated/unicode-casemap.c: what each character is for comparisons.

A character is case-folded (simple), put into titlecase (simple), decomposed (canonically and by
compatibility), and what came out is treated in the same way until nothing changes. Two stages of
tables: a page of 128 characters, then an entry of that page, which is 0 for a character that stays
as it is, or a place in a pool of code points where the length stands first. Hangul syllables are
left to arithmetic.

    python3 scripts/unicode-casemap.py
"""

import pathlib
import sys
import unicodedata

PAGE = 128
HANGUL = range(0xAC00, 0xD7A4)
TARGET = pathlib.Path(__file__).parent.parent / "native/core/storage/generated/unicode-casemap.c"


def single(mapped, char):
    return mapped if len(mapped) == 1 else char


def fold(char):
    folded = char.casefold()
    return folded if len(folded) == 1 else single(char.lower(), char)


def titlecase(char):
    return single(char.title(), char)


def decompose(char):
    if ord(char) in HANGUL:
        return char
    fields = unicodedata.decomposition(char).split()
    if not fields:
        return char
    if fields[0].startswith("<"):
        fields = fields[1:]
    return "".join(chr(int(field, 16)) for field in fields)


def casemap(text):
    while True:
        mapped = "".join(decompose(titlecase(fold(char))) for char in text)
        if mapped == text:
            return text
        text = mapped


def table(name, kind, numbers):
    lines, line = [], "   "
    for number in numbers:
        piece = f" {number:#x}," if number > 9 else f" {number},"
        if len(line) + len(piece) > 98:
            lines.append(line)
            line = "   "
        line += piece
    lines.append(line)
    return f"const {kind} {name}[{len(numbers)}] = {{\n" + "\n".join(lines) + "\n};\n"


def titlecases():
    """Runs of characters with the same distance to their titlecase: (first, last, step, distance)."""
    runs = []
    for code in range(0x80, 0x110000):
        if 0xD800 <= code < 0xE000:
            continue
        distance = ord(titlecase(chr(code))) - code
        if distance == 0:
            continue
        if runs and runs[-1][3] == distance and code - runs[-1][1] in (1, 2):
            first, last, step, _ = runs[-1]
            if first == last or code - last == step:
                runs[-1] = (first, code, code - last, distance)
                continue
        runs.append((code, code, 1, distance))
    return runs


def main():
    pool, places = [0], {}
    pages, page_numbers = [[0] * PAGE], []
    for first in range(0, 0x110000, PAGE):
        page = []
        for code in range(first, first + PAGE):
            if 0xD800 <= code < 0xE000:
                page.append(0)
                continue
            mapped = casemap(chr(code))
            if mapped == chr(code):
                page.append(0)
                continue
            if mapped not in places:
                places[mapped] = len(pool)
                pool.append(len(mapped))
                pool.extend(ord(char) for char in mapped)
            page.append(places[mapped])
        if page not in pages:
            pages.append(page)
        page_numbers.append(pages.index(page))
    if len(pages) > 255 or len(pool) > 65535:
        sys.exit("the tables have become too large for their types")
    runs = titlecases()
    text = f"""/*
 * What each character is for comparisons; see format/unicode-casemap.h. Unicode {unicodedata.unidata_version}.
 * Written by scripts/unicode-casemap.py: change that, not this.
 */
/* clang-format off */
#include "format/unicode-casemap.h"

{table("unicode_casemap_pages", "uint8_t", page_numbers)}
{table("unicode_casemap_entries", "uint16_t", [entry for page in pages for entry in page])}
{table("unicode_casemap_pool", "uint32_t", pool)}
const struct unicode_titlecase_run unicode_titlecase_runs[{len(runs)}] = {{
""" + "".join(f"    {{ {a:#x}, {b:#x}, {step}, {distance} }},\n" for a, b, step, distance in runs) + f"""}};
const unsigned int unicode_titlecase_runs_count = {len(runs)};
"""
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text)


main()
