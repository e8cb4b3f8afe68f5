# Opens a connection to each address given (host:port), says so, and holds them until its input ends. With --fork a
# child of its own, in a session of its own, does it. With --mapped the sockets are of IPv6, as those of java are.
import os, socket, sys
addresses = [a for a in sys.argv[1:] if not a.startswith("--")]
if "--fork" in sys.argv and os.fork() > 0:
    os.wait()
    sys.exit(0)
if "--fork" in sys.argv:
    os.setsid()
held = []
for address in addresses:
    host, port = address.rsplit(":", 1)
    mapped = "--mapped" in sys.argv
    held.append(socket.socket(socket.AF_INET6 if mapped else socket.AF_INET))
    held[-1].connect(("::ffff:" + host if mapped else host, int(port)))
    held[-1].sendall(b"from python")
print("open", flush=True)
sys.stdin.read()
