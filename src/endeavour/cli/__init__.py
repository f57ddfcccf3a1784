"""The command line: `endeavour`. Data goes to standard output, talk to standard error."""

from endeavour.cli.main import main as main
