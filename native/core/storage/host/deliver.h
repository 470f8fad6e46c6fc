/*
 * What a delivery needs and the next one uses again. Private to host/.
 */
#ifndef STORAGE_HOST_DELIVER_H
#define STORAGE_HOST_DELIVER_H

/** Gives it back; before the plugins end. */
void deliver_end(void);

#endif
