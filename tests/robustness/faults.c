/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Loaded before the C library (LD_PRELOAD): counts the calls that open or change files under one folder, over all
 * processes, and lets one of them fail or kill its process. The state lies in a file that the test maps too.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

struct state {
    long count; /* calls so far */
    long at;    /* the call that goes wrong; 0: none */
    long error; /* its errno; 0: the process is killed */
    char what[32];
    char path[480];
};

static struct state *state;
static char folder[PATH_MAX];
static size_t length;

__attribute__((constructor)) static void start(void) {
    const char *file = getenv("FAULTS_STATE"), *under = getenv("FAULTS_UNDER");
    if (!file || !under) return;
    int (*open_)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
    int descriptor = open_(file, O_RDWR);
    if (descriptor < 0) return;
    void *mapped = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (mapped == MAP_FAILED) return;
    snprintf(folder, sizeof folder, "%s/", under);
    length = strlen(folder);
    state = mapped;
}

static int fails(const char *what, const char *path) {
    if (!state || strncmp(path, folder, length)) return 0;
    long number = __atomic_add_fetch(&state->count, 1, __ATOMIC_SEQ_CST);
    if (number != state->at) return 0;
    /* "Not there" of a file that is there would be a lie that no program can see through. */
    if (state->error == ENOENT && !strcmp(what, "read")) return 0;
    snprintf(state->what, sizeof state->what, "%s", what);
    snprintf(state->path, sizeof state->path, "%s", path + length);
    if (!state->error) kill(getpid(), SIGKILL);
    errno = (int)state->error;
    return 1;
}

static int fails_at(const char *what, int base, const char *path) {
    char whole[2 * PATH_MAX], link[64];
    if (!state) return 0;
    if (path[0] == '/') return fails(what, path);
    if (base == AT_FDCWD) {
        if (!getcwd(whole, PATH_MAX)) return 0;
    } else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", base);
        ssize_t size = readlink(link, whole, PATH_MAX - 1);
        if (size < 0) return 0;
        whole[size] = 0;
    }
    size_t size = strlen(whole);
    snprintf(whole + size, sizeof whole - size, "/%s", path);
    return fails(what, whole);
}

static int fails_on(const char *what, int descriptor) {
    char link[64], path[PATH_MAX];
    if (!state) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return fails(what, path);
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = dlsym(RTLD_NEXT, name)

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list list; va_start(list, flags); mode_t mode = va_arg(list, mode_t); va_end(list); \
        REAL(int, #name, const char *, int, ...); \
        return fails_at(flags & (O_WRONLY | O_RDWR) ? "open" : "read", AT_FDCWD, path) ? -1 : real(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
    int name(int base, const char *path, int flags, ...) { \
        va_list list; va_start(list, flags); mode_t mode = va_arg(list, mode_t); va_end(list); \
        REAL(int, #name, int, const char *, int, ...); \
        return fails_at(flags & (O_WRONLY | O_RDWR) ? "open" : "read", base, path) ? -1 : real(base, path, flags, mode); \
    }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int d, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    return fails_on("write", d) ? -1 : real(d, data, size);
}
ssize_t writev(int d, const struct iovec *data, int count) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    return fails_on("write", d) ? -1 : real(d, data, count);
}
#define PWRITE(name, offset) \
    ssize_t name(int d, const void *data, size_t size, offset at) { \
        REAL(ssize_t, #name, int, const void *, size_t, offset); \
        return fails_on("write", d) ? -1 : real(d, data, size, at); \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define ON_FILE(name, what) \
    int name(int d) { REAL(int, #name, int); return fails_on(what, d) ? -1 : real(d); }
ON_FILE(fsync, "fsync")
ON_FILE(fdatasync, "fsync")

#define SHORTEN(name, type) \
    int name(int d, type size) { REAL(int, #name, int, type); return fails_on("truncate", d) ? -1 : real(d, size); }
SHORTEN(ftruncate, off_t)
SHORTEN(ftruncate64, off64_t)

#define ON_PATH(name) \
    int name(const char *path) { REAL(int, #name, const char *); return fails_at(#name, AT_FDCWD, path) ? -1 : real(path); }
ON_PATH(unlink)
ON_PATH(rmdir)

int unlinkat(int base, const char *path, int flags) {
    REAL(int, "unlinkat", int, const char *, int);
    return fails_at("unlink", base, path) ? -1 : real(base, path, flags);
}
int mkdir(const char *path, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t);
    return fails_at("mkdir", AT_FDCWD, path) ? -1 : real(path, mode);
}
#define TWO(name) \
    int name(const char *from, const char *to) { \
        REAL(int, #name, const char *, const char *); \
        return fails_at(#name, AT_FDCWD, to) ? -1 : real(from, to); \
    }
TWO(rename)
TWO(link)
TWO(symlink)

int linkat(int a, const char *from, int b, const char *to, int flags) {
    REAL(int, "linkat", int, const char *, int, const char *, int);
    return fails_at("link", b, to) ? -1 : real(a, from, b, to, flags);
}
int renameat(int a, const char *from, int b, const char *to) {
    REAL(int, "renameat", int, const char *, int, const char *);
    return fails_at("rename", b, to) ? -1 : real(a, from, b, to);
}
