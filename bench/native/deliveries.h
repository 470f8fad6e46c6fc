/* What a delivery costs, and what the same file operations cost alone. */
#ifndef BENCH_DELIVERIES_H
#define BENCH_DELIVERIES_H

/** Nanoseconds of one of each. */
struct delivery_figures {
    double delivery; /**< from the request to the reply, with a user made for it */
    double files;    /**< write, fsync, rename, fsync of the directory, a line of uids, fdatasync */
};

/** Delivers some mails, and makes as many files below `directory`, by turns: disks have moods. */
struct delivery_figures measure_deliveries(const char *location, const char *directory);

#endif
