"""Opens as many sessions as its argument says, with the environment of libpq; says "here" and holds them until its
input ends."""
import concurrent.futures
import sys

import psycopg

with concurrent.futures.ThreadPoolExecutor(8) as threads:
    held = list(threads.map(lambda _: psycopg.connect("", autocommit=True), range(int(sys.argv[1]))))
print("here", flush=True)
sys.stdin.read()
