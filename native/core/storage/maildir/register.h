/*
 * Makes the Maildir driver and its two mailbox lists known.
 */
#ifndef MAILDIR_REGISTER_H
#define MAILDIR_REGISTER_H

/** Registers the storage class "maildir". */
void maildir_register(void);
/** Registers the lists "maildir++" and "fs". */
void maildir_list_register(void);

#endif
