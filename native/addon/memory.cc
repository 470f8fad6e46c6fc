/*
 * Both are files in memory (memfd), which have no name that somebody else could open, and seals
 * that nobody can take back: shared memory keeps its size, so that no process that has it can make
 * another fault by truncating it; a sealed file keeps its bytes too.
 */
#include "memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <utility>

#include "arguments.h"

#ifndef MFD_EXEC /* Linux 6.3: says that its code may be run, where that is not taken for granted */
#define MFD_EXEC 0x0010U
#endif

namespace vsmtp {

namespace {

/* An open file that is closed unless somebody takes it. */
class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    ~Descriptor()
    {
        if (fd_ >= 0)
            (void)close(fd_);
    }

    int get() const
    {
        return fd_;
    }

    int take()
    {
        return std::exchange(fd_, -1);
    }

  private:
    int fd_;
};

int open_memory(const Napi::CallbackInfo &info, const std::string &name, unsigned int flags)
{
    int fd = memfd_create(name.c_str(), flags | MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0 && errno == EINVAL && (flags & MFD_EXEC) != 0)
        fd = memfd_create(name.c_str(), (flags & ~MFD_EXEC) | MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        throw system_error(info.Env(), errno, "memfd_create", name);
    return fd;
}

void seal(const Napi::CallbackInfo &info, int fd, const std::string &name, int seals)
{
    if (fcntl(fd, F_ADD_SEALS, seals | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
        throw system_error(info.Env(), errno, "fcntl", name);
}

/* Unmapped when nobody has the ArrayBuffer any more. */
Napi::Value mapped(const Napi::CallbackInfo &info, int fd, std::size_t bytes,
                   const std::string &name)
{
    void *memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    if (memory == MAP_FAILED)
        throw system_error(info.Env(), errno, "mmap", name);
    return Napi::ArrayBuffer::New(info.Env(), memory, bytes, [bytes](Napi::BasicEnv, void *place) {
        (void)munmap(place, bytes);
    });
}

Napi::Value shared_memory(const Napi::CallbackInfo &info)
{
    const Napi::Env env = info.Env();
    const std::string name = text_argument(info, 0);
    const auto bytes = static_cast<std::size_t>(integer_argument(info, 1, 1));
    Descriptor file(open_memory(info, name, 0));
    const Napi::Object made = Napi::Object::New(env);

    if (ftruncate(file.get(), static_cast<off_t>(bytes)) < 0)
        throw system_error(env, errno, "ftruncate", name);
    seal(info, file.get(), name, 0);
    made.Set("memory", mapped(info, file.get(), bytes, name));
    made.Set("descriptor", Napi::Number::New(env, file.take()));
    return made;
}

Napi::Value map_memory(const Napi::CallbackInfo &info)
{
    const auto fd = static_cast<int>(integer_argument(info, 0, 0));
    struct stat status;

    if (fstat(fd, &status) < 0)
        throw system_error(info.Env(), errno, "fstat", "");
    return mapped(info, fd, static_cast<std::size_t>(status.st_size), "");
}

void write_all(const Napi::CallbackInfo &info, int fd, const std::string &name,
               const uint8_t *bytes, std::size_t size)
{
    while (size > 0) {
        const ssize_t written = write(fd, bytes, size);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            throw system_error(info.Env(), errno, "write", name);
        bytes += written;
        size -= static_cast<std::size_t>(written);
    }
}

Napi::Value sealed_file(const Napi::CallbackInfo &info)
{
    const Napi::Env env = info.Env();
    const std::string name = text_argument(info, 0);

    if (!info[1].IsTypedArray() ||
        info[1].As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array)
        throw Napi::TypeError::New(env, "sealedFile: the bytes must be a Uint8Array");
    const auto bytes = info[1].As<Napi::Uint8Array>();
    Descriptor file(open_memory(info, name, MFD_EXEC));
    write_all(info, file.get(), name, bytes.Data(), bytes.ByteLength());
    /* who opens it again by its number in /proc may be another user than the one who made it */
    if (fchmod(file.get(), 0555) < 0)
        throw system_error(env, errno, "fchmod", name);
    seal(info, file.get(), name, F_SEAL_WRITE);
    return Napi::Number::New(env, file.take());
}

} // namespace

void add_memory(Napi::Object face)
{
    const Napi::Env env = face.Env();

    face.Set("sharedMemory", Napi::Function::New(env, shared_memory, "sharedMemory"));
    face.Set("mapMemory", Napi::Function::New(env, map_memory, "mapMemory"));
    face.Set("sealedFile", Napi::Function::New(env, sealed_file, "sealedFile"));
}

} // namespace vsmtp
