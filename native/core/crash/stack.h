/* What the registers and the stack of a thread that faulted say. Private to crash/. */
#ifndef CRASH_STACK_H
#define CRASH_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

struct registers {
    /** 0 where this machine's are not known. */
    uintptr_t pc, sp;
    /** The caller's place, where calls leave it in a register; else 0. */
    uintptr_t link;
};

struct registers registers_of(const ucontext_t *context);

/** A place in code, and how far the stack reached when it was left. */
struct frame {
    uintptr_t place;
    uintptr_t stack;
};

/** Whether this thread may read there. */
bool memory_readable(uintptr_t address);

/** How far stack_find_caller looks: at the word that a call has just left, or at all the stack. */
enum search { LATEST_CALL, ALL_CALLS };

/**
 * The first word on the stack that looks as if a call in a plugin's library had left it there. Words
 * stay on stacks, so this is a suspicion. False: there is none.
 */
bool stack_find_caller(const struct registers *registers, enum search search, struct frame *found);

/**
 * Walks up the stack of this thread, from where it has this pc on (0: from here). May fault, or read
 * for ever, where the stack is damaged; what it has found until then stays.
 */
void stack_walk(uintptr_t pc);

/** What stack_walk has found, innermost first. */
const struct frame *stack_frames(size_t *count);

#endif
