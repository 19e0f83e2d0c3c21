#!/usr/bin/python3
"""The service manager's end of sd_notify: each line that comes, with the time in ms and the sender's pid, to FILE.

usage: notify.py SOCKET FILE
"""
import os
import socket
import struct
import sys
import time

s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
s.bind(sys.argv[1])
out = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
os.write(out, b"listening\n")
while True:
    data, ancillary, _, _ = s.recvmsg(4096, socket.CMSG_SPACE(12))
    pid = struct.unpack("3i", ancillary[0][2])[0]
    for line in data.decode().splitlines():
        os.write(out, f"{time.monotonic_ns() // 1000000} {pid} {line}\n".encode())
