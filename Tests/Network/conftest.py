"""Nothing here can run without namespaces and TUN devices, except the tests of the tools themselves."""
