"""Runs one command, or several joined by `|`, and writes what they used in all, as usage.mjs does.

    python timed.py USAGE.json OUTPUT SECONDS COMMAND [ARGUMENT ...] [| COMMAND ...]

The last one's output goes to the file OUTPUT. After SECONDS all are ended, and USAGE says `isLate`. Ends with the first exit
code that is not 0.
"""

import json
import resource
import subprocess
import sys
import time

usage, output, seconds, *words = sys.argv[1:]
commands = [[]]
for word in words:
    if word == "|":
        commands.append([])
    else:
        commands[-1].append(word)

start = time.monotonic()
processes = []
is_late = False
with open(output, "wb") as out:
    for index, command in enumerate(commands):
        is_last = index == len(commands) - 1
        before = processes[-1].stdout if processes else subprocess.DEVNULL
        processes.append(subprocess.Popen(command, stdin=before, stdout=out if is_last else subprocess.PIPE))
        if index > 0:
            before.close()
    try:
        for process in processes:
            process.wait(max(0, start + float(seconds) - time.monotonic()))
    except subprocess.TimeoutExpired:
        is_late = True
        for process in processes:
            process.kill()
    codes = [process.wait() for process in processes]
wall = time.monotonic() - start

used = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = used.ru_utime + used.ru_stime
with open(usage, "w") as file:
    json.dump({"isLate": is_late, "wallMillis": wall * 1000, "cpuMillis": cpu * 1000, "rssKb": used.ru_maxrss}, file)
sys.exit(next((code for code in codes if code != 0), 0))
