/*
 * Two ways to find out who called: looking through the words of the stack, which always ends, and
 * unwinding, which is right where the stack is sound and libraries describe their frames.
 */
#include "crash/stack.h"

#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include <unwind.h>

#include "crash/libraries.h"

enum {
    MOST_FRAMES = 96,
    /** Of the stack that is looked through, in pieces that end where pages end. */
    SEARCHED_BYTES = 256 * 1024,
    PIECE_BYTES = 4096,
};

struct registers registers_of(const ucontext_t *context)
{
    struct registers registers = {0, 0, 0};

#if defined(__x86_64__)
    registers.pc = (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
    registers.sp = (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
    registers.pc = (uintptr_t)context->uc_mcontext.pc;
    registers.sp = (uintptr_t)context->uc_mcontext.sp;
    registers.link = (uintptr_t)context->uc_mcontext.regs[30];
#else
    (void)context;
#endif
    return registers;
}

/* ---- Looking through the stack --------------------------------------------------------------- */

/* Bytes that could be read; the kernel says where memory ends instead of raising a signal. */
static size_t read_memory(uintptr_t address, void *bytes, size_t size)
{
    struct iovec to = {bytes, size};
    struct iovec from = {(void *)address, size};
    ssize_t count = process_vm_readv(getpid(), &to, 1, &from, 1, 0);

    return count > 0 ? (size_t)count : 0;
}

bool memory_readable(uintptr_t address)
{
    char byte;

    return read_memory(address, &byte, 1) == 1;
}

/* Whether the instruction before it is a call: function pointers lie on stacks, too. */
static bool is_after_call(const struct library *library, uintptr_t address)
{
#if defined(__x86_64__)
    /* call rel32; call through a register or memory, of which the second byte says that it is one */
    static const size_t sizes[] = {2, 3, 4, 6, 7};
    const uint8_t *code = (const uint8_t *)address;
    size_t room = address - library->code_begin;

    if (room >= 5 && code[-5] == 0xE8)
        return true;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (room >= sizes[i] && code[-(ptrdiff_t)sizes[i]] == 0xFF &&
            (code[1 - (ptrdiff_t)sizes[i]] >> 3 & 7) == 2)
            return true;
    }
    return false;
#elif defined(__aarch64__)
    uint32_t instruction;

    if (address % 4 != 0 || address - library->code_begin < sizeof instruction)
        return false;
    memcpy(&instruction, (const void *)(address - sizeof instruction), sizeof instruction);
    return instruction >> 26 == 0x25 || (instruction & 0xFFFFFC1FU) == 0xD63F0000U;
#else
    (void)library;
    (void)address;
    return true;
#endif
}

static bool left_by_plugin(uintptr_t word)
{
    const struct library *library;

#if defined(__aarch64__)
    /* the upper bits may hold its signature */
    word &= ((uintptr_t)1 << 48) - 1;
#endif
    library = library_with_code_at(word);
    return library != NULL && is_after_call(library, word);
}

bool stack_find_caller(const struct registers *registers, enum search search, struct frame *found)
{
    /* not on the stack of the handler, which is small; one thread at a time gets here */
    static uintptr_t words[PIECE_BYTES / sizeof(uintptr_t)];
    uintptr_t at = registers->sp & ~(uintptr_t)(sizeof(uintptr_t) - 1);
    uintptr_t end = at + (search == LATEST_CALL ? sizeof(uintptr_t) : SEARCHED_BYTES);

    if (left_by_plugin(registers->link)) {
        *found = (struct frame){registers->link - 1, registers->sp};
        return true;
    }
    while (at < end) {
        size_t room = PIECE_BYTES - at % PIECE_BYTES, piece = end - at < room ? end - at : room;
        size_t count = read_memory(at, words, piece) / sizeof *words;

        for (size_t i = 0; i < count; i++) {
            if (left_by_plugin(words[i])) {
                *found = (struct frame){words[i] - 1, at + i * sizeof *words};
                return true;
            }
        }
        /* the first page may be the one that the stack could not grow into */
        if (count == 0 && at - registers->sp >= PIECE_BYTES)
            return false;
        at += piece;
    }
    return false;
}

/* ---- Unwinding ------------------------------------------------------------------------------- */

static struct {
    struct frame frames[MOST_FRAMES];
    size_t count;
    /** Where the frames begin that count; 0: they have begun. */
    uintptr_t from;
} walk;

static _Unwind_Reason_Code take_frame(struct _Unwind_Context *context, void *unused)
{
    int stopped_there = 0;
    uintptr_t place = _Unwind_GetIPInfo(context, &stopped_there);

    (void)unused;
    if (walk.from != 0 && place != walk.from)
        return _URC_NO_REASON;
    walk.from = 0;
    if (place == 0 || walk.count == MOST_FRAMES)
        return _URC_END_OF_STACK;
    /* a return address may be the next function's first byte */
    walk.frames[walk.count].place = stopped_there ? place : place - 1;
    walk.frames[walk.count].stack = _Unwind_GetCFA(context);
    walk.count++;
    return _URC_NO_REASON;
}

void stack_walk(uintptr_t pc)
{
    walk.count = 0;
    walk.from = pc;
    (void)_Unwind_Backtrace(take_frame, NULL);
}

const struct frame *stack_frames(size_t *count)
{
    *count = walk.count;
    return walk.frames;
}
