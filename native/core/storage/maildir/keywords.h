/*
 * `dovecot-keywords`: which keyword each of the letters a to z stands for in this mailbox's file names.
 */
#ifndef MAILDIR_KEYWORDS_H
#define MAILDIR_KEYWORDS_H

#include "lib.h"

struct mailbox;
struct maildir_keywords;

struct maildir_keywords *maildir_keywords_alloc(struct mailbox *box);
void maildir_keywords_free(struct maildir_keywords **keywords);

/** Reads the file if it has changed, and gives the index its names. 1: it has; 0; -1 with the error. */
int maildir_keywords_refresh(struct maildir_keywords *keywords);

/** From letters of a file name to bits of the index, and back for those that have a letter. */
uint64_t maildir_keywords_to_index(struct maildir_keywords *keywords, uint32_t letters);
uint32_t maildir_keywords_to_letters(struct maildir_keywords *keywords, uint64_t index_bits);

/**
 * Gives letters to the keywords (bits of the index) that have none, and writes the file. 0, or -1: all
 * letters are taken (MAIL_ERROR_LIMIT), or another error.
 */
int maildir_keywords_create(struct maildir_keywords *keywords, uint64_t index_bits);
/** Sets the error for one keyword too many. Always -1. */
int maildir_keywords_too_many(struct mailbox *box, const char *name);
/** Whether there is a letter left. */
bool maildir_keywords_have_room(struct maildir_keywords *keywords);

#endif
