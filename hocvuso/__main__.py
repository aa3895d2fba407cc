"""`python -m hocvuso …`: the `hocvuso` command."""

from hocvuso.ops.command import main

main()
