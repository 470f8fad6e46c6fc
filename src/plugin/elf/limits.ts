/**
 * How much of a file the ELF reader is willing to look at, so that its time and memory are bounded for any input.
 *
 * Real plugins stay below these by orders of magnitude; what goes beyond is refused as too large or damaged.
 */

/** Bytes of a file that may be a plugin. The largest libraries in use (browser engines) have about 200 MiB. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** Program headers. Linkers write about ten. */
export const MAX_PROGRAM_HEADERS = 256;

/** Entries of the dynamic section. Linkers write about thirty, and one for each needed library. */
export const MAX_DYNAMIC_ENTRIES = 4096;

/** Bytes of one symbol, library or version name. Long C++ names have a few thousand. */
export const MAX_NAME_BYTES = 16 * 1024;

/** Dynamic symbols of a file that is listed, not just asked for single names. */
export const MAX_SYMBOLS = 1 << 20;

/** Bytes of all names read from one file; keeps names that overlap in the string table from multiplying. */
export const MAX_NAME_BYTES_IN_ALL = 64 * 1024 * 1024;

/** Relocations of one file. Web browsers have about this many. */
export const MAX_RELOCATIONS = 1 << 20;

/** Bytes of all notes of one file. A plugin's manifest has about a hundred for each function. */
export const MAX_NOTE_BYTES = 4 * 1024 * 1024;

/** Versions that one file needs or defines. libc.so.6 defines about forty. */
export const MAX_VERSIONS = 1 << 12;

/** Libraries that one file needs itself, and directories in which it wants them to be looked for. */
export const MAX_NEEDED = 256;
export const MAX_DIRECTORIES = 128;
