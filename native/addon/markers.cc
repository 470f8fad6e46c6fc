/*
 * Between JavaScript and the region of the marker, which stays mapped as long as the process lives:
 * threads that never end write to it.
 */
#include "markers.h"

#include <cerrno>
#include <cstring>
#include <string>

#include <crash/crash.h>
#include <marker.h>

#include "arguments.h"
#include "logs.h"

namespace vsmtp {

namespace {

Napi::Value open_marker(const Napi::CallbackInfo &info)
{
    const int fd = info[0].IsNumber() ? info[0].As<Napi::Number>().Int32Value() : -1;

    if (vsmtp_marker_get() != nullptr)
        throw Napi::Error::New(info.Env(), "openMarker: this process has its marker already");
    vsmtp_marker *marker = vsmtp_marker_open(fd);
    if (marker == nullptr)
        throw Napi::Error::New(info.Env(),
                               std::string("openMarker: the memory cannot be mapped: ") +
                                   std::strerror(errno));
    vsmtp_marker_claim_slot(VSMTP_MARKER_JAVASCRIPT);
    /* no finalizer: it is never unmapped */
    return Napi::ArrayBuffer::New(info.Env(), marker, sizeof *marker);
}

void watch_crashes(const Napi::CallbackInfo &info)
{
    if (vsmtp_marker_get() == nullptr)
        throw Napi::Error::New(info.Env(), "watchCrashes: there is no marker to leave records in");
    if (!vsmtp_crash_watch(flush_logs))
        throw Napi::Error::New(info.Env(),
                               std::string("watchCrashes: no handlers: ") + std::strerror(errno));
}

std::string text_of(const Napi::Object &library, const char *key)
{
    const Napi::Value value = library.Get(key);

    if (!value.IsString())
        throw Napi::TypeError::New(library.Env(), std::string("noteLibrary: no ") + key);
    return value.As<Napi::String>();
}

void note_library(const Napi::CallbackInfo &info)
{
    if (!info[0].IsObject())
        throw Napi::TypeError::New(info.Env(), "noteLibrary: no library");
    const auto library = info[0].As<Napi::Object>();
    const std::string path = text_of(library, "path");

    /* when there are too many, only the marker says whose the last ones are */
    if (!vsmtp_crash_note_library(path.c_str(), text_of(library, "plugin").c_str(),
                                  text_of(library, "file").c_str(),
                                  text_of(library, "buildId").c_str()) &&
        errno == ENOENT)
        throw Napi::Error::New(info.Env(), "noteLibrary: " + path + " is not loaded");
}

} // namespace

void add_markers(Napi::Object face)
{
    const Napi::Env env = face.Env();

    face.Set("openMarker", Napi::Function::New(env, open_marker, "openMarker"));
    face.Set("watchCrashes", Napi::Function::New(env, watch_crashes, "watchCrashes"));
    face.Set("noteLibrary", Napi::Function::New(env, note_library, "noteLibrary"));
}

} // namespace vsmtp
