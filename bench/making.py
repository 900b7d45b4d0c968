"""Makes an installation to be measured: `python -m bench.making SIZE` in VAITIOLO_HOME."""

import sys

from vaitiolo.config import env
from vaitiolo.config.demo.main import make

make(env.home(), seed="bench", scale=sys.argv[1], filling="bench.filling")
