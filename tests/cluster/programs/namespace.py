"""namespace.py [--hosts FILE] [--redirect PORT] CIDR... -- ARGV...

Gives the network namespace that it is started in its loopback and its addresses, and becomes ARGV. With --redirect, outgoing TCP goes to
a port on loopback, by the same rule that captures workloads; with --hosts, FILE stands for /etc/hosts in the mount namespace.
"""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "packages", "platform", "launcher"))

import netlink  # noqa: E402

options, argv = sys.argv[1 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
netlink.loopback_up()
while options:
    word = options.pop(0)
    if word == "--redirect":
        netlink.redirect_outgoing_tcp(int(options.pop(0)))
    elif word == "--hosts":
        subprocess.run(["mount", "--bind", options.pop(0), "/etc/hosts"], check=True)
    else:
        netlink.add_local_route(word)
os.execvp(argv[0], argv)
