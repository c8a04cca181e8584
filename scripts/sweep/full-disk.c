/*
 * A disk that fills up, for one process: writes to files under $SWEEP_DISK fail with ENOSPC once $SWEEP_DISK_BYTES are written.
 * Loaded by LD_PRELOAD, so that what fails is the system call itself.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static long written = 0;

/* Whether so many more bytes do not fit. */
static int full(int fd, size_t bytes) {
  const char *folder = getenv("SWEEP_DISK");
  const char *limit = getenv("SWEEP_DISK_BYTES");
  char link[64], path[4096];
  if (folder == NULL || limit == NULL) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  if (strncmp(path, folder, strlen(folder)) != 0) return 0;
  if (__atomic_add_fetch(&written, (long)bytes, __ATOMIC_SEQ_CST) <= atol(limit)) return 0;
  errno = ENOSPC;
  return 1;
}

#define NEXT(name) static __typeof__(name) *next; if (next == NULL) next = dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t bytes) {
  NEXT(write);
  return full(fd, bytes) ? -1 : next(fd, data, bytes);
}

ssize_t pwrite(int fd, const void *data, size_t bytes, off_t at) {
  NEXT(pwrite);
  return full(fd, bytes) ? -1 : next(fd, data, bytes, at);
}

ssize_t pwrite64(int fd, const void *data, size_t bytes, off64_t at) {
  NEXT(pwrite64);
  return full(fd, bytes) ? -1 : next(fd, data, bytes, at);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  NEXT(writev);
  size_t bytes = 0;
  for (int i = 0; i < count; i++) bytes += parts[i].iov_len;
  return full(fd, bytes) ? -1 : next(fd, parts, count);
}

/* SQLite reserves room for its shared index by it. */
int posix_fallocate(int fd, off_t at, off_t bytes) {
  NEXT(posix_fallocate);
  return full(fd, 0) ? ENOSPC : next(fd, at, bytes);
}
